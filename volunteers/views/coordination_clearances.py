"""The safeguarding officer's pages: what is to be inspected, and noting that it was seen."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.history import note_reads
from programs.access import actor_of, providers_of, role_required
from programs.models import Membership
from volunteers.access import access_placement_to_inspect
from volunteers.domain.clearance_rules import CertificateRefusal
from volunteers.forms.coordination import CertificateForm
from volunteers.models import Placement
from volunteers.selectors.coordination import placements_to_inspect
from volunteers.services.clearances import (
    CertificateRefused,
    record_clearance,
    refuse_clearance,
)
from volunteers.services.placements import ProviderNotVerified

NOT_VERIFIED = gettext_lazy(
    "Das Jugendamt hat die Prüfung dieses Trägers zurückgenommen. So lange kann niemand neu dazukommen."
)
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
ROWS_PER_PAGE = 20
REFUSALS = {
    CertificateRefusal.IN_FUTURE: gettext_lazy("Dieses Datum liegt in der Zukunft."),
    CertificateRefusal.TOO_OLD: gettext_lazy(
        "Das Zeugnis ist zu alt. Bitte lassen Sie sich ein neueres zeigen."
    ),
}


@role_required(OFFICER)
@require_safe
def clearances(request: HttpRequest) -> HttpResponse:
    """List whose certificate is to be inspected; says nothing about certificates."""
    found = placements_to_inspect(providers_of(request.user, OFFICER))
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    _note_readings(request, page.object_list)
    return render(request, "volunteers/coordination_clearances.html", {"page": page})


@role_required(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def clearance(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a certificate was seen and shows nothing relevant."""
    placement = access_placement_to_inspect(request.user, pk)
    _note_readings(request, [placement])
    if request.method != "POST":
        return _page(request, placement, CertificateForm())
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _page(request, placement, form, status=422)
    certificate_on, actor = form.cleaned_data["certificate_on"], actor_of(request.user, OFFICER)
    try:
        done = record_clearance(placement, certificate_on=certificate_on, actor=actor, now=utc_now())
    except CertificateRefused as refused:
        form.add_error("certificate_on", REFUSALS[refused.reason])
        return _page(request, placement, form, status=422)
    except ProviderNotVerified:
        form.add_error(None, NOT_VERIFIED)
        return _page(request, placement, form, status=422)
    return _done(request, done)


@role_required(OFFICER)
@require_POST
def clearance_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The placement does not come about, whatever the cause."""
    placement = access_placement_to_inspect(request.user, pk)
    return _done(request, refuse_clearance(placement, actor=actor_of(request.user, OFFICER), now=utc_now()))


def _note_readings(request: HttpRequest, placements: Iterable[Placement]) -> None:
    assert request.resolver_match is not None
    note_reads(
        placements,
        actor=actor_of(request.user, OFFICER),
        now=utc_now(),
        route=str(request.resolver_match.view_name),
    )


def _done(request: HttpRequest, done: bool) -> HttpResponse:
    if done:
        messages.success(request, _("Danke. Die Person ist benachrichtigt."))
    else:
        messages.warning(request, _("Hier ist nichts mehr einzusehen."))
    return see_other("coordination_clearances")


def _page(
    request: HttpRequest, placement: Placement, form: CertificateForm, status: int = 200
) -> HttpResponse:
    context = {"placement": placement, "opportunity": placement.opportunity, "form": form}
    return render(request, "volunteers/coordination_clearance.html", context, status=status)
