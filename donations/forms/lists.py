"""The lists of those who look after money: what each shows, and what may be asked of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.models import BankTransaction, Donation, Donor, Method, TransferReference
from donations.selectors.bank_lines import IS_OPEN
from foundation.clock import local_day, utc_now
from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word, in_any
from foundation.spreadsheets import Euros
from foundation.units import Cents
from programs.domain.screening.masking import masked
from programs.forms.fields import DayField
from programs.models import Fund

Status = Donation.Status
EMAIL_SHOWN = Case(When(no_identity=False, then=F("donor__mailbox__email")))
"""Of whom the body is not told nothing may be read from their place in the list either."""
WISHED, AWAITING = "gewuenscht", "annahme"
OPEN, DONE, ALL = "offen", "erledigt", "alle"
_VIEWS: dict[str, tuple[str, ...]] = {
    "offen": (Status.PLEDGED, Status.PROCESSING),
    "eingegangen": (Status.RECEIVED, Status.PARTLY_REFUNDED),
    "bestritten": (Status.DISPUTED, Status.LOST),
    "erstattet": (Status.REFUNDED,),
}


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _in_view(rows: QuerySet[Donation], view: str) -> QuerySet[Donation]:
    if view == AWAITING:
        return rows.filter(acceptance=Donation.Acceptance.AWAITING)
    return rows.filter(status__in=_VIEWS[view]) if view in _VIEWS else rows


def _wished(rows: QuerySet[Donation], wish: str) -> QuerySet[Donation]:
    return rows.filter(wants_receipt=True) if wish == WISHED else rows


def _giver(gift: Donation) -> str:
    if gift.no_identity:
        return gift.giver_shown
    return ", ".join(filter(None, [gift.donor_name, gift.donor.email]))


def _receipt(gift: Donation) -> str:
    answer = getattr(gift, "receipt_answer", None)
    if answer:
        words = {
            "issued": gettext("ausgestellt"),
            "draft": gettext("wartet auf Unterschrift"),
            "refused": gettext("abgesagt"),
        }
        return ": ".join(filter(None, [words[answer["state"]], answer.get("number")]))
    address = getattr(gift, "receipt_address", None)
    if not gift.wants_receipt:
        return ""
    if address is None:
        return gettext("gewünscht")
    place = ", ".join(part for part in (address.street, f"{address.postcode} {address.town}") if part)
    return f"{gettext('gewünscht')}: {place}"


def _gift_like(word: Word) -> Q:
    """Names forgive; of an address and a code the beginning counts, as it is copied from somewhere."""
    donors = Donor.objects.filter(mailbox__email__startswith=word.text.lower())
    codes = TransferReference.objects.filter(reference__startswith=word.text.upper())
    gifts = Donation.objects.all()
    return in_any(
        gifts.filter(word.within("donor_name")),
        gifts.filter(donor__in=donors, no_identity=False),
        gifts.filter(pk__in=codes.values("donation")),
        gifts.filter(fund__in=Fund.objects.filter(word.within("name"))),
    )


def gift_list() -> Listing[Donation]:
    """Return the list of gifts, read with `selectors.gifts.listed`."""
    return Listing(
        "spenden",
        {
            "pledged": Column(_("Zugesagt"), lambda row: row.pledged_at, ("pledged_at",)),
            "amount": Column(
                _("Betrag"), lambda row: Euros(Cents(row.amount_cents)), ("amount_cents",), True
            ),
            "fund": Column(_("Spendenzweck"), lambda row: row.fund.name, ("fund__name",)),
            "giver": Column(_("Von"), _giver, ("donor_name", EMAIL_SHOWN)),
            "method": Column(_("Weg"), lambda row: row.get_method_display(), ("method",)),
            "status": Column(_("Stand"), lambda row: row.get_status_display(), ("status",)),
            "receipt": Column(_("Bestätigung"), _receipt, ("wants_receipt",)),
        },
        {
            "ansicht": Filter(
                _choice(
                    _("Zeigen"),
                    [
                        (ALL, _("Alle Spenden")),
                        ("offen", _("Noch nicht eingegangen")),
                        ("eingegangen", _("Eingegangen")),
                        (AWAITING, _("Annahme vorbehalten")),
                        ("bestritten", _("Bestritten oder zurückgebucht")),
                        ("erstattet", _("Erstattet")),
                    ],
                ),
                _in_view,
            ),
            "weg": Filter(_choice(_("Weg"), [("", _("Alle Wege")), *Method.choices]), only("method")),
            "bestaetigung": Filter(
                _choice(
                    _("Bestätigung"),
                    [("", _("Mit und ohne Wunsch")), (WISHED, _("Gewünscht"))],
                ),
                _wished,
            ),
        },
        _gift_like,
        usual=_("neueste zuerst"),
    )


def _masked(column: str) -> Callable[[BankTransaction], str]:
    return lambda line: masked(getattr(line, column), today=local_day(utc_now()))


def _open_or_not(rows: QuerySet[BankTransaction], state: str) -> QuerySet[BankTransaction]:
    if state == ALL:
        return rows
    return rows.exclude(IS_OPEN) if state == DONE else rows.filter(IS_OPEN)


def line_list() -> Listing[BankTransaction]:
    """Return the list of bank lines; what they hold is masked in every cell.

    A search looks at what is masked, too: whoever reads this list has the statement of the bank.
    """
    return Listing(
        "kontobewegungen",
        {
            "booked": Column(_("Gebucht"), lambda row: row.booked_on, ("booked_on",)),
            "provider": Column(_("Konto von"), lambda row: row.provider.name, ("provider__name",)),
            "amount": Column(
                _("Betrag"), lambda row: Euros(Cents(row.amount_cents)), ("amount_cents",), True
            ),
            "name": Column(_("Name"), _masked("counterparty_name"), ("counterparty_name",)),
            "text": Column(_("Verwendungszweck"), _masked("remittance"), ("remittance",)),
            "allocated": Column(
                _("Zugeordnet"),
                lambda row: Euros(Cents(row.allocated_cents)),
                ("allocated_cents",),
                True,
            ),
            "state": Column(
                _("Stand"),
                lambda row: row.state_text,
                ("cancelled_at", "refund", "payout", "fee", "allocated_cents"),
            ),
        },
        {
            "stand": Filter(
                _choice(_("Stand"), [("", _("Offene")), (DONE, _("Erledigte")), (ALL, _("Alle"))]),
                _open_or_not,
            ),
            "tag": Filter(DayField(label=_("Gebucht am"), required=False), only("booked_on")),
        },
        lambda word: Q(word.within("counterparty_name")) | Q(word.within("remittance")),
        usual=_("älteste zuerst"),
    )
