"""The way of a gift as its giver sees it: promised, here, booked, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from donations.models import Donation, Method, Proposal
from foundation.clock import local_day

_CAME_TO_NOTHING = frozenset({Donation.Status.LAPSED, Donation.Status.REFUNDED, Donation.Status.LOST})


@dataclass(frozen=True)
class Step:
    """One station; `state` is done, current or open. Of what a bank told only the `day` is known."""

    title: str
    state: str
    day: date | None = field(default=None, kw_only=True)
    date: datetime | None = None
    text: str = ""


def way_of(donation: Donation) -> list[Step]:
    """Return the stations of a gift; none of one that came to nothing, went back or is to go back.

    As long as a body has not accepted it, or its payer's bank disputes it, nothing becomes of it.
    """
    if donation.status in _CAME_TO_NOTHING or donation.acceptance == Donation.Acceptance.REFUSED:
        return []
    booked = donation.ledger_transactions.filter(kind="gift").order_by("-recorded_at").first()
    is_bound = donation.status == Donation.Status.DISPUTED
    is_bound = is_bound or donation.acceptance == Donation.Acceptance.AWAITING
    is_free = booked is not None and not is_bound
    used_at = _used_at(donation) if is_free else None
    return [
        Step(_("Zugesagt"), "done", donation.pledged_at),
        _arrival(donation),
        Step(
            _("Gebucht"),
            "done" if booked else "open",
            booked.recorded_at if booked else None,
            _belongs(donation) if is_free else "",
        ),
        Step(
            _("Was daraus wird"),
            "done" if used_at else "current" if is_free else "open",
            used_at,
            _("Aus diesem Spendenzweck ist seitdem Geld verwendet worden.") if used_at else "",
        ),
    ]


def _arrival(donation: Donation) -> Step:
    """When the money came: of a transfer the bank tells no hour."""
    came_at = donation.received_at
    if came_at is None:
        return Step(_("Da"), "current")
    if donation.method == Method.TRANSFER:
        return Step(_("Da"), "done", day=local_day(came_at))
    return Step(_("Da"), "done", came_at)


def _belongs(donation: Donation) -> str:
    """Whose it is, in full unless some went back, and who bears what an online payment costs."""
    if donation.refunded_cents or donation.lost_cents:
        whole = _("Was davon geblieben ist, gehört ganz dem Spendenzweck %(name)s.")
    else:
        whole = _("Sie gehört ganz dem Spendenzweck %(name)s.")
    whole %= {"name": donation.fund.name}
    if donation.method == Method.TRANSFER:
        return whole
    return whole + " " + _("Was der Zahlungsdienst verlangt, trägt der Empfänger.")


def _used_at(donation: Donation) -> datetime | None:
    """When money of its purpose was first released after it came; whose euro it was nobody can say."""
    released = Proposal.objects.filter(
        kind="payout",
        fund=donation.fund_id,
        status=Proposal.Status.RELEASED,
        status_changed_at__gt=donation.received_at,
    )
    return released.order_by("status_changed_at").values_list("status_changed_at", flat=True).first()
