"""The treasurer's books: what each purpose has, what is missing, and what waits for a second person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import access_proposal, access_purpose, proposals_within_reach, treasury_of
from donations.forms.proposals import RELEASE, DecisionForm, ProposalForm
from donations.models import LedgerAccount, Proposal
from donations.selectors.ledger import balances
from donations.selectors.proposals import decided, waiting
from donations.selectors.purposes import money_of
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.proposals import SamePerson, decline, propose_cover, propose_payout, release
from foundation.clock import utc_now
from foundation.formats import euro_exact
from foundation.units import Cents
from programs.models import Fund


@dataclass(frozen=True)
class Waiting:
    """A proposal that nobody has decided; who proposed it takes it back, another releases it."""

    proposal: Proposal
    is_own: bool


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_safe
def coordination_books(request: HttpRequest) -> HttpResponse:
    """Purposes, accounts and proposals of the providers one looks after."""
    user = _signed_in(request)
    providers = treasury_of(user)
    proposals = proposals_within_reach(user)
    context = {
        "providers": list(providers),
        "purposes": money_of(Fund.objects.filter(provider__in=providers).select_related("provider")),
        "balances": balances(LedgerAccount.objects.filter(provider__in=providers)),
        "waiting": [Waiting(each, each.proposed_by_id == user.pk) for each in waiting(proposals)],
        "decided": decided(proposals),
    }
    return render(request, "donations/coordination/books.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_payout_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that money leaves a purpose for what it was given for."""
    fund = access_purpose(_signed_in(request), pk)
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    title = _("Auszahlung vorschlagen: %(purpose)s") % {"purpose": fund.name}
    propose = partial(propose_payout, fund)
    return _propose(request, title, money.available_cents, propose)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_cover_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a purpose fills what was paid out of it too much."""
    fund = access_purpose(_signed_in(request), pk)
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    title = _("Fehlbetrag ausgleichen: %(purpose)s") % {"purpose": fund.name}
    at_most = Cents(min(money.available_cents, money.shortfall_cents))
    return _propose(request, title, at_most, partial(propose_cover, fund))


def _propose(
    request: HttpRequest, title: str, at_most: Cents, propose: Callable[..., Proposal]
) -> HttpResponse:
    template, now = "donations/coordination/proposal_new.html", utc_now()
    form = ProposalForm(request.POST if request.method == "POST" else None, at_most=at_most)
    context = {"form": form, "title": title, "at_most": at_most}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    said = form.cleaned_data
    propose(said["amount"], said["reason"], by=_signed_in(request), now=now)
    messages.success(
        request, _("Vorgeschlagen. Eine zweite Person gibt es frei; bis dahin ist nichts gebucht.")
    )
    return see_other("coordination_books")


@login_required
@require_POST
def coordination_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a proposal, or decline it."""
    user = _signed_in(request)
    proposal = access_proposal(user, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Bitte wählen Sie: freigeben oder ablehnen."))
    elif form.cleaned_data["entscheidung"] == RELEASE:
        _release(request, proposal, user, utc_now())
    elif decline(proposal.pk, by=user, now=utc_now()):
        messages.success(request, _("Abgelehnt. Es wurde nichts gebucht."))
    else:
        messages.warning(request, _("Darüber war schon entschieden."))
    return see_other("coordination_books")


def _release(request: HttpRequest, proposal: Proposal, user: User, now: datetime) -> None:
    try:
        done = release(proposal.pk, by=user, now=now)
    except SamePerson:
        messages.warning(request, _("Was Sie selbst vorgeschlagen haben, gibt jemand anders frei."))
    except MoreThanAvailable as refusal:
        left = euro_exact(refusal.cents)
        messages.warning(
            request, _("Es sind nur noch %(left)s verfügbar. Nichts wurde gebucht.") % {"left": left}
        )
    else:
        if done:
            messages.success(request, _("Freigegeben und gebucht."))
        else:
            messages.warning(request, _("Darüber war schon entschieden."))
