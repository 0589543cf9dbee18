"""Addresses of programs that are told what happens: made, ended, their log read, told anew."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from foundation.clock import utc_now
from programs.access import access_webhook, staffed_by, staffing_required
from programs.forms.webhook import WebhookForm
from programs.models import Webhook
from programs.services.webhooks import end_webhook, make_webhook, replay

PER_PAGE = 50


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_webhooks(request: HttpRequest) -> HttpResponse:
    """List the addresses and name one; its secret is on the page of this one answer only."""
    assert isinstance(request.user, User)
    providers = staffed_by(request.user)
    form, secret = WebhookForm(request.POST or None, providers=providers), ""
    if form.is_valid():
        said = form.cleaned_data
        _webhook, secret = make_webhook(said["provider"], said["url"], by=request.user, now=utc_now())
        form = WebhookForm(providers=providers)
    webhooks = Webhook.objects.filter(provider__in=providers, ended_at=None).select_related("provider")
    context = {"form": form, "secret": secret, "webhooks": webhooks}
    status = 422 if request.method == "POST" and not secret else 200
    return render(request, "programs/coordination_webhooks.html", context, status=status)


@staffing_required
@require_safe
def coordination_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one address was told, the latest first."""
    webhook = access_webhook(request.user, pk)
    page = Paginator(webhook.deliveries.all(), PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "programs/coordination_webhook.html", {"webhook": webhook, "page": page})


@staffing_required
@require_POST
def coordination_webhook_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing more."""
    assert isinstance(request.user, User)
    if end_webhook(access_webhook(request.user, pk), by=request.user, now=utc_now()):
        messages.success(request, _("Diese Adresse bekommt nichts mehr."))
    return HttpResponseRedirect(reverse("coordination_webhooks"), status=303)


@staffing_required
@require_POST
def coordination_webhook_replay(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Tell one thing anew."""
    webhook = access_webhook(request.user, pk)
    if replay(get_object_or_404(webhook.deliveries, pk=delivery), now=utc_now()):
        messages.success(request, _("Wird noch einmal gesendet."))
    return HttpResponseRedirect(reverse("coordination_webhook", args=[pk]), status=303)
