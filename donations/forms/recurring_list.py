"""The list of Dauerspenden, for those who look after the money."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from donations.forms.lists import EMAIL_SHOWN
from donations.models import Donor, RecurringDonation
from donations.selectors.failures import IS_FAILING
from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word
from foundation.spreadsheets import Euros
from foundation.units import Cents
from programs.models import Fund

Status = RecurringDonation.Status
_IS_RUNNING = Q(status__in=[Status.ACTIVE, Status.PAST_DUE])
_STATES: dict[str, Q] = {
    "": _IS_RUNNING,
    "misslungen": IS_FAILING,
    "pausiert": _IS_RUNNING & Q(paused_at__isnull=False),
    "begonnen": Q(status=Status.STARTING),
    "beendet": Q(status=Status.CANCELLED),
}


def _in_state(rows: QuerySet[RecurringDonation], state: str) -> QuerySet[RecurringDonation]:
    return rows.filter(_STATES[state]) if state in _STATES else rows


def recurring_list() -> Listing[RecurringDonation]:
    """Return the list of Dauerspenden, read with fund and donor."""
    states = [
        ("", _("Laufende")),
        ("misslungen", _("Einzug misslungen")),
        ("pausiert", _("Pausierte")),
        ("begonnen", _("Noch nicht bezahlte")),
        ("beendet", _("Beendete")),
        ("alle", _("Alle")),
    ]
    return Listing(
        "dauerspenden",
        {
            "begun": Column(_("Seit"), lambda row: row.created_at, ("created_at",)),
            "amount": Column(
                _("Betrag"), lambda row: Euros(Cents(row.amount_cents)), ("amount_cents",), True
            ),
            "rhythm": Column(_("Rhythmus"), lambda row: row.get_rhythm_display(), ("rhythm",)),
            "fund": Column(_("Spendenzweck"), lambda row: row.fund.name, ("fund__name",)),
            "giver": Column(_("Von"), lambda row: row.giver_shown, (EMAIL_SHOWN,)),
            "method": Column(_("Weg"), lambda row: row.get_method_display(), ("method",)),
            "next": Column(_("Nächster Einzug"), lambda row: row.next_on, ("next_on",)),
            "state": Column(_("Stand"), lambda row: row.state_text, ("status", "paused_at")),
            "reason": Column(_("Grund"), lambda row: row.reason_text, ("failure",)),
        },
        {
            "stand": Filter(forms.ChoiceField(label=_("Stand"), required=False, choices=states), _in_state),
            "rhythmus": Filter(
                forms.ChoiceField(
                    label=_("Rhythmus"),
                    required=False,
                    choices=[("", _("Jeder Rhythmus")), *RecurringDonation.Rhythm.choices],
                ),
                only("rhythm"),
            ),
        },
        _like,
        usual=_("neueste zuerst"),
    )


def _like(word: Word) -> Q:
    """Of an address the beginning counts, as it is copied from somewhere."""
    donors = Donor.objects.filter(mailbox__email__startswith=word.text.lower())
    return Q(donor__in=donors, no_identity=False) | Q(fund__in=Fund.objects.filter(word.within("name")))
