"""The treasurer's books: what each purpose has, what is missing, and what waits for a second person."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from donations.access import proposals_within_reach, treasury_of
from donations.models import LedgerAccount, Proposal
from donations.selectors.ledger import balances
from donations.selectors.proposals import decided, to_transfer, waiting
from donations.selectors.purposes import money_of
from donations.views.proposal_words import about, next_step, title_of
from programs.models import Fund


@dataclass(frozen=True)
class Shown:
    """A proposal in words; who proposed it takes it back, another releases it."""

    proposal: Proposal
    title: str
    about: str
    next_step: str
    is_own: bool


def _shown(proposals: list[Proposal], user: User) -> list[Shown]:
    return [
        Shown(each, title_of(each), about(each), next_step(each), each.proposed_by_id == user.pk)
        for each in proposals
    ]


@login_required
@require_safe
def coordination_books(request: HttpRequest) -> HttpResponse:
    """Purposes, accounts and proposals of the providers one looks after."""
    user = request.user
    assert isinstance(user, User)
    providers = treasury_of(user)
    proposals = proposals_within_reach(user)
    context = {
        "providers": list(providers),
        "purposes": money_of(Fund.objects.filter(provider__in=providers).select_related("provider")),
        "balances": balances(LedgerAccount.objects.filter(provider__in=providers)),
        "waiting": _shown(waiting(proposals), user),
        "to_transfer": _shown(list(to_transfer(proposals)), user),
        "decided": _shown(decided(proposals), user),
    }
    return render(request, "donations/coordination/books.html", context)
