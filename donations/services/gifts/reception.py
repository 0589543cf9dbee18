"""Money has come, gone back or been disputed: the gift's status follows from the rows that say so.

The rows only ever grow (a payment, more refunds, one that failed, a dispute decided), so that the status does
not depend on the order in which they arrived.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from citizens.services.letters import take_back
from donations.domain.acceptance import is_abroad, needs_acceptance, needs_second_look
from donations.domain.gift_status import THANKED_FOR, UNPAID, status_when_paid, way
from donations.domain.states import DONATION_MOVES
from donations.models import Donation, Donor, Payment, Refund
from donations.selectors.acceptance import given_in_year, rule_of, unknown_in_year
from donations.services.gifts import mails
from donations.wording.mails import TRANSFER_DATA, TRANSFER_REMINDER
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.rows import locked_first
from foundation.transitions import move
from foundation.units import Cents

_NAMES = 10  # the space of the advisory locks that let gifts without an address in one after the other


def locked(donation_id: int) -> Donation:
    """Return the gift, locked until the end of the transaction. Lock order: gift, then its purpose.

    It may go to another purpose meanwhile.
    """
    rows = locked_first(Donation.objects.filter(pk=donation_id))
    return rows.select_related("fund__provider", "donor__mailbox").get()


def settle(donation: Donation, payment: Payment, *, actor: Actor, now: datetime) -> None:
    """Move a locked gift, whose money came, to the status that its rows ask for; thank once."""
    was_unpaid = donation.status in UNPAID
    given_back = donation.refunds.filter(status=Refund.Status.SUCCEEDED)
    refunded = Cents(given_back.aggregate(total=Sum("amount_cents"))["total"] or 0)
    disputes = donation.disputes.all()
    lost = Cents(sum(each.lost_cents - each.reversed_cents for each in disputes))
    gone = {"refunded_cents": refunded, "lost_cents": lost}
    changes: dict[str, Any] = dict(gone)
    if was_unpaid:
        changes |= _arrival(donation, payment)
    goal = status_when_paid(
        amount_cents=Cents(payment.amount_cents),
        refunded_cents=refunded,
        lost_cents=lost,
        is_disputed=any(each.outcome == "open" for each in disputes),
    )
    steps = way(donation.status, goal)
    if not steps and (refunded, lost) != (donation.refunded_cents, donation.lost_cents):
        Donation.objects.filter(pk=donation.pk).update(**gone)
    reason = _reason(donation, payment) if was_unpaid else ""
    for step in steps:
        move(donation, DONATION_MOVES, step, actor=actor, now=now, reason=reason, **changes)
        changes, reason = {}, ""
    if was_unpaid and donation.donor.mailbox is not None:
        take_back(donation.donor.mailbox, [TRANSFER_DATA, TRANSFER_REMINDER], donation.pk)
    if steps and goal in THANKED_FOR:
        mails.thank(donation, now)  # once per gift, by its key


def recount(donation: Donation, payment: Payment, *, asks_again: bool = True) -> None:
    """Another part of a locked gift has come, or was taken away: what came is what the gift is about.

    Whether it has to be accepted is asked again, unless somebody has decided it.
    """
    changes = _arrival(donation, payment)
    if donation.acceptance_at is not None or not asks_again:
        del changes["acceptance"]
    Donation.objects.filter(pk=donation.pk).update(**changes)
    donation.refresh_from_db()


def _arrival(donation: Donation, payment: Payment) -> dict[str, Any]:
    """What is fixed when the money comes: the amount is what came, not what was promised."""
    promised = donation.promised_cents or donation.amount_cents
    return {
        "received_at": payment.received_at,
        "debited_on": payment.debited_on,
        "amount_cents": payment.amount_cents,
        "promised_cents": promised if payment.amount_cents != promised else None,
        "acceptance": _acceptance(donation, payment),
    }


def _acceptance(donation: Donation, payment: Payment) -> str:
    """Of two gifts of one giver that come at once the second sees the first: the giver is locked.

    Where no address is known, gifts under one name count together, and one body's come one after the other.
    """
    is_known = donation.donor.mailbox_id is not None
    if not is_known:
        one_by_one(donation.fund.provider_id)
    if _needs_second_look(donation, payment):
        return Donation.Acceptance.AWAITING
    provider = donation.fund.provider
    from_cents = rule_of(provider, local_day(payment.received_at))
    if from_cents is None:
        return Donation.Acceptance.NOT_NEEDED
    Donor.objects.select_for_update(no_key=True).get(pk=donation.donor_id)
    before = given_in_year(donation, provider, local_day(payment.received_at).year)
    asks = needs_acceptance(Cents(before + payment.amount_cents), from_cents=from_cents)
    return Donation.Acceptance.AWAITING if asks else Donation.Acceptance.NOT_NEEDED


def one_by_one(provider_id: int) -> None:
    """Wait until nobody else counts what came to a body under names; others wait until the end of this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NAMES, provider_id])


def _needs_second_look(donation: Donation, payment: Payment) -> bool:
    """Much from somebody whom the body does not know, or from an account abroad (RULES §2.11).

    At once, or in a year under the name that the bank tells.
    """
    paid_by = donation.allocations.filter(undone_at=None)
    lines = list(paid_by.values_list("line__amount_cents", "line__counterparty_country"))
    abroad = any(is_abroad(country) for country in (payment.country, *(said for _cents, said in lines)))
    if not (donation.is_of_nobody_known or donation.no_identity or abroad):
        return False
    in_year = payment.amount_cents + unknown_in_year(donation, local_day(payment.received_at).year)
    whole = Cents(max([in_year, *(cents for cents, _country in lines)]))
    return needs_second_look(whole, above_cents=settings.UNKNOWN_ABOVE_CENTS)


def _reason(donation: Donation, payment: Payment) -> str:
    if payment.amount_cents == donation.amount_cents:
        return ""
    return f"{donation.amount_cents} Cent zugesagt, {payment.amount_cents} Cent eingegangen"
