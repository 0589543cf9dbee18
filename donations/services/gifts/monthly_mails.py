"""The mails about a Dauerspende, each once by its key, in the transaction of its cause."""

from datetime import datetime
from typing import Any

from citizens.services.letters import write
from citizens.services.links import absolute, issue
from donations.domain.failures import Failure, ends_the_mandate, ends_with_its_account
from donations.domain.links import MEND_MONTHLY
from donations.models import Dispute, Donation, Method, RecurringDonation
from donations.wording.failures import sentence_of
from donations.wording.mails import MONTHLY_CARD, MONTHLY_CHANGED, MONTHLY_ENDED, MONTHLY_FAILED
from foundation.clock import local_day
from outbox.domain.catalogue import Mail


def mend_url(recurring: RecurringDonation, now: datetime) -> str:
    """Return the address that mends a Dauerspende: another try, or another way of paying."""
    mailbox = recurring.donor.mailbox
    assert mailbox is not None
    return absolute("monthly_mend", issue(MEND_MONTHLY, mailbox, recurring.pk, now))


def tell_failed(recurring: RecurringDonation, invoice: str, failure: Failure, now: datetime) -> None:
    """Tell why a collection did not come: once for each, and for each try that the giver asked for."""
    key = f"monthly.failed:{invoice}" + (f":{recurring.tries}" if recurring.tries else "")
    is_gone = failure == "closed" and recurring.method == Method.SEPA
    more = {"why": sentence_of(failure), "mend_url": mend_url(recurring, now), "is_account_gone": is_gone}
    _send(MONTHLY_FAILED, key, recurring, now, **more)


def tell_changed(recurring: RecurringDonation, now: datetime) -> None:
    """Tell what is agreed from now on, once per change."""
    _send(MONTHLY_CHANGED, f"monthly.changed:{recurring.pk}:{recurring.version}", recurring, now)


def tell_card_expires(recurring: RecurringDonation, now: datetime) -> None:
    """Tell that a card is about to expire, once per card."""
    key = f"monthly.card:{recurring.pk}:{recurring.card_expires_on}"
    _send(MONTHLY_CARD, key, recurring, now, mend_url=mend_url(recurring, now))


def tell_ended(recurring: RecurringDonation, now: datetime) -> None:
    """Confirm that a Dauerspende has ended, and say what is still under way."""
    disputes = Dispute.objects.filter(donation__recurring=recurring)
    is_revoked = recurring.failure == "not_allowed" or any(ends_the_mandate(each.reason) for each in disputes)
    is_debit = recurring.method == Method.SEPA
    is_gone = is_debit and ends_with_its_account(recurring.failure, recurring.next_on, local_day(now))
    more = {"was_revoked": is_revoked, "is_account_gone": is_gone}
    _send(MONTHLY_ENDED, f"monthly.ended:{recurring.pk}", recurring, now, **more)


def is_under_way(recurring: RecurringDonation) -> bool:
    """Whether a debit was sent to the bank that nobody can stop any more."""
    return Donation.objects.filter(recurring=recurring, status=Donation.Status.PROCESSING).exists()


def _send(mail: Mail, key: str, recurring: RecurringDonation, now: datetime, **more: Any) -> None:
    context = {
        "amount_cents": recurring.amount_cents,
        "per": recurring.get_rhythm_display(),
        "by": recurring.get_method_display(),
        "fund_name": recurring.fund.name,
        "next_on": recurring.next_on,
        "is_paused": recurring.is_paused,
        "resumes_on": recurring.resumes_on,
        "card_expires_on": recurring.card_expires_on,
        "is_under_way": is_under_way(recurring),
        "monthly": True,
        **more,
    }
    assert recurring.donor.mailbox is not None
    write(recurring.donor.mailbox, key=key, mail=mail, context=context, now=now)
