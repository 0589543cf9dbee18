"""The treasurer's books: what each purpose has, what is missing, and what waits for a second person."""

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
from donations.views.proposal_words import Shown, shown_to
from programs.models import Fund


def _shown(proposals: list[Proposal], user: User) -> list[Shown]:
    return [shown_to(user, each) for each in proposals]


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
