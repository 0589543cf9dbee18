"""The coordinators' home, and help beside need, district by district."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from figures.selectors.today import added_on
from foundation.clock import local_day, utc_now
from foundation.history import note_reads
from programs.access import actor_of, sees_whole_city
from programs.models import Opportunity
from wirbrauchensie.dashboard.filters import TASK, FigureFilter
from wirbrauchensie.dashboard.night_watch import watched
from wirbrauchensie.dashboard.presentation import Links, added_text, page_context
from wirbrauchensie.dashboard.scope import scope_of
from wirbrauchensie.dashboard.selectors import ABOUT_TASKS, staff_report, task_report
from wirbrauchensie.dashboard.tasks import most_missing, task_called
from wirbrauchensie.today.kinds import Reader, reader_of
from wirbrauchensie.today.lists import (
    KIND,
    STANDS_IN,
    Shown,
    page_of,
    place_of,
    rows_of,
    soonest,
    waiting_with_rows,
)
from wirbrauchensie.today.registry import kind_called
from wirbrauchensie.today.undoing import just_done


@login_required
@require_safe
def coordination(request: HttpRequest) -> HttpResponse:
    """What needs the reader today, soonest due first; with `art`, all of one kind; `offen` opens a row."""
    now, place = utc_now(), place_of(request.path, request.GET)
    reader = reader_of(request.user, local_day(now), stands_in=STANDS_IN in request.GET)
    kind = kind_called(request.GET.get(KIND, ""), reader)
    if kind is not None:
        page = page_of(reader, kind, request.GET.get("page"), now)
        rows = rows_of(reader, kind, page, now, place)
        _note_readings(reader, rows, now)
        context = {"kind": kind, "page": page, "rows": rows, "done": just_done(reader, now)}
        context["here"] = place.address
        return render(request, "dashboard/today_kind.html", context)
    waiting = waiting_with_rows(reader, now)
    rows = soonest(reader, waiting, now, place)
    _note_readings(reader, rows, now)
    more = sum(each.count for each in waiting) - len(rows)
    context = {"waiting": waiting, "rows": rows, "more": more, "done": just_done(reader, now)}
    context |= {"rests": reader.rests, "here": place.address}
    return render(request, "dashboard/coordination.html", context)


def _note_readings(reader: Reader, rows: Sequence[Shown], now: datetime) -> None:
    """Write down about whom full names were shown, as on the pages of their own."""
    for role in sorted({role for each in rows if (role := each.kind.on_record)}):
        seen = [each.row.about for each in rows if each.kind.on_record == role]
        note_reads(seen, actor=actor_of(reader.user, role), now=now, route="coordination")


@login_required
@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """Help beside need, by district, within the reader's providers."""
    scope = scope_of(request.user)
    form = FigureFilter(request.GET, scope)
    choice, today = form.choice, local_day(utc_now())
    task = task_called(request.GET.get(TASK, ""), choice, today)
    if task is not None:
        form.keep_task(task)
        context = page_context(task_report(task, choice.period), ABOUT_TASKS, task_links(task))
    else:
        context = page_context(staff_report(choice), form.map_measure, coordination_links())
        added = added_on(today, provider_id=choice.provider_id, field=choice.field)
        context |= {"added": added_text(added), "tasks": most_missing(choice, today)}
    context |= {"form": form, "scope": scope, "task": task}
    return render(request, "dashboard/districts.html", context)


def task_links(task: Opportunity) -> Links:
    here = reverse("coordination_opportunity", args=[task.pk])
    return Links(lambda _district: here, {"needs": here, "placed": reverse("coordination_placements")})


def coordination_links() -> Links:
    tasks = f"{reverse('coordination_opportunities')}?status={Opportunity.Status.PUBLISHED.value}"
    return Links(
        lambda district: f"{tasks}&{urlencode({'q': district.name})}",
        {
            "needs": tasks,
            "pledged": reverse("coordination_pledges"),
            "placed": reverse("coordination_placements"),
            "gifts": reverse("funds"),
        },
    )


@login_required
@require_safe
def night_watch(request: HttpRequest) -> HttpResponse:
    """When each scheduled job last succeeded, and which is late."""
    if not sees_whole_city(request.user):
        raise PermissionDenied
    return render(request, "dashboard/night_watch.html", {"jobs": watched(utc_now())})
