"""The purposes: all of them, and each on its own page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donations.selectors.funds import funds_that_take_gifts, list_of_funds, methods_for, shown_fund

SHOWN_INSTEAD = 3


@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """All purposes, the general one first."""
    context = {"funds": list_of_funds(), "givers_shown_from": settings.GIVERS_SHOWN_FROM}
    return render(request, "donations/funds.html", context)


@require_safe
def fund(request: HttpRequest, slug: str) -> HttpResponse:
    """One purpose: what for, how far, what else the money may become, and what became of it."""
    shown = shown_fund(slug)
    if shown is None:
        return _gone(request)
    context = {
        "fund": shown,
        "updates": shown.updates.filter(is_shown=True)[:10],
        "givers_shown_from": settings.GIVERS_SHOWN_FROM,
        "accepts": shown.takes_gifts and bool(methods_for(shown, monthly=False)),  # type: ignore[attr-defined]
    }
    return render(request, "donations/fund.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    """404 for one that was taken out of public or was never there, with those that take gifts."""
    others = funds_that_take_gifts()[:SHOWN_INSTEAD]
    return render(request, "donations/fund_gone.html", {"others": others}, status=404)
