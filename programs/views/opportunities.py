"""Zeit schenken: Engagementangebote, to be seen before anybody asks anything."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from programs.forms.filters import OpportunityFilter
from programs.selectors.opportunities import (
    next_shifts,
    seeking_opportunities,
    shown_opportunity,
)
from programs.selectors.task_cards import SeekingTasks, TaskCard

OPPORTUNITIES_PER_PAGE = 12
SHOWN_INSTEAD = 3


@require_safe
def opportunities(request: HttpRequest) -> HttpResponse:
    """List what seeks people now."""
    form = OpportunityFilter.of(request.GET)
    asked = form.cleaned_data
    found = SeekingTasks(local_day(utc_now()), asked["field"], asked["district"], asked["day"])
    pages: Paginator[TaskCard] = Paginator(found, OPPORTUNITIES_PER_PAGE)  # type: ignore[arg-type]
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "programs/opportunities.html",
        {"form": form, "page": page, "is_filtered": form.asks_for_something},
    )


@require_safe
def opportunity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one Engagementangebot."""
    now = utc_now()
    found = shown_opportunity(slug, local_day(now))
    if found is None:
        return opportunity_gone(request, local_day(now))
    return render(
        request, "programs/opportunity.html", {"opportunity": found, "shifts": next_shifts(found, now)}
    )


def opportunity_gone(request: HttpRequest, today: date) -> HttpResponse:
    """404 for one that is over, closed or was never there, with those that seek people today."""
    others = seeking_opportunities(today)[:SHOWN_INSTEAD]
    return render(request, "programs/opportunity_gone.html", {"others": others}, status=404)
