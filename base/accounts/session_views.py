"""Angemeldete Geräte: where somebody is signed in, and ending it there."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services.sessions import end_session, end_sessions, running_sessions
from accounts.sessions import HANDLE
from foundation.actors import staff
from foundation.clock import utc_now


@login_required
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List the devices on which the reader is signed in, the last used first."""
    assert isinstance(request.user, User)
    context = {"sessions": running_sessions(request.user, utc_now()), "here": request.session.get(HANDLE)}
    return render(request, "account/devices.html", context)


@login_required
@require_POST
@reauthentication_required
def device_end(request: HttpRequest) -> HttpResponse:
    """End the session that is named, or with `others` all but this one; asks who it is once more."""
    assert isinstance(request.user, User)
    user, actor, now = request.user, staff(request.user.pk, ""), utc_now()
    handle = request.POST.get(HANDLE, "")
    if "others" in request.POST:
        ended = end_sessions(user, actor=actor, now=now, but=request.session.get(HANDLE))
        messages.success(request, _others_ended(ended))
    elif handle and end_session(user, handle, actor=actor, now=now):
        messages.success(request, _("Das Gerät ist abgemeldet."))
    else:
        messages.warning(request, _("Dieses Gerät war schon nicht mehr angemeldet."))
    return HttpResponseRedirect(reverse("account_devices"), status=303)


def _others_ended(count: int) -> str:
    if not count:
        return _("Es war kein anderes Gerät angemeldet.")
    return ngettext(
        "Ein anderes Gerät ist abgemeldet.", "%(count)d andere Geräte sind abgemeldet.", count
    ) % {"count": count}
