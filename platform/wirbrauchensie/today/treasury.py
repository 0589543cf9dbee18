"""What a treasurer decides: a colleague's proposals, wishes for receipts, signatures, the tax office."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.access import gifts_within_reach, proposals_within_reach
from donations.models import Donation, Proposal
from donations.receipts.access import receipts_within_reach
from donations.receipts.models import Receipt
from donations.receipts.selectors.gifts import open_wishes
from donations.receipts.selectors.register import to_sign, to_tell
from foundation.clock import local_day
from foundation.formats import euro_exact
from foundation.units import Cents
from wirbrauchensie.today.kinds import Kind, Reader, Row
from wirbrauchensie.today.money import is_treasurer


def _proposals(reader: Reader, now: datetime) -> QuerySet[Proposal]:
    """What one has proposed oneself another person releases."""
    waiting = proposals_within_reach(reader.user).filter(status=Proposal.Status.PROPOSED)
    return waiting.exclude(proposed_by=reader.user).select_related("provider").order_by("proposed_at", "pk")


def _proposal_row(reader: Reader, proposal: Proposal, now: datetime) -> Row:
    amount = "–" if proposal.amount_cents is None else euro_exact(Cents(proposal.amount_cents))
    return Row(
        key=f"vorschlaege-{proposal.pk}",
        who=f"{proposal.get_kind_display()}: {amount}",
        what=proposal.provider.name,
        since=local_day(proposal.proposed_at),
        due_at=proposal.proposed_at,
        url=reverse("coordination_books"),
        action=_("Ansehen und entscheiden"),
    )


PROPOSALS = Kind(
    slug="vorschlaege",
    title=gettext_lazy("Vorschläge freigeben"),
    text=gettext_lazy("Auszahlungen, Erstattungen und Berichtigungen gibt eine zweite Person frei."),
    icon="check-circle",
    is_for=is_treasurer,
    waiting=_proposals,
    row=_proposal_row,
)


def _wishes(reader: Reader, now: datetime) -> QuerySet[Donation]:
    return open_wishes().filter(pk__in=gifts_within_reach(reader.user)).select_related("fund")


def _wish_row(reader: Reader, gift: Donation, now: datetime) -> Row:
    return Row(
        key=f"wuensche-{gift.pk}",
        who=euro_exact(Cents(gift.amount_cents)),
        what=_("für %(purpose)s") % {"purpose": gift.fund.name},
        since=local_day(gift.pledged_at),
        due_at=gift.pledged_at,
        url=reverse("coordination_wish", args=[gift.pk]),
        action=_("Bestätigung ausstellen oder absagen"),
    )


WISHES = Kind(
    slug="wuensche",
    title=gettext_lazy("Zuwendungsbestätigungen ausstellen"),
    text=gettext_lazy("Diese Spender*innen wünschen eine Bestätigung und haben noch keine Antwort."),
    icon="heart",
    is_for=is_treasurer,
    waiting=_wishes,
    row=_wish_row,
)


def _to_sign(reader: Reader, now: datetime) -> QuerySet[Receipt]:
    return to_sign(receipts_within_reach(reader.user))


def _to_tell(reader: Reader, now: datetime) -> QuerySet[Receipt]:
    return to_tell(receipts_within_reach(reader.user))


def _receipt_row(slug: str, receipt: Receipt, action: str) -> Row:
    return Row(
        key=f"{slug}-{receipt.pk}",
        who=receipt.number,
        what=euro_exact(Cents(receipt.total_cents)),
        since=local_day(receipt.status_changed_at),
        due_at=receipt.status_changed_at,
        url=reverse("coordination_receipts") if receipt.restricted_at else _page(receipt),
        action=action,
    )


def _page(receipt: Receipt) -> str:
    return reverse("coordination_receipt", args=[receipt.pk])


TO_SIGN = Kind(
    slug="unterschriften",
    title=gettext_lazy("Bestätigungen unterschreiben"),
    text=gettext_lazy("Diese Bestätigungen gelten erst mit Ihrer Unterschrift."),
    icon="edit",
    is_for=is_treasurer,
    waiting=_to_sign,
    row=lambda reader, receipt, now: _receipt_row("unterschriften", receipt, _("Zur Bestätigung")),
)
TO_TELL = Kind(
    slug="finanzamt",
    title=gettext_lazy("Rücknahmen dem Finanzamt melden"),
    text=gettext_lazy("Diese Bestätigungen sind zurückgenommen, und das Finanzamt weiß es noch nicht."),
    icon="bank",
    is_for=is_treasurer,
    waiting=_to_tell,
    row=lambda reader, receipt, now: _receipt_row("finanzamt", receipt, _("Zur Rücknahme")),
)
