"""Placements at a provider: confirm, turn down, end, note who came."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.list_views import ListAct, list_file, list_page
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from foundation.lists.showing import Asked, asked_of
from foundation.returns import back_or
from programs.access import (
    actor_of,
    coordinator_required,
    providers_of,
    sees_whole_city,
)
from volunteers.access import access_assignment, access_placement, is_officer_of
from volunteers.forms.coordination import AttendanceForm, StopForm
from volunteers.forms.groups import HeadsForm
from volunteers.forms.lists import placement_list
from volunteers.models import Assignment, Placement
from volunteers.selectors.coordination import coming_assignments, past_assignments, placements_of
from volunteers.selectors.placements import given_minutes, moves_of
from volunteers.services.heads import HeadsOutcome, change_heads
from volunteers.services.hours import NotBegun, record_attendance
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import ProviderNotVerified, confirm_placement

ACTS: tuple[ListAct, ...] = (
    (gettext_lazy("Ausgewählte bestätigen …"), "coordination_placements_confirm"),
    (gettext_lazy("Ausgewählten schreiben …"), "coordination_placements_message"),
    (gettext_lazy("Ausgewählte beenden …"), "coordination_placements_stop"),
)
REMIND: ListAct = (gettext_lazy("Träger der Ausgewählten erinnern …"), "coordination_placements_remind")
NO_CHANGE = {
    HeadsOutcome.TOO_FEW_PLACES: gettext_lazy(
        "Für so viele Menschen sind nicht an jedem Termin Plätze frei. Es bleibt, wie es war."
    ),
    HeadsOutcome.OVER: gettext_lazy("Hier kommt keine Gruppe (mehr)."),
}
NOT_VERIFIED = gettext_lazy(
    "Das Jugendamt hat die Prüfung dieses Trägers zurückgenommen. So lange kann niemand neu dazukommen."
)


@coordinator_required
@require_safe
def placements(request: HttpRequest) -> HttpResponse:
    """List the placements at own tasks, those to decide first."""
    asked = _asked(request)
    page = asked.page(request.GET.get("page"))
    running = any(placement.holds_place for placement in page)
    return list_page(
        request,
        "volunteers/coordination_placements.html",
        asked,
        file="coordination_placements_file",
        page=page,
        acts=[*ACTS, *([REMIND] if sees_whole_city(request.user) else [])] if running else [],
    )


@coordinator_required
@require_safe
def placements_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked(request: HttpRequest) -> Asked[Placement]:
    return asked_of(placement_list(), placements_of(providers_of(request.user)), request.GET)


@coordinator_required
@require_safe
def placement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one placement with what can be decided about it."""
    return _page(request, access_placement(request.user, pk), StopForm(), utc_now())


@coordinator_required
@require_POST
def placement_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to somebody who wants to help."""
    found = access_placement(request.user, pk)
    try:
        if confirm_placement(found, actor=actor_of(request.user), now=utc_now()):
            messages.success(request, _("Danke! Die Person ist benachrichtigt."))
        else:
            messages.warning(request, _("Darüber ist schon entschieden."))
    except ProviderNotVerified:
        messages.warning(request, NOT_VERIFIED)
    return back_or(request, see_other("coordination_placement", pk))


@coordinator_required
@require_POST
def placement_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn somebody down or end a placement."""
    now = utc_now()
    found = access_placement(request.user, pk)
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, now, status=422)
    reason = form.cleaned_data["reason"]
    if stop_placement(found, reason=reason, actor=actor_of(request.user), now=now):
        messages.success(request, _("Der Platz ist wieder frei, die Person ist benachrichtigt."))
    else:
        messages.warning(request, _("Dieser Einsatz ist schon vorbei."))
    return see_other("coordination_placement", pk)


@coordinator_required
@require_POST
def placement_heads(request: HttpRequest, pk: int) -> HttpResponse:
    """Note with how many a group comes, as it told."""
    found, form = access_placement(request.user, pk), HeadsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, str(form.errors["heads"][0]))
        return see_other("coordination_placement", pk)
    actor, heads = actor_of(request.user), form.cleaned_data["heads"]
    outcome = change_heads(found, heads, actor=actor, now=utc_now())
    if outcome in NO_CHANGE:
        messages.warning(request, NO_CHANGE[outcome])
    else:
        messages.success(request, _("Notiert: So viele kommen."))
    return see_other("coordination_placement", pk)


@coordinator_required
@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Note whether somebody came to one date."""
    assignment = access_assignment(request.user, pk)
    form = AttendanceForm(request.POST)
    if "heads" in form.errors:
        messages.warning(request, str(form.errors["heads"][0]))
        return _back_to(assignment)
    if not form.is_valid():
        if assignment.placement is None:
            return _back_to(assignment)
        return _page(request, assignment.placement, StopForm(), utc_now(), status=422)
    outcome, heads = form.cleaned_data["outcome"], form.cleaned_data["heads"]
    actor, now = actor_of(request.user), utc_now()
    try:
        noted = record_attendance(assignment, outcome=outcome, actor=actor, now=now, heads=heads)
    except NotBegun:
        messages.warning(request, _("Dieser Termin hat noch nicht begonnen."))
    else:
        if noted:
            messages.success(request, _("Die Teilnahme ist notiert."))
        else:
            messages.warning(request, _("Das ist schon notiert, oder jemand anderes hatte den Platz."))
    return _back_to(assignment)


def _back_to(assignment: Assignment) -> HttpResponse:
    """Who stood in has no page of a placement; they are shown on that of the task."""
    if assignment.placement_id is None:
        return see_other("coordination_opportunity", assignment.shift.opportunity_id)
    return see_other("coordination_placement", assignment.placement_id)


def _page(
    request: HttpRequest, placement: Placement, form: StopForm, now: datetime, status: int = 200
) -> HttpResponse:
    context = {
        "placement": placement,
        "opportunity": placement.opportunity,
        "volunteer": placement.volunteer,
        "form": form,
        "past": past_assignments(placement, now),
        "coming": coming_assignments(placement, now),
        "minutes": given_minutes(placement),
        "moves": moves_of(placement),
        "is_officer": placement.awaits_clearance and is_officer_of(request.user, placement),
        "notes_consent": placement.holds_place
        and not placement.volunteer.is_of_age(local_day(utc_now()))
        and is_officer_of(request.user, placement),
    }
    return render(request, "volunteers/coordination_placement.html", context, status=status)
