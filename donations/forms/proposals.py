"""What a treasurer proposes, and what a second person says to it."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.domain.references import references_in
from donations.models import Allocation, BankTransaction, Donation, Proposal
from foundation.formats import euro_exact
from foundation.free_texts import FreeText
from foundation.ibans import is_iban, plain_iban
from foundation.money import AmountNotUnderstood, parse_euro
from foundation.units import Cents
from programs.models import Fund

RELEASE = "freigeben"
DECLINE = "ablehnen"
RECALL = "zurueckziehen"
REOPEN = "doch-nicht-ablehnen"
ACCEPT, REFUSE = "annehmen", "nicht-annehmen"
OTHER_AMOUNT, OTHER_GIFT, NO_GIFT, NO_LINE = "betrag", "spende", "keine", "storno"
NO_FEE, NOT_SENT = "gebuehr", "freigabe"
BACK, OWN = "zurueck", "eigenes"


def said_cents(said: str) -> Cents:
    """Raise ValidationError for anything but an amount."""
    try:
        cents = parse_euro(said)
    except AmountNotUnderstood:
        cents = Cents(0)
    if cents <= 0:
        raise forms.ValidationError(_("Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25,50."))
    return cents


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Grund"),
        max_length=300,
        help_text=gettext_lazy("Wer freigibt, liest das zuerst. Bitte ohne Namen von Kindern oder Familien."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("donations.Proposal.reason")],
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Grund.")},
    )


class ProposalForm(ReasonForm):
    """How much, and why."""

    amount = forms.CharField(
        label=gettext_lazy("Betrag in Euro"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Bitte geben Sie den Betrag ein.")},
    )
    field_order = ("amount", "reason")

    def __init__(self, *args: Any, at_most: Cents, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_most = at_most

    def clean_amount(self) -> Cents:
        cents = said_cents(self.cleaned_data["amount"])
        if cents > self.at_most:
            most = euro_exact(self.at_most)
            raise forms.ValidationError(_("Möglich sind höchstens %(most)s.") % {"most": most})
        return cents


class BankFeeForm(ReasonForm):
    """What the bank took the money for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Wofür hat die Bank das Geld genommen?")
        self.fields["reason"].help_text = _(
            "Zum Beispiel: Kontoführung im 3. Quartal. Wer freigibt, liest das zuerst."
        )
        self.fields["reason"].error_messages["required"] = _("Bitte schreiben Sie, wofür.")


class FeesBackForm(BankFeeForm):
    """Whether the bank gives a fee back, or the body bears fees with money of its own; and which."""

    what = forms.ChoiceField(
        label=gettext_lazy("Was ist der Eingang?"),
        widget=forms.RadioSelect,
        choices=[
            (BACK, gettext_lazy("Die Bank gibt eine Gebühr zurück")),
            (OWN, gettext_lazy("Der Träger trägt Gebühren mit eigenem Geld")),
        ],
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was der Eingang ist.")},
    )
    field_order = ("what", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Um welche Gebühren geht es?")

    def is_own_money(self) -> bool:
        """Whether a valid form says that it is the body's own money."""
        return bool(self.cleaned_data["what"] == OWN)


class SentForm(ReasonForm):
    """Which payout or refund left with a line without its code, or which several, and how one knows."""

    order = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Was ist damit bezahlt?"),
        queryset=Proposal.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie, was damit bezahlt ist."),
            "invalid_choice": gettext_lazy("Das steht nicht (mehr) zur Wahl."),
            "invalid_pk_value": gettext_lazy("Das steht nicht (mehr) zur Wahl."),
        },
    )
    field_order = ("order", "reason")

    def __init__(
        self, *args: Any, orders: list[tuple[Proposal, str]], line: BankTransaction, **kwargs: Any
    ) -> None:
        """`orders`: each with its words and its `left_cents`, the likeliest first."""
        super().__init__(*args, **kwargs)
        self.line = line
        self.left = {order.pk: order.left_cents for order, _words in orders}  # type: ignore[attr-defined]
        field = self.fields["order"]
        if len(orders) > 1:
            field.help_text = _(
                "Sind mehrere auf einmal bezahlt, wählen Sie alle: Zusammen müssen sie genau %(amount)s sein."
            ) % {"amount": euro_exact(line.size_cents)}
        pks = [order.pk for order, _words in orders]
        field.queryset = Proposal.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        field.choices = [(order.pk, words) for order, words in orders]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("Woran erkennen Sie das?")
        self.fields["reason"].help_text = _(
            "Zum Beispiel: Überweisungsbeleg vom 3. März, der Code fehlte. Wer freigibt, liest das zuerst."
        )
        self.fields["reason"].error_messages["required"] = _("Bitte schreiben Sie, woran.")

    def clean_order(self) -> list[Proposal]:
        """Together they are the line to the cent."""
        paid = list(self.cleaned_data["order"])
        cents = sum(self.left[order.pk] for order in paid)
        if cents != self.line.size_cents:
            raise forms.ValidationError(
                _("Zusammen sind das %(sum)s, der Abgang ist %(amount)s.")
                % {"sum": euro_exact(Cents(cents)), "amount": euro_exact(self.line.size_cents)}
            )
        return paid


