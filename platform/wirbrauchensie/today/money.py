"""Money that waits: transfers without a gift, large gifts to accept, payments taken back."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.access import bank_lines_within_reach, gifts_within_reach
from donations.models import BankTransaction, Dispute, Donation
from donations.selectors.acceptance import awaiting_acceptance
from donations.selectors.gifts import open_bank_lines
from foundation.clock import local_day, local_moment
from foundation.formats import euro_exact
from foundation.units import MIDNIGHT, Cents
from programs.access import Role
from programs.domain.screening.masking import masked
from wirbrauchensie.today.kinds import Kind, Reader, Row


def is_treasurer(reader: Reader) -> bool:
    """Whether they look after the gifts of a provider."""
    return Role.TREASURER in reader.roles


def _lines(reader: Reader, now: datetime) -> QuerySet[BankTransaction]:
    return open_bank_lines(bank_lines_within_reach(reader.user))


def _line_row(reader: Reader, line: BankTransaction, now: datetime) -> Row:
    return Row(
        key=f"eingaenge-{line.pk}",
        who=euro_exact(Cents(line.amount_cents)),
        what=_("an %(provider)s von %(who)s")
        % {
            "provider": line.provider.name,
            "who": masked(line.counterparty_name, today=local_day(now)) or "–",
        },
        since=line.booked_on,
        due_at=local_moment(line.booked_on, MIDNIGHT),
        url=reverse("coordination_credit", args=[line.pk]),
        action=_("Zuordnen"),
    )


BANK_LINES = Kind(
    slug="eingaenge",
    title=gettext_lazy("Überweisungen zuordnen"),
    text=gettext_lazy("Zu diesen Eingängen fehlt noch die Spende."),
    icon="bank",
    is_for=is_treasurer,
    waiting=_lines,
    row=_line_row,
)


def _to_accept(reader: Reader, now: datetime) -> QuerySet[Donation]:
    return awaiting_acceptance(gifts_within_reach(reader.user))


def _accept_row(reader: Reader, gift: Donation, now: datetime) -> Row:
    came_at = gift.received_at or gift.pledged_at
    return Row(
        key=f"annahmen-{gift.pk}",
        who=euro_exact(Cents(gift.amount_cents)),
        what=_("für %(purpose)s") % {"purpose": gift.fund.name},
        since=local_day(came_at),
        due_at=came_at,
        url=reverse("coordination_donation_accept", args=[gift.pk]),
        action=_("Eintragen, was entschieden ist"),
    )


TO_ACCEPT = Kind(
    slug="annahmen",
    title=gettext_lazy("Annahme großer Spenden eintragen"),
    text=gettext_lazy("Wer große Spenden an die Stadt annimmt, bestimmen ihre Regeln."),
    icon="heart",
    is_for=is_treasurer,
    waiting=_to_accept,
    row=_accept_row,
)


def _disputes(reader: Reader, now: datetime) -> QuerySet[Dispute]:
    mine = Dispute.objects.filter(donation__in=gifts_within_reach(reader.user), outcome=Dispute.Outcome.OPEN)
    return mine.select_related("donation__fund").order_by("opened_at", "pk")


def _dispute_row(reader: Reader, dispute: Dispute, now: datetime) -> Row:
    return Row(
        key=f"rueckbuchungen-{dispute.pk}",
        who=euro_exact(Cents(dispute.amount_cents)),
        what=_("zurückgefordert, für %(purpose)s") % {"purpose": dispute.donation.fund.name},
        since=local_day(dispute.opened_at),
        due_at=dispute.opened_at,
        url=reverse("coordination_donations"),
        action=_("Zu den Spenden"),
    )


DISPUTES = Kind(
    slug="rueckbuchungen",
    title=gettext_lazy("Zurückgeforderte Zahlungen klären"),
    text=gettext_lazy("Antworten Sie beim Zahlungsdienst, bevor dessen Frist endet."),
    icon="error",
    is_for=is_treasurer,
    waiting=_disputes,
    row=_dispute_row,
)
