"""Where givers transfer to changes only because two people of the body say so."""

from datetime import datetime

from donations.models import Proposal
from foundation.actors import Actor
from programs.models import Provider


def change_account(proposal: Proposal, _actor: Actor, _now: datetime) -> None:
    """Write the new account on the body; the database notes both values and whose hand it was."""
    Provider.objects.filter(pk=proposal.provider_id).update(
        iban=proposal.iban, account_holder_name=proposal.account_holder_name
    )
