"""Calling people who wait too long, and noting what came of it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from foundation.returns import back_or
from programs.access import actor_of, coordinator_required, whole_city_required
from volunteers.access import access_own_call, access_own_note, access_running_pledge
from volunteers.forms.contacts import CallForm
from volunteers.models import TimePledge
from volunteers.services.contacts import last_contact_id, record_call, take_back_call, take_back_note


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom to call about which pledge, and keep what came of it."""
    pledge, now = access_running_pledge(request.user, pk), utc_now()
    if request.method != "POST":
        return _page(request, pledge, _call_form(pledge, None, now))
    form = _call_form(pledge, request.POST, now)
    if not form.is_valid():
        return _page(request, pledge, form, status=422)
    assert isinstance(request.user, User)
    if record_call(pledge, form.call(), by=request.user, actor=actor_of(request.user), now=now):
        messages.success(request, _("Der Anruf ist notiert."))
    else:
        messages.warning(
            request, _("Hier hat sich inzwischen etwas geändert. Bitte sehen Sie noch einmal nach.")
        )
    return back_or(request, see_other("coordination"))


@whole_city_required
@require_POST
def call_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a call that one has just noted."""
    assert isinstance(request.user, User)
    if take_back_call(access_own_call(request.user, pk), by=request.user, now=utc_now()):
        messages.success(request, _("Der Anruf ist zurückgenommen."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, see_other("coordination"))


@coordinator_required
@require_POST
def note_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a note that one has just made."""
    assert isinstance(request.user, User)
    if take_back_note(access_own_note(request.user, pk), by=request.user, now=utc_now()):
        messages.success(request, _("Die Notiz ist zurückgenommen."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, see_other("coordination"))


def _call_form(pledge: TimePledge, answers: QueryDict | None, now: datetime) -> CallForm:
    return CallForm(answers, key=pledge.pk, after=last_contact_id(pledge), today=local_day(now))


def _page(request: HttpRequest, pledge: TimePledge, form: CallForm, status: int = 200) -> HttpResponse:
    context = {
        "pledge": pledge,
        "volunteer": pledge.volunteer,
        "form": form,
        "back": request.POST.get("back", ""),
        "contacts": pledge.contacts.select_related("noted_by", "taken_back"),
    }
    return render(request, "volunteers/coordination_call.html", context, status=status)
