"""Who comes when: the plan of a week, to read on a phone and to print."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from programs.access import access_opportunity, coordinator_required, houses_of
from programs.models import Opportunity
from volunteers.forms.coordination import RosterFilter
from volunteers.selectors.roster import WEEK, monday_of, roster_of_week


@coordinator_required
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """Show who comes in one week: to one's own houses, or to the one task that is asked for."""
    form = RosterFilter(request.GET)
    form.full_clean()
    asked = form.cleaned_data
    today = local_day(utc_now())
    monday = monday_of(asked.get("tag") or today)
    task, tasks = None, Opportunity.objects.filter(provider__in=houses_of(request.user))
    if asked.get("angebot"):
        task = access_opportunity(request.user, asked["angebot"])
        tasks = Opportunity.objects.filter(pk=task.pk)
    days, has_more = roster_of_week(tasks, monday, today)
    context = {
        "task": task,
        "days": days,
        "has_more": has_more,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before_url": _address(monday - WEEK, task),
        "after_url": _address(monday + WEEK, task),
    }
    return render(request, "volunteers/coordination_roster.html", context)


def _address(monday: date, task: Opportunity | None) -> str:
    of_task = {"angebot": str(task.pk)} if task else {}
    return reverse("coordination_roster", query={"tag": monday.isoformat(), **of_task})
