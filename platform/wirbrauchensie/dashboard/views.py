"""The coordinators' home and help beside need, district by district."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def coordination(request: HttpRequest) -> HttpResponse:
    """What needs a coordinator this morning."""
    return render(request, "dashboard/coordination.html")


@login_required
def districts(request: HttpRequest) -> HttpResponse:
    """Help beside need, by district."""
    return render(request, "dashboard/districts.html")
