"""A giver takes back that they may be named in public."""

from datetime import datetime

from django.db import transaction

from citizens.models import Mailbox
from donations.models import Donation
from foundation.actors import citizen
from foundation.history import note_transitions


def name_no_more(mailbox: Mailbox, now: datetime) -> int:
    """Let no list name the owner of the mailbox for any of their gifts; returns for how many it did."""
    with transaction.atomic():
        named = Donation.objects.select_for_update(of=("self",)).filter(
            donor__mailbox=mailbox, hide_name_public=False
        )
        gifts = list(named.order_by("pk"))
        Donation.objects.filter(pk__in=[gift.pk for gift in gifts]).update(hide_name_public=True)
        note_transitions(
            gifts, from_status="named", to_status="not_named", reason="", actor=citizen("donor"), now=now
        )
    return len(gifts)
