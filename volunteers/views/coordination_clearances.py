"""The safeguarding officer's pages: what is to be inspected, and noting that it was seen."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from citizens.domain.addresses import as_sent, is_same_mailbox
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from foundation.history import note_reads
from foundation.returns import BACK, back_or
from programs.access import actor_of, providers_of, role_required
from programs.models import Membership
from volunteers.access import access_placement_to_inspect
from volunteers.domain.clearance_rules import CertificateRefusal
from volunteers.domain.gate import Need
from volunteers.forms.coordination import CertificateForm, RefusalForm
from volunteers.models import Placement
from volunteers.selectors.clearances import certificate_days, certificate_of, clearance_rules
from volunteers.selectors.coordination import placements_to_inspect
from volunteers.selectors.gate import gate_of, missing_by_placement
from volunteers.services.clearance_renewals import correct_clearance, renew_clearance
from volunteers.services.clearances import (
    CertificateRefused,
    record_clearance,
    refuse_clearance,
)
from volunteers.services.measles import note_measles_proof
from volunteers.services.placements import ProviderNotVerified

NOT_VERIFIED = gettext_lazy(
    "Das Jugendamt hat die Prüfung dieses Trägers zurückgenommen. So lange kann niemand neu dazukommen."
)
TOLD = gettext_lazy("Danke. Die Person ist benachrichtigt.")
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
ROWS_PER_PAGE = 20
REFUSALS = {
    CertificateRefusal.IN_FUTURE: gettext_lazy("Dieses Datum liegt in der Zukunft."),
    CertificateRefusal.TOO_OLD: gettext_lazy(
        "Das Zeugnis ist zu alt. Bitte lassen Sie sich ein neueres zeigen."
    ),
    CertificateRefusal.OTHER_CERTIFICATE: gettext_lazy(
        "Dieses Datum gehört zu einem anderen Zeugnis. Bitte tragen Sie es als neu eingesehen ein."
    ),
}


@role_required(OFFICER)
@require_safe
def clearances(request: HttpRequest) -> HttpResponse:
    """List whose certificate is to be inspected, and until when the others' inspections count."""
    found = placements_to_inspect(providers_of(request.user, OFFICER))
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    _note_readings(request, page.object_list)
    seen = certificate_days({placement.opportunity_id for placement in page if placement.is_active})
    missing = missing_by_placement(list(page), local_day(utc_now()))
    rows = [
        (
            placement,
            _counts_until(seen.get((placement.volunteer_id, placement.opportunity_id))),
            [need.label for need in missing[placement.pk]],
        )
        for placement in page
    ]
    return render(request, "volunteers/coordination_clearances.html", {"page": page, "rows": rows})


@role_required(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def clearance(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a certificate was seen and shows nothing relevant."""
    placement = access_placement_to_inspect(request.user, pk)
    _note_readings(request, [placement])
    if request.method != "POST":
        return _page(request, placement, CertificateForm())
    if _is_own(request, placement):
        return _by_somebody_else(request)
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _page(request, placement, form, status=422)
    certificate_on, actor = form.cleaned_data["certificate_on"], actor_of(request.user, OFFICER)
    note, thanks = _act(request, placement)
    try:
        done = note(placement, certificate_on=certificate_on, actor=actor, now=utc_now())
    except CertificateRefused as refused:
        form.add_error("certificate_on", REFUSALS[refused.reason])
        return _page(request, placement, form, status=422)
    except ProviderNotVerified:
        form.add_error(None, NOT_VERIFIED)
        return _page(request, placement, form, status=422)
    return _done(request, done, thanks)


@role_required(OFFICER)
@require_POST
def clearance_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The placement does not come about, whatever the cause."""
    placement = access_placement_to_inspect(request.user, pk)
    form = RefusalForm(request.POST)
    form.full_clean()
    done = refuse_clearance(
        placement,
        actor=actor_of(request.user, OFFICER),
        now=utc_now(),
        ask_no_more=form.cleaned_data["ask_no_more"],
    )
    return _done(request, done, str(TOLD))


@role_required(OFFICER)
@require_POST
def measles(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the head of the site has seen the protection against measles."""
    placement = access_placement_to_inspect(request.user, pk)
    if _is_own(request, placement):
        return _by_somebody_else(request)
    done = note_measles_proof(placement, actor=actor_of(request.user, OFFICER), now=utc_now())
    return _done(request, done, _("Der Masernschutz ist notiert."))


def _is_own(request: HttpRequest, placement: Placement) -> bool:
    """Whether the officer is the person, as far as the address tells."""
    assert isinstance(request.user, User)
    return is_same_mailbox(as_sent(request.user.email), placement.volunteer.email)


def _by_somebody_else(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Das sind Sie selbst: Bitte lassen Sie jemand anderen hineinsehen."))
    return back_or(request, see_other("coordination_clearances"))


def _act(request: HttpRequest, placement: Placement) -> tuple[Callable[..., bool], str]:
    """Return what the officer does with the date they send, and the word for it when it is done."""
    if certificate_of(placement) is None:
        return record_clearance, str(TOLD)
    if "correct" in request.POST:
        return correct_clearance, _("Das Datum ist berichtigt.")
    return renew_clearance, _("Die neue Einsichtnahme ist notiert.")


def _counts_until(certificate_on: date | None) -> date | None:
    """Return the last day on which the inspection of this certificate counts."""
    return certificate_on and clearance_rules().due_on(certificate_on) - timedelta(days=1)


def _note_readings(request: HttpRequest, placements: Iterable[Placement]) -> None:
    assert request.resolver_match is not None
    note_reads(
        placements,
        actor=actor_of(request.user, OFFICER),
        now=utc_now(),
        route=str(request.resolver_match.view_name),
    )


def _done(request: HttpRequest, done: bool, thanks: str) -> HttpResponse:
    if done:
        messages.success(request, thanks)
    else:
        messages.warning(request, _("Hier ist nichts mehr einzusehen."))
    return back_or(request, see_other("coordination_clearances"))


def _page(
    request: HttpRequest, placement: Placement, form: CertificateForm, status: int = 200
) -> HttpResponse:
    certificate_on = certificate_of(placement)
    gate = gate_of(placement)
    missing = gate.missing(local_day(utc_now()))
    context = {
        "placement": placement,
        "opportunity": placement.opportunity,
        "form": form,
        "refusal_form": RefusalForm(),
        "back": request.POST.get(BACK, ""),
        "certificate_on": certificate_on,
        "counts_until_on": _counts_until(certificate_on),
        "needs_certificate": Need.CERTIFICATE in gate.asks,
        "needs_measles": Need.MEASLES in missing,
        "needs_guardian": placement.holds_place and not placement.volunteer.is_of_age(local_day(utc_now())),
        "others_missing": [need.label for need in missing if need not in (Need.CERTIFICATE, Need.MEASLES)],
        "signature_until_on": gate.signature_until and gate.signature_until - timedelta(days=1),
    }
    return render(request, "volunteers/coordination_clearance.html", context, status=status)
