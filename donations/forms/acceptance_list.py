"""The list of large gifts to the city, and what it decided about them."""

from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.domain.acceptance import YEARS_LISTED
from donations.forms.lists import EMAIL_SHOWN
from donations.models import Donation
from donations.selectors.acceptance import received_in
from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.spreadsheets import Euros
from foundation.units import Cents
from programs.models import Fund

_DECISIONS = [each for each in Donation.Acceptance.choices if each[0] != Donation.Acceptance.NOT_NEEDED]


def acceptance_list(today: date) -> Listing[Donation]:
    """Return the list of large gifts, read with `selectors.acceptance.large_gifts`."""
    years = [(str(year), str(year)) for year in range(today.year, today.year - YEARS_LISTED, -1)]
    return Listing(
        "annahmen",
        {
            "received": Column(_("Eingegangen"), lambda row: row.received_at, ("received_at",)),
            "giver": Column(_("Von"), _giver, ("donor_name", EMAIL_SHOWN)),
            "amount": Column(
                _("Betrag"), lambda row: Euros(Cents(row.amount_cents)), ("amount_cents",), True
            ),
            "fund": Column(_("Spendenzweck"), lambda row: row.fund.name, ("fund__name",)),
            "decision": Column(_("Entscheidung"), lambda row: row.get_acceptance_display(), ("acceptance",)),
            "decided": Column(_("Eingetragen"), lambda row: row.acceptance_at, ("acceptance_at",)),
            "by": Column(_("Wer entschieden hat, und wann"), lambda row: row.decided_where),
            "status": Column(_("Stand"), lambda row: row.get_status_display(), ("status",)),
        },
        {
            "jahr": Filter(
                forms.ChoiceField(
                    label=_("Eingegangen im Jahr"), required=False, choices=[("", _("Alle Jahre")), *years]
                ),
                _in_year,
            ),
            "entscheidung": Filter(
                forms.ChoiceField(
                    label=_("Entscheidung"), required=False, choices=[("", _("Alle")), *_DECISIONS]
                ),
                only("acceptance"),
            ),
        },
        lambda word: Q(word.within("donor_name")) | Q(fund__in=Fund.objects.filter(word.within("name"))),
        usual=_("älteste zuerst"),
    )


def _giver(gift: Donation) -> str:
    return gift.giver_shown or gettext("anonym")


def _in_year(rows: QuerySet[Donation], year: str) -> QuerySet[Donation]:
    return received_in(rows, int(year)) if year else rows
