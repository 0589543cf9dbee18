"""Questions put for a provider's tasks, and the people they were put to."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.list_views import list_file, list_page
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.lists.showing import Asked, asked_of
from programs.access import actor_of, coordinator_required, providers_of, sees_whole_city
from programs.models import Provider
from volunteers.access import access_coordinated_offer
from volunteers.forms.lists import offer_list, pledge_list
from volunteers.models import Offer, TimePledge
from volunteers.selectors.coordination import offers_of, pledges_of
from volunteers.services.answers import withdraw_offer
from volunteers.services.fit import Standing, standings


@coordinator_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """List the questions put for own tasks."""
    return list_page(
        request,
        "volunteers/coordination_offers.html",
        _asked_offers(request),
        file="coordination_offers_file",
        everybody=sees_whole_city(request.user),
    )


@coordinator_required
@require_safe
def offers_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked_offers(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked_offers(request: HttpRequest) -> Asked[Offer]:
    listing = offer_list(everybody=sees_whole_city(request.user))
    return asked_of(listing, offers_of(providers_of(request.user)), request.GET)


@coordinator_required
@require_POST
def offer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a question nobody has answered yet."""
    offer = access_coordinated_offer(request.user, pk)
    if withdraw_offer(offer, actor=actor_of(request.user), reason="by the provider", now=utc_now()):
        messages.success(request, _("Die Anfrage ist zurückgenommen. Der Platz ist wieder frei."))
    else:
        messages.warning(request, _("Die Anfrage ist schon beantwortet oder verstrichen."))
    return see_other("coordination_offers")


@coordinator_required
@require_safe
def pledges(request: HttpRequest) -> HttpResponse:
    """List who was suggested for own tasks and why; the youth office sees everybody who offers time."""
    asked = _asked_pledges(request)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "volunteers/coordination_pledges.html",
        asked,
        file="coordination_pledges_file",
        page=page,
        rows=_with_standing(page, providers_of(request.user)),
        everybody=sees_whole_city(request.user),
    )


@coordinator_required
@require_safe
def pledges_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked_pledges(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked_pledges(request: HttpRequest) -> Asked[TimePledge]:
    everybody = sees_whole_city(request.user)
    rows = pledges_of(providers_of(request.user), everybody=everybody)
    return asked_of(pledge_list(everybody=everybody), rows, request.GET)


def _with_standing(
    page: Iterable[TimePledge], own: QuerySet[Provider]
) -> list[tuple[TimePledge, Standing | None]]:
    """Return each pledge with how it stands to the task it is for, if that task belongs to `own`."""
    rows = list(page)
    tasks = [row.wanted_opportunity_id for row in rows if row.wanted_opportunity_id]
    shown = (
        set(own.filter(opportunities__in=tasks).values_list("opportunities", flat=True)) if tasks else set()
    )
    found = standings([row for row in rows if row.wanted_opportunity_id in shown], utc_now())
    return [(row, found.get(row.pk)) for row in rows]
