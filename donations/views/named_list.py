"""Who may be named in public, for those who thank in public."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.list_views import list_file, list_page
from donations.access import gifts_within_reach, treasury_of
from donations.forms.named_list import named_list
from donations.models import Donation
from donations.selectors.named import named_givers
from donations.views.treasury import signed_in
from foundation.clock import utc_now
from foundation.lists.showing import Asked, asked_of
from programs.access import Role, actor_of


def _asked(request: HttpRequest) -> Asked[Donation]:
    return asked_of(named_list(), named_givers(gifts_within_reach(signed_in(request))), request.GET)


@login_required
@require_safe
def coordination_named(request: HttpRequest) -> HttpResponse:
    """List the givers who agreed to be named, as of now: it can be taken back at any time."""
    treasury_of(signed_in(request))
    template = "donations/coordination/named.html"
    return list_page(request, template, _asked(request), file="coordination_named_file")


@login_required
@require_safe
def coordination_named_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list of names as a table."""
    user = signed_in(request)
    treasury_of(user)
    return list_file(request, _asked(request), kind, actor=actor_of(user, Role.TREASURER), now=utc_now())