class AcceptanceForm(ReasonForm):
    """What was decided about a large gift, and who decided it."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Was ist entschieden?"),
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, gettext_lazy("Die Spende wird angenommen")),
            (REFUSE, gettext_lazy("Die Spende wird nicht angenommen: Das Geld geht zurück")),
        ],
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was entschieden ist.")},
    )
    pending_matter = forms.ChoiceField(
        label=gettext_lazy("Läuft zwischen Spender*in und Stadt eine Angelegenheit?"),
        widget=forms.RadioSelect,
        choices=Donation.PendingMatter.choices,
        help_text=gettext_lazy(
            "Ein Antrag, ein Auftrag oder ein Verfahren. Beim Spenden wurde nicht danach gefragt: Bitte "
            "fragen Sie nach. Erfahren Sie es nicht, ist es nicht bekannt."
        ),
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Antwort.")},
    )
    field_order = ("decision", "pending_matter", "reason")

    def __init__(self, *args: Any, asks_for_matter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_matter:
            del self.fields["pending_matter"]
        self.fields["reason"].label = _("Wer hat es entschieden, und wann?")
        self.fields["reason"].help_text = _(
            "Zum Beispiel: Hauptausschuss, Beschluss vom 3. März. Wer freigibt, liest das zuerst."
        )
        self.fields["reason"].error_messages["required"] = _("Bitte nennen Sie, wer entschieden hat.")

    def is_accepted(self) -> bool:
        """Whether a valid form says that the city takes the gift."""
        return bool(self.cleaned_data["decision"] == ACCEPT)


class ReallocationForm(ReasonForm):
    """Which other purpose a gift goes to, and how its giver agreed."""

    to_fund = forms.ModelChoiceField(
        label=gettext_lazy("Neuer Spendenzweck"),
        queryset=Fund.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie den neuen Zweck.")},
    )
    field_order = ("to_fund", "reason")

    def __init__(self, *args: Any, others: QuerySet[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_fund"].queryset = others.order_by("name")  # type: ignore[attr-defined]
        self.has_no_other = not others.exists()
        self.fields["reason"].label = _("Wie ist das Einverständnis belegt?")
        self.fields["reason"].help_text = _(
            "Zum Beispiel: Brief vom 3. März. Oder: Der Bedarf ist gedeckt, der Ersatzzweck gilt."
        )


class AccountForm(ReasonForm):
    """To which account givers transfer from now on."""

    iban = forms.CharField(
        label=gettext_lazy("Neue IBAN"),
        max_length=42,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Bitte geben Sie die IBAN ein.")},
    )
    holder = forms.CharField(
        label=gettext_lazy("Kontoinhaber, genau wie bei der Bank"),
        max_length=70,
        help_text=gettext_lazy(
            "Banken vergleichen den Namen mit der IBAN (Empfängerüberprüfung) und warnen, stimmt er nicht. "
            "Fragen Sie im Zweifel Ihre Bank, unter welchem Namen sie das Konto führt."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[FreeText("donations.Proposal.account_holder_name")],
        error_messages={"required": gettext_lazy("Bitte geben Sie den Namen ein.")},
    )
    field_order = ("iban", "holder", "reason")

    def clean_iban(self) -> str:
        iban = plain_iban(self.cleaned_data["iban"])
        if not is_iban(iban):
            raise forms.ValidationError(
                _("Das ist keine gültige IBAN. Bitte prüfen Sie jede Ziffer und die Länge.")
            )
        return iban


class CorrectionForm(ReasonForm):
    """What a bank line should have been."""

    fault = forms.ChoiceField(
        label=gettext_lazy("Was ist falsch?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was falsch ist.")},
    )
    amount = forms.CharField(
        label=gettext_lazy("Richtiger Betrag in Euro"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("Nur wenn der Betrag falsch ist."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code der richtigen Spende"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Nur wenn es eine andere Spende ist. Der Code beginnt mit RF."),
    )
    gift = forms.ChoiceField(
        label=gettext_lazy("Um welche Spende geht es?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie die Spende.")},
    )
    field_order = ("gift", "fault", "amount", "code", "reason")

    def __init__(self, *args: Any, line: BankTransaction, **kwargs: Any) -> None:
        """A line that pays several gifts is corrected one gift after the other."""
        super().__init__(*args, **kwargs)
        self.line = line
        fault = cast(forms.ChoiceField, self.fields["fault"])
        fault.choices = _faults(line)
        if line.amount_cents < 0 or line.fee_id:
            fault.initial = fault.choices[0][0]
            del self.fields["amount"], self.fields["code"]
        given = line.allocations.filter(undone_at=None).select_related("donation__donor__mailbox")
        self.paid = {str(each.donation_id): each.donation for each in given}
        if len(self.paid) > 1:
            labels = [(str(each.donation_id), _part_label(each)) for each in given]
            self.fields["gift"].choices = labels  # type: ignore[attr-defined]
        else:
            del self.fields["gift"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen fault needs, and for nothing else."""
        said = super().clean() or {}
        fault = said.get("fault")
        try:
            if fault == OTHER_AMOUNT:
                said["cents"] = self._other_amount(said.get("amount", ""))
        except forms.ValidationError as error:
            self.add_error("amount", error)
        if fault == NO_GIFT and not (self.paid or self.line.cash_cents):
            self.add_error("fault", _("Der Eingang ist schon keiner Zusage zugeordnet."))
        if fault == OTHER_GIFT:
            said["gift"] = self._other_gift(said.get("code", ""))
            if said["gift"] is None:
                self.add_error("code", _("Zu diesem Code gibt es keine andere Spende bei Ihrem Träger."))
        return said

    def _other_amount(self, typed: str) -> Cents:
        """What is booked as it is said would be undone and booked again, and its giver told of an error."""
        cents = said_cents(typed)
        if cents == self.line.size_cents:
            raise forms.ValidationError(_("Mit diesem Betrag steht der Eingang schon in den Büchern."))
        return cents

    def _other_gift(self, code: str) -> Donation | None:
        gifts = Donation.objects.filter(
            transfer_reference__reference__in=references_in(code), fund__provider=self.line.provider_id
        )
        return gifts.exclude(pk__in=[gift.pk for gift in self.paid.values()]).first()

    def wrong_gift(self) -> Donation | None:
        """Return the gift that a valid form is about; None if the line stands as unclear."""
        only = next(iter(self.paid.values()), None)
        return self.paid.get(self.cleaned_data.get("gift", ""), only)

    def proposed(self) -> tuple[Cents | None, Donation | None]:
        """Return what a valid form says: the right amount (None: no line) and the right gift (or none)."""
        said, line = self.cleaned_data, self.line
        stands = line.size_cents
        answers: dict[str, tuple[Cents | None, Donation | None]] = {
            OTHER_AMOUNT: (said.get("cents"), self.wrong_gift()),
            OTHER_GIFT: (stands, said.get("gift")),
            NO_GIFT: (stands, None),
            NO_FEE: (stands, None),
            NOT_SENT: (stands, None),
            NO_LINE: (None, None),
        }
        return answers[said["fault"]]


