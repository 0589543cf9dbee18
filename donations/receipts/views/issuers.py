"""The treasurer says who issues receipts; a second person confirms, and templates are compared."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.receipts.access import access_body, access_proposal, bodies_of
from donations.receipts.forms.issuer import IssuerForm
from donations.receipts.gateways.template_files import Template, templates_of
from donations.receipts.models import Issuer, RegisterCheck, TemplateApproval
from donations.receipts.selectors.issuers import (
    approvals_of,
    confirmed_issuers,
    lacks_of,
    proposals,
    register_checks,
)
from donations.receipts.services.issuers import (
    ConfirmRefusal,
    ConfirmRefused,
    approve,
    confirm,
    drop,
    propose,
)
from donations.receipts.services.readiness import unapproved
from donations.receipts.views.issuer_words import facts
from donations.receipts.wording.refusals import LACKS
from donations.receipts.wording.templates import with_gaps_named
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from programs.access import Role, actor_of
from programs.models import Provider


@dataclass(frozen=True)
class Body:
    """How far a body is: what counts, what keeps it from issuing, and what waits for a second person.

    What stands in the register keeps nobody from issuing.
    """

    provider: Provider
    issuer: Issuer | None
    lacks: list[object]
    unapproved: list[Template]
    proposal: Issuer | None
    register_check: RegisterCheck | None

    @property
    def is_ready(self) -> bool:
        return self.issuer is not None and not self.lacks and not self.unapproved


@login_required
@require_safe
def coordination_issuers(request: HttpRequest) -> HttpResponse:
    """The bodies one looks after, and whether each may issue today."""
    providers = list(bodies_of(signed_in(request)))
    day = local_day(utc_now())
    pks = [each.pk for each in providers]
    counting, waiting, checks = confirmed_issuers(pks), proposals(pks), register_checks(pks)
    bodies = []
    for provider in providers:
        issuer = counting.get(provider.pk)
        lacks: list[object] = [LACKS[lack] for lack in lacks_of(issuer, day)] if issuer else []
        texts = unapproved(issuer, day) if issuer else []
        pk = provider.pk
        bodies.append(Body(provider, issuer, lacks, texts, waiting.get(pk), checks.get(pk)))
    return render(request, "receipts/coordination/issuers.html", {"bodies": bodies})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_issuer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what is to be printed about the body; what counts goes on counting until somebody confirms."""
    user, now = signed_in(request), utc_now()
    provider = access_body(user, pk)
    waiting = proposals([pk]).get(pk)
    before = waiting or confirmed_issuers([pk]).get(pk)
    funds = list(provider.funds.order_by("-is_general", "name"))
    answers = (request.POST, request.FILES) if request.method == "POST" else ()
    form = IssuerForm(*answers, funds=funds, today=local_day(now), before=before)
    if form.is_bound and form.is_valid():
        actor = actor_of(user, Role.TREASURER)
        propose(provider, form.details(), proposed_by=user, actor=actor, now=now)
        messages.success(request, _("Gespeichert. Es gilt, sobald eine zweite Person es bestätigt."))
        return see_other("coordination_issuers")
    page = {"form": form, "provider": provider, "waiting": waiting}
    return render(
        request, "receipts/coordination/issuer_edit.html", page, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_issuer_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a proposal and decide, as the second person."""
    user, now = signed_in(request), utc_now()
    proposal = access_proposal(user, pk)
    if request.method != "POST":
        counting = confirmed_issuers([proposal.provider_id]).get(proposal.provider_id)
        told = facts(proposal, counting, list(proposal.provider.funds.order_by("name")))
        context = {"proposal": proposal, "facts": told, "is_own": proposal.proposed_by_id == user.pk}
        return render(request, "receipts/coordination/issuer_confirm.html", context)
    actor = actor_of(user, Role.TREASURER)
    if "drop" in request.POST:
        drop(proposal, actor=actor, now=now)
        messages.success(request, _("Verworfen."))
        return see_other("coordination_issuers")
    try:
        confirm(proposal.pk, confirmed_by=user, actor=actor, now=now)
    except ConfirmRefused as refused:
        messages.warning(request, _why_not(refused))
    else:
        messages.success(request, _("Bestätigt. Ab jetzt gelten diese Angaben."))
    return see_other("coordination_issuers")


def _why_not(refused: ConfirmRefused) -> str:
    if refused.reason is ConfirmRefusal.LACKS_SOMETHING:
        return " ".join(str(LACKS[lack]) for lack in refused.lacks)
    texts = {
        ConfirmRefusal.SAME_PERSON: _("Was Sie selbst eingetragen haben, bestätigt jemand anders."),
        ConfirmRefusal.NO_LONGER_OPEN: _("Darüber wurde schon entschieden."),
        ConfirmRefusal.CODE_TAKEN: _("Dieses Kürzel hat schon ein anderer Aussteller."),
    }
    return texts[refused.reason]


@dataclass(frozen=True)
class Shown:
    """A template and whether the body has approved this very text."""

    template: Template
    approval: TemplateApproval | None

    @property
    def texts(self) -> Any:
        """The texts as they are compared: what is put in by us is named."""
        return with_gaps_named(self.template.texts)


@login_required
@require_safe
def coordination_templates(request: HttpRequest, pk: int) -> HttpResponse:
    """The official texts, to compare them word by word."""
    provider = access_body(signed_in(request), pk)
    issuer = confirmed_issuers([pk]).get(pk)
    approvals = approvals_of(provider)
    texts = templates_of(issuer.kind, local_day(utc_now())) if issuer else []
    shown = [Shown(each, approvals.get(each.digest)) for each in texts]
    context = {"provider": provider, "shown": shown}
    return render(request, "receipts/coordination/templates.html", context)


@login_required
@require_POST
def coordination_template_approve(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """Note that this very text was compared with the official form."""
    user, now = signed_in(request), utc_now()
    provider = access_body(user, pk)
    issuer = confirmed_issuers([pk]).get(pk)
    texts = templates_of(issuer.kind, local_day(now)) if issuer else []
    template = next((each for each in texts if each.digest == digest), None)
    if template is None:
        raise Http404
    approve(provider, template, approved_by=user, actor=actor_of(user, Role.TREASURER), now=now)
    messages.success(request, _("Vermerkt: Diese Vorlage stimmt mit dem amtlichen Muster überein."))
    return see_other("coordination_templates", pk)
