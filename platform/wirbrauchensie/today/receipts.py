"""What waits for a treasurer about receipts: wishes, payers, goods, what is to be signed or told."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.models import Donation
from donations.receipts.access import access_wish, contributions_within_reach, receipts_within_reach
from donations.receipts.models import Contribution, Receipt
from donations.receipts.selectors.contributions import to_confirm
from donations.receipts.selectors.gifts import open_wishes, to_answer
from donations.receipts.selectors.payers import payer_to_say
from donations.receipts.selectors.register import to_sign, to_tell
from donations.receipts.views.wishes import wish_facts
from foundation.clock import local_day
from wirbrauchensie.today.kinds import Opening, Reader, Row
from wirbrauchensie.today.money import MoneyKind, amount, for_purpose, gifts_of, resting_of, waits


def _receipts_of(reader: Reader) -> QuerySet[Receipt]:
    return receipts_within_reach(reader.user).exclude(provider__in=resting_of(reader))


def _wishes(reader: Reader, now: datetime) -> QuerySet[Donation]:
    wishes = to_answer(open_wishes(), local_day(now))
    return wishes.filter(pk__in=gifts_of(reader)).select_related("fund")


def _wish_row(reader: Reader, gift: Donation, now: datetime) -> Row:
    return waits(
        f"wuensche-{gift.pk}",
        amount(gift.amount_cents),
        for_purpose(gift),
        gift.pledged_at,
        reverse("coordination_wish", args=[gift.pk]),
        _("Bestätigung ausstellen oder absagen"),
        opening=Opening("dashboard/today/_wish.html", partial(_wish_facts, reader, gift.pk, now)),
    )


def _wish_facts(reader: Reader, pk: int, now: datetime) -> dict[str, Any]:
    return wish_facts(access_wish(reader.user, pk), now)


WISHES = MoneyKind(
    slug="wuensche",
    title=gettext_lazy("Bestätigungen ausstellen"),
    text=gettext_lazy("Diese Spender*innen wünschen eine Bestätigung und haben noch keine Antwort."),
    icon="heart",
    waiting=_wishes,
    row=_wish_row,
)


def _payers(reader: Reader, now: datetime) -> QuerySet[Donation]:
    return payer_to_say().filter(pk__in=gifts_of(reader)).select_related("fund")


def _payer_row(reader: Reader, gift: Donation, now: datetime) -> Row:
    return waits(
        f"zahler-{gift.pk}",
        amount(gift.amount_cents),
        for_purpose(gift),
        gift.received_at or gift.pledged_at,
        f"{reverse('coordination_wish', args=[gift.pk])}#payer",
        _("Sagen, wer gegeben hat"),
        opening=Opening("dashboard/today/_payer.html", partial(_wish_facts, reader, gift.pk, now)),
    )


PAYERS = MoneyKind(
    slug="zahler",
    title=gettext_lazy("Abweichende Namen bei Überweisungen klären"),
    text=gettext_lazy(
        "Gezahlt hat ein Konto unter anderem Namen. Bis es geklärt ist, wartet die Bestätigung."
    ),
    icon="bank",
    waiting=_payers,
    row=_payer_row,
)


def _contribution_row(reader: Reader, row: Contribution, now: datetime) -> Row:
    return waits(
        f"sachwerte-{row.pk}",
        amount(row.value_cents),
        row.get_kind_display(),
        row.proposed_at,
        reverse("coordination_contribution", args=[row.pk]),
        _("Alles dazu"),
        about=row,
    )


def _contributions(reader: Reader, now: datetime) -> QuerySet[Contribution]:
    """What one has written down oneself another person confirms."""
    rows = contributions_within_reach(reader.user).exclude(provider__in=resting_of(reader))
    return to_confirm(rows).exclude(proposed_by=reader.user).select_related("proposed_by")


CONTRIBUTIONS = MoneyKind(
    slug="sachwerte",
    title=gettext_lazy("Sachspenden und Verzichte bestätigen"),
    text=gettext_lazy("Der Wert steht später auf einer Bestätigung; deshalb prüft ihn eine zweite Person."),
    icon="check-circle",
    waiting=_contributions,
    row=_contribution_row,
    template="dashboard/today/_contribution.html",
)


def _receipt_row(slug: str, receipt: Receipt, action: str) -> Row:
    """What is restricted has no page any more, only its line in the register."""
    register, page = reverse("coordination_receipts"), reverse("coordination_receipt", args=[receipt.pk])
    return waits(
        f"{slug}-{receipt.pk}",
        receipt.number,
        amount(receipt.total_cents),
        receipt.status_changed_at,
        register if receipt.restricted_at else page,
        action,
        about=receipt,
    )


TO_SIGN = MoneyKind(
    slug="unterschriften",
    title=gettext_lazy("Bestätigungen unterschreiben"),
    text=gettext_lazy("Diese Bestätigungen gelten erst mit Ihrer Unterschrift."),
    icon="edit",
    waiting=lambda reader, now: to_sign(_receipts_of(reader)),
    row=lambda reader, receipt, now: _receipt_row("unterschriften", receipt, _("Zur Bestätigung")),
    template="dashboard/today/_sign.html",
)
TO_TELL = MoneyKind(
    slug="finanzamt",
    title=gettext_lazy("Rücknahmen dem Finanzamt melden"),
    text=gettext_lazy("Diese Bestätigungen sind zurückgenommen, und das Finanzamt weiß es noch nicht."),
    icon="bank",
    waiting=lambda reader, now: to_tell(_receipts_of(reader)),
    row=lambda reader, receipt, now: _receipt_row("finanzamt", receipt, _("Zur Rücknahme")),
    template="dashboard/today/_tell.html",
)
