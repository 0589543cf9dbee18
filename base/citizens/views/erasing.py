"""Erasing everything: at once from a fresh link, else after a short step by mail."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.access import access_mailbox
from citizens.domain.links import ERASE
from citizens.models import Mailbox
from citizens.services.erasure import erase
from citizens.services.pages import open_page
from citizens.services.parts import NotNow
from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from foundation.links import LinkNotValid


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_page_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the person, after one page that says what that means."""
    now = utc_now()
    opened = open_page(token, now)
    if not opened.is_whole:
        raise LinkNotValid
    needs_step = opened.needs_step(now)
    context = {"token": token, "needs_step": needs_step}
    if request.method != "POST":
        return render(request, "citizens/my_page_erase.html", context)
    if not needs_step:
        return _erase(request, opened.mailbox, context, now)
    what = _("Alles, was bei uns über Sie steht, wird gelöscht. Das lässt sich nicht rückgängig machen.")
    ask_by_mail(opened.mailbox, ERASE, opened.mailbox.pk, page="my_page_erase_step", what=what, now=now)
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_page_erase_step(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what will happen, POST does it."""
    now = utc_now()
    mailbox = access_mailbox(ERASE, token, now)
    if request.method != "POST":
        return render(request, "citizens/my_page_erase.html", {})
    return _erase(request, mailbox, {}, now)


@require_safe
def my_page_erased(request: HttpRequest) -> HttpResponse:
    """Say that nothing is stored any more."""
    return render(request, "citizens/my_page_erased.html")


def _erase(request: HttpRequest, mailbox: Mailbox, context: dict[str, object], now: datetime) -> HttpResponse:
    try:
        erase(mailbox, now)
    except NotNow as problem:
        page = {**context, "problem": str(problem)}
        return render(request, "citizens/my_page_erase.html", page, status=503)
    return see_other("my_page_erased")
