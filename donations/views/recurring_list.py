"""The Dauerspenden of the providers one looks after: running, paused, failing, ended."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.list_views import list_file, list_page
from donations.access import recurring_within_reach, treasury_of
from donations.forms.recurring_list import recurring_list
from donations.models import RecurringDonation
from donations.views.treasury import signed_in
from foundation.clock import utc_now
from foundation.lists.showing import Asked, asked_of
from programs.access import Role, actor_of


def _asked(request: HttpRequest) -> Asked[RecurringDonation]:
    rows = recurring_within_reach(signed_in(request)).select_related("fund", "donor__mailbox")
    return asked_of(recurring_list(), rows.order_by("-created_at", "-pk"), request.GET)


@login_required
@require_safe
def coordination_recurring(request: HttpRequest) -> HttpResponse:
    """List the Dauerspenden; those that run unless others are asked for."""
    treasury_of(signed_in(request))
    template = "donations/coordination/recurring.html"
    return list_page(request, template, _asked(request), file="coordination_recurring_file")


@login_required
@require_safe
def coordination_recurring_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list of Dauerspenden as a table."""
    user = signed_in(request)
    treasury_of(user)
    return list_file(request, _asked(request), kind, actor=actor_of(user, Role.TREASURER), now=utc_now())
