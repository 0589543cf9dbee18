"""What is made on a page and told on that page alone: a key, a secret."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from programs.models import Provider

MakeForm = Callable[..., forms.Form]


def page(
    request: HttpRequest,
    template: str,
    providers: QuerySet[Provider],
    form_of: MakeForm,
    make: Callable[[dict[str, Any]], str],
    **context: Any,
) -> HttpResponse:
    """Show the form, or what `make` told of a valid one, once, above an empty form."""
    form, told = form_of(request.POST or None, providers=providers), ""
    if form.is_valid():
        told = make(form.cleaned_data)
        form = form_of(providers=providers)
    status = 422 if request.method == "POST" and not told else 200
    return render(request, template, {"form": form, "told": told, **context}, status=status)


def ended(request: HttpRequest, has_ended: bool, words: str, address: str) -> HttpResponse:
    """Say that it is over, if it was not before, and lead back to the list."""
    if has_ended:
        messages.success(request, words)
    return HttpResponseRedirect(reverse(address), status=303)
