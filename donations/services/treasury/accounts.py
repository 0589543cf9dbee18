"""Where givers transfer to changes only because two people of the body say so."""

from datetime import datetime

from donations.domain.accounts import Owner
from donations.models import Proposal
from donations.services.books.accounts import accounts_of
from foundation.actors import Actor
from programs.models import Provider


def change_account(proposal: Proposal, _actor: Actor, _now: datetime) -> None:
    """Write the new account on the body; the database notes both values and whose hand it was.

    The one that is replaced stays open in the books: what still comes there is the body's.
    """
    accounts_of(Owner(proposal.provider_id))
    Provider.objects.filter(pk=proposal.provider_id).update(
        iban=proposal.iban, account_holder_name=proposal.account_holder_name
    )
