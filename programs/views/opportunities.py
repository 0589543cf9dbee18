"""Zeit schenken: Engagementangebote, to be seen before anybody asks anything."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.clock import local_day, utc_now
from programs.forms.filters import OpportunityFilter
from programs.selectors.opportunities import find_opportunities, next_shifts, shown_opportunity

OPPORTUNITIES_PER_PAGE = 12


def opportunities(request: HttpRequest) -> HttpResponse:
    """List what seeks people now."""
    form = OpportunityFilter.of(request.GET)
    asked = form.cleaned_data
    found = find_opportunities(
        local_day(utc_now()), field=asked["field"], district=asked["district"], weekday=asked["day"]
    )
    page = Paginator(found, OPPORTUNITIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "programs/opportunities.html",
        {"form": form, "page": page, "is_filtered": form.asks_for_something},
    )


def opportunity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one Engagementangebot."""
    now = utc_now()
    found = shown_opportunity(slug, local_day(now))
    if found is None:
        raise Http404
    return render(
        request, "programs/opportunity.html", {"opportunity": found, "shifts": next_shifts(found, now)}
    )
