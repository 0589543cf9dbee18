"""One date, one task: staying away from it, coming after all, leaving it, below a link to "Meine Zusagen".

A button that is pressed twice, or on a page from before, says what is true and not that nothing happened.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import (
    access_own_assignment,
    access_own_page,
    access_own_placement,
    access_placement_to_leave,
)
from volunteers.domain.links import LEAVE_PLACEMENT
from volunteers.forms.groups import HeadsForm
from volunteers.services.absences import come_after_all, is_replaced, skip_date
from volunteers.services.dateless import stay
from volunteers.services.heads import HeadsOutcome, change_heads
from volunteers.services.persons import THE_PERSON
from volunteers.services.placement_endings import leave_placement

TOO_LATE = "hinweis=zu_spaet"
SAID = {
    HeadsOutcome.CHANGED: "hinweis=anzahl",
    HeadsOutcome.SAME: "hinweis=gleiche_anzahl",
    HeadsOutcome.TOO_FEW_PLACES: "hinweis=zu_viele",
    HeadsOutcome.OVER: TOO_LATE,
}


@private_page
@require_POST
def date_skip(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Stay away from one date."""
    now = utc_now()
    assignment = access_own_assignment(access_own_page(token, now).mailbox, pk)
    done = skip_date(assignment, now=now)
    assignment.refresh_from_db(fields=["status"])
    return see_other(
        "my_page", token, query="hinweis=kann_nicht" if done or assignment.is_excused else TOO_LATE
    )


@private_page
@require_POST
def date_come(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Come to a date after all."""
    now = utc_now()
    assignment = access_own_assignment(access_own_page(token, now).mailbox, pk)
    done = come_after_all(assignment, now=now)
    assignment.refresh_from_db(fields=["status"])
    if done or assignment.is_expected(now):
        return see_other("my_page", token, query="hinweis=komme_doch")
    return see_other("my_page", token, query="hinweis=vertreten" if is_replaced(assignment) else TOO_LATE)


@private_page
@require_POST
def placement_stay(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Say that one is still there."""
    now = utc_now()
    done = stay(access_own_placement(access_own_page(token, now).mailbox, pk), now=now)
    return see_other("my_page", token, query="hinweis=weiter_dabei" if done else TOO_LATE)


@private_page
@require_POST
def placement_heads(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Come with more or fewer of a group."""
    now = utc_now()
    placement = access_own_placement(access_own_page(token, now).mailbox, pk)
    form = HeadsForm(request.POST)
    if not form.is_valid():
        return see_other("my_page", token, query="hinweis=keine_anzahl")
    outcome = change_heads(placement, form.cleaned_data["heads"], actor=THE_PERSON, now=now)
    return see_other("my_page", token, query=SAID[outcome])


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def placement_leave(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Leave one task; the pledge stays. An older link takes a step by mail."""
    now = utc_now()
    opened = access_own_page(token, now)
    placement = access_own_placement(opened.mailbox, pk, even_if_over=True)
    if not placement.holds_place:
        return see_other("my_page", token, query="hinweis=verlassen")
    if request.method != "POST":
        context = {"placement": placement, "token": token, "needs_step": opened.needs_step(now)}
        return render(request, "volunteers/placement_leave.html", context)
    if not opened.needs_step(now):
        leave_placement(placement, now=now)
        return see_other("my_page", token, query="hinweis=verlassen")
    what = _("Sie hören bei dieser Aufgabe auf: %(title)s.") % {"title": placement.title}
    ask_by_mail(
        opened.mailbox, LEAVE_PLACEMENT, placement.pk, page="placement_leave_step", what=what, now=now
    )
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def placement_leave_step(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed step does: GET shows it, POST ends."""
    now = utc_now()
    placement = access_placement_to_leave(token, now)
    if request.method != "POST":
        return render(request, "volunteers/placement_leave_step.html", {"placement": placement})
    leave_placement(placement, now=now)
    return see_other("placement_leave_step", token)
