"""Addresses of programs that are told what happens: made, ended, their log read, told anew."""

from typing import Any

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
from programs.services.webhooks import end_webhook, has_keeper, make_webhook, replay, take_over_webhook
from programs.views import shown_once

PER_PAGE = 50


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_webhooks(request: HttpRequest) -> HttpResponse:
    """List the addresses and name one; its secret is on the page of this one answer only."""
    assert isinstance(request.user, User)
    user, providers = request.user, staffed_by(request.user)

    def make(said: dict[str, Any]) -> str:
        return make_webhook(said["provider"], said["url"], by=user, now=utc_now())[1]

    lasting = Webhook.objects.filter(provider__in=providers, ended_at=None)
    webhooks = [
        {"webhook": webhook, "rests": not has_keeper(webhook)}
        for webhook in lasting.select_related("provider", "created_by")
    ]
    return shown_once.page(
        request, "programs/coordination_webhooks.html", providers, WebhookForm, make, webhooks=webhooks
    )


@staffing_required
@require_safe
def coordination_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one address was told, the latest first."""
    webhook = access_webhook(request.user, pk)
    page = Paginator(webhook.deliveries.all(), PER_PAGE).get_page(request.GET.get("seite"))
    rests = webhook.ended_at is None and not has_keeper(webhook)
    context = {"webhook": webhook, "rests": rests, "page": page}
    return render(request, "programs/coordination_webhook.html", context)


@staffing_required
@require_POST
def coordination_webhook_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing more."""
    assert isinstance(request.user, User)
    has_ended = end_webhook(access_webhook(request.user, pk), by=request.user, now=utc_now())
    return shown_once.ended(
        request, has_ended, _("Diese Adresse bekommt nichts mehr."), "coordination_webhooks"
    )


@staffing_required
@require_POST
def coordination_webhook_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for an address whose maker does no longer."""
    assert isinstance(request.user, User)
    if take_over_webhook(access_webhook(request.user, pk), by=request.user, now=utc_now()):
        messages.success(request, _("Diese Adresse bekommt wieder, was geschieht, auch was gewartet hat."))
    return HttpResponseRedirect(reverse("coordination_webhook", args=[pk]), status=303)


@staffing_required
@require_POST
def coordination_webhook_replay(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Tell one thing anew."""
    webhook = access_webhook(request.user, pk)
    if replay(get_object_or_404(webhook.deliveries, pk=delivery), now=utc_now()):
        messages.success(request, _("Wird noch einmal gesendet."))
    return HttpResponseRedirect(reverse("coordination_webhook", args=[pk]), status=303)
