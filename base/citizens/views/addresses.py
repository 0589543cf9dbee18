"""Changing the address of a mailbox: asked by its owner, confirmed by both, stopped by the old one."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.access import access_address_to_confirm, access_address_to_stop
from citizens.forms import NewAddressForm
from citizens.models import AddressChange
from citizens.services.address_changes import ask_for_change, keep_old, say_yes
from citizens.services.pages import open_page
from citizens.views.private_pages import private_page, see_other
from foundation.client import client_address
from foundation.clock import utc_now
from foundation.links import LinkExpired, LinkNotValid, LinkUsed

log = structlog.get_logger(__name__)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the new address; the answer is the same whether anybody is known there or not."""
    now = utc_now()
    opened = open_page(token, now)
    if not opened.is_whole:
        raise LinkNotValid
    mailbox = opened.mailbox
    form = NewAddressForm(request.POST if request.method == "POST" else None, mailbox=mailbox)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "mailbox": mailbox}
        return render(request, "citizens/my_address.html", context, status=422 if form.is_bound else 200)
    ask_for_change(mailbox, form.cleaned_data["email"], client=client_address(request), now=now)
    return see_other("my_address_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks the new address, POST notes its yes."""
    now = utc_now()
    try:
        change = access_address_to_confirm(token, now)
    except LinkUsed:
        return _used(request, "citizens/my_address_confirmed.html")
    except LinkExpired:
        return _expired(request, is_new=True)
    if request.method != "POST":
        return render(request, "citizens/my_address_confirm.html", {"change": change})
    return _after_yes(request, say_yes(change, now, new=True))


def _expired(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    """Say what is left to do: no new link can be asked for with an address that has no page."""
    return render(request, "citizens/my_address_expired.html", {"is_new": is_new}, status=410)


def _used(request: HttpRequest, page: str) -> HttpResponse:
    """Say that it is done already, and where to go on."""
    log.info("link_refused", why="used")
    return render(request, page, status=410)


def _after_yes(request: HttpRequest, status: str) -> HttpResponse:
    if status == AddressChange.Status.ASKED:
        return see_other("my_address_waits")
    if status == AddressChange.Status.MOVED:
        return see_other("my_address_moved")
    problem = _(
        "Zu der neuen Adresse gibt es bei uns inzwischen schon eine eigene „Meine Seite“. Zwei Seiten lassen "
        "sich nicht zusammenlegen; es bleibt alles, wie es war."
    )
    return render(request, "citizens/my_address_problem.html", {"problem": problem}, status=409)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_address_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks the old address, POST agrees with `answer=yes`, and stops the change or takes it back else."""
    now = utc_now()
    try:
        change = access_address_to_stop(token, now)
    except LinkUsed:
        return _used(request, "citizens/my_address_stopped.html")
    except LinkExpired:
        return _expired(request, is_new=False)
    if request.method != "POST":
        return render(request, "citizens/my_address_stop.html", {"change": change})
    if request.POST.get("answer") == "yes" and change.status == AddressChange.Status.ASKED:
        return _after_yes(request, say_yes(change, now, new=False))
    if keep_old(change, now):
        return see_other("my_address_kept")
    problem = _(
        "An Ihre bisherige Adresse hat sich inzwischen jemand neu angemeldet. Deshalb geht es nicht von "
        "allein; bitte schreiben Sie uns, wir bringen es in Ordnung."
    )
    return render(request, "citizens/my_address_problem.html", {"problem": problem}, status=409)


@require_safe
def my_address_sent(request: HttpRequest) -> HttpResponse:
    """Say that both addresses have to answer."""
    return render(request, "citizens/my_address_sent.html")


@require_safe
def my_address_waits(request: HttpRequest) -> HttpResponse:
    """Say that one address said yes and the other has to."""
    return render(request, "citizens/my_address_waits.html")


@require_safe
def my_address_moved(request: HttpRequest) -> HttpResponse:
    """Say that the mailbox has moved."""
    return render(request, "citizens/my_address_moved.html")


@require_safe
def my_address_kept(request: HttpRequest) -> HttpResponse:
    """Say that the old address stays."""
    return render(request, "citizens/my_address_kept.html")
