"""The way of a gift as its giver sees it: promised, here, booked, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from donations.models import Donation, Method, Proposal

_CAME_TO_NOTHING = frozenset({Donation.Status.LAPSED, Donation.Status.REFUNDED, Donation.Status.LOST})


@dataclass(frozen=True)
class Step:
    """One station; `state` is done, current or open."""

    title: str
    state: str
    date: datetime | None = None
    text: str = ""


def way_of(donation: Donation) -> list[Step]:
    """Return the stations of a gift; none of one that came to nothing or went back."""
    if donation.status in _CAME_TO_NOTHING:
        return []
    booked = donation.ledger_transactions.filter(kind="gift").order_by("-recorded_at").first()
    is_here = donation.received_at is not None
    used_at = _used_at(donation) if is_here else None
    return [
        Step(_("Zugesagt"), "done", donation.pledged_at),
        Step(_("Da"), "done" if is_here else "current", donation.received_at),
        Step(
            _("Gebucht"),
            "done" if booked else "open",
            booked.recorded_at if booked else None,
            _belongs(donation) if booked else "",
        ),
        Step(
            _("Was daraus wird"),
            "done" if used_at else "current" if booked else "open",
            used_at,
            _("Aus diesem Spendenzweck ist seitdem Geld verwendet worden.") if used_at else "",
        ),
    ]


def _belongs(donation: Donation) -> str:
    """Whose it is in full, and who bears what an online payment costs."""
    whole = _("Sie gehört ganz dem Spendenzweck %(name)s.") % {"name": donation.fund.name}
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
