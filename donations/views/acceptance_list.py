"""What the city decided about large gifts, year by year."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.list_views import list_file, list_page
from donations.access import gifts_within_reach, treasury_of
from donations.forms.acceptance_list import acceptance_list
from donations.models import Donation
from donations.selectors.acceptance import large_gifts
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from foundation.lists.showing import Asked, asked_of
from programs.access import Role, actor_of


def _asked(request: HttpRequest) -> Asked[Donation]:
    rows = large_gifts(gifts_within_reach(signed_in(request)))
    return asked_of(acceptance_list(local_day(utc_now())), rows, request.GET)


@login_required
@require_safe
def coordination_acceptances(request: HttpRequest) -> HttpResponse:
    """List the large gifts to the city: who gave what for which purpose, and what was decided."""
    treasury_of(signed_in(request))
    template, this_year = "donations/coordination/acceptances.html", local_day(utc_now()).year
    years = [str(this_year), str(this_year - 1)]
    return list_page(request, template, _asked(request), file="coordination_acceptances_file", years=years)


@login_required
@require_safe
def coordination_acceptances_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list of large gifts as a table."""
    user = signed_in(request)
    treasury_of(user)
    return list_file(request, _asked(request), kind, actor=actor_of(user, Role.TREASURER), now=utc_now())
