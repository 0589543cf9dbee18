"""Questions put for a provider's tasks, and the people they were put to."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from programs.access import actor_of, coordinator_required, providers_of, sees_whole_city
from programs.models import Provider
from volunteers.access import access_coordinated_offer
from volunteers.forms.coordination import OfferFilter
from volunteers.models import TimePledge
from volunteers.selectors.coordination import offers_of, pledges_of
from volunteers.services.answers import withdraw_offer
from volunteers.services.fit import Standing, standings

ROWS_PER_PAGE = 20


@coordinator_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """List the questions put for own tasks."""
    form = OfferFilter.of(request.GET)
    found = offers_of(providers_of(request.user), form.cleaned_data["status"])
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "volunteers/coordination_offers.html",
        {
            "form": form,
            "page": page,
            "is_filtered": form.asks_for_something,
            "everybody": sees_whole_city(request.user),
        },
    )


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
    everybody, own = sees_whole_city(request.user), providers_of(request.user)
    page = Paginator(pledges_of(own, everybody=everybody), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _with_standing(page, own), "everybody": everybody}
    return render(request, "volunteers/coordination_pledges.html", context)


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
