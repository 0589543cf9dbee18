"""Tasks for other programs: what is new and which dates come, narrowed as on the page, and one task."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from foundation.clock import local_day, utc_now
from programs.documents.open_data import dates_as_calendar, task_as_json_ld, tasks_as_rss
from programs.forms.filters import OpportunityFilter
from programs.selectors.city import current_city
from programs.selectors.opportunities import coming_dates, find_opportunities, shown_opportunity

TASKS_TOLD, DATES_TOLD = 50, 200
_fresh = cache_control(public=True, max_age=300)


@require_safe
@_fresh
@conditional_page
def tasks_rss(request: HttpRequest) -> HttpResponse:
    """Tell which tasks look for people, the latest first."""
    tasks = find_opportunities(local_day(utc_now()), **_asked(request))[:TASKS_TOLD]
    text = tasks_as_rss(tasks, here=outside(request.get_full_path()), address=outside)
    return HttpResponse(text, content_type="application/rss+xml; charset=utf-8")


@require_safe
@_fresh
def dates_ics(request: HttpRequest) -> HttpResponse:
    """Tell the coming dates of the tasks that look for people."""
    now = utc_now()
    dates = coming_dates(find_opportunities(local_day(now), **_asked(request)), now)[:DATES_TOLD]
    text = dates_as_calendar(dates, now=now, address=outside)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@require_safe
@_fresh
@conditional_page
def task_json_ld(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell of one task what search engines ask of a posting."""
    task = shown_opportunity(slug, local_day(utc_now()))
    if task is None:
        raise Http404
    text = task_as_json_ld(task, city=current_city(), address=outside)
    return HttpResponse(text, content_type="application/ld+json")


def _asked(request: HttpRequest) -> dict[str, Any]:
    asked = OpportunityFilter.of(request.GET).cleaned_data
    return {"field": asked["field"], "district": asked["district"], "weekday": asked["day"]}


def outside(path: str) -> str:
    """Return the address under which `path` is reached from other websites."""
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{path}"
