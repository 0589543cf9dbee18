"""The lists of people and of dates, and the same as files."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.list_views import ListAct, list_file, list_page
from foundation.clock import utc_now
from foundation.history import note_reads
from foundation.lists.showing import Asked, asked_of
from programs.access import actor_of, coordinator_required, providers_of, sees_whole_city
from programs.models import Shift
from volunteers.forms.people_lists import date_list, fill_of, person_list
from volunteers.models import Volunteer
from volunteers.selectors.people_list import dates_of, people_of

CANCEL: ListAct = (_("Ausgewählte absagen …"), "coordination_dates_cancel")
WRITE: ListAct = (_("Ausgewählten schreiben …"), "coordination_people_message")
NOTE: ListAct = (_("Notiz zu Ausgewählten …"), "coordination_people_note")


@coordinator_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people one may know; that they were looked at is on record."""
    asked = _asked_people(request)
    page = asked.page(request.GET.get("page"))
    note_reads(page.object_list, actor=actor_of(request.user), now=utc_now(), route="coordination_people")
    return list_page(
        request,
        "volunteers/coordination_people.html",
        asked,
        file="coordination_people_file",
        page=page,
        everybody=sees_whole_city(request.user),
        acts=[WRITE, NOTE],
    )


@coordinator_required
@require_safe
def people_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked_people(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked_people(request: HttpRequest) -> Asked[Volunteer]:
    providers = providers_of(request.user)
    rows = people_of(providers, everybody=sees_whole_city(request.user))
    return asked_of(person_list(providers), rows, request.GET)


@coordinator_required
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """List the dates of one's own tasks."""
    asked, now = _asked_dates(request), utc_now()
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "volunteers/coordination_dates.html",
        asked,
        file="coordination_dates_file",
        page=page,
        acts=[CANCEL] if any(shift.starts_at > now and not shift.is_cancelled for shift in page) else [],
        now=now,
        rows=[(shift, fill_of(shift)) for shift in page],
    )


@coordinator_required
@require_safe
def dates_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked_dates(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked_dates(request: HttpRequest) -> Asked[Shift]:
    return asked_of(date_list(), dates_of(providers_of(request.user)), request.GET)