def _faults(line: BankTransaction) -> list[tuple[str, str]]:
    """What may be wrong with a line; of what left, or is a fee, that it is there twice, or is not that."""
    twice = (NO_LINE, _("Diese Bewegung steht doppelt in den Büchern"))
    if line.fee_id and line.amount_cents > 0:
        return [(NO_FEE, _("Der Eingang hat nichts mit Gebühren zu tun")), twice]
    if line.fee_id:
        return [(NO_FEE, _("Der Abgang ist keine Gebühr der Bank")), twice]
    if line.found_by_id:
        return [(NOT_SENT, _("Der Abgang ist nicht die Auszahlung oder Erstattung")), twice]
    if line.amount_cents < 0:
        return [twice]
    return [
        (OTHER_AMOUNT, _("Der Betrag ist falsch erfasst")),
        (OTHER_GIFT, _("Der Eingang gehört zu einer anderen Spende")),
        (NO_GIFT, _("Der Eingang gehört zu keiner Zusage")),
        twice if line.statement_id else (NO_LINE, _("Diesen Eingang gibt es nicht")),
    ]


def _part_label(part: Allocation) -> str:
    gift = part.donation
    return _("%(amount)s für die Spende von %(who)s") % {
        "amount": euro_exact(Cents(part.cents)),
        "who": gift.giver_shown or gift.donor,
    }


class DecisionForm(forms.Form):
    """Released, declined, or one of both taken back."""

    entscheidung = forms.ChoiceField(choices=[(each, each) for each in (RELEASE, DECLINE, RECALL, REOPEN)])
