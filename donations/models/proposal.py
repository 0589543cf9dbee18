from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donations.domain.proposals import PROPOSAL_KINDS, ProposalKind
from donations.domain.references import grouped
from foundation.free_texts import FreeText
from programs.models import Fund, Provider

_KIND_WORDS: dict[ProposalKind, str | Promise] = {
    "payout": _("Auszahlung"),
    "cover": _("Fehlbetrag ausgleichen"),
    "refund": _("Erstattung"),
    "correction": _("Berichtigung"),
    "acceptance": _("Annahme einer Spende"),
    "refusal": _("Nichtannahme einer Spende"),
    "reallocation": _("Umwidmung"),
    "account": _("Bankverbindung"),
    "bank_fee": _("Gebühr der Bank"),
    "fee_cover": _("Eigenes Geld für Gebühren"),
    "sent": _("Überweisung ohne Code"),
}


class Proposal(models.Model):
    """A Vorschlag about money: one treasurer proposes it, another person releases it, or somebody declines.

    `reference` is the code that a transfer out carries, so that the bank's line finds it. A correction
    says what the bank line should have been: of `amount_cents` (null: there is no such line), for the gift
    `target` (null: for none that is known); `donation` is the gift it stands on until then. A reallocation
    moves a gift from `fund` to `to_fund`. A fee of the bank is a whole line of the size `amount_cents`: it
    left, or came where the bank gives a fee back. What covers fees is a whole line that came, of the body's
    own money. What was sent is a line that left without the code of what
    it pays, `order`: a payout, a refund or a refusal that two people have released; null where it pays
    several, its `parts`. A proposal lapses when its line has become something else meanwhile.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("vorgeschlagen")
        RELEASED = "released", _("freigegeben")
        DECLINED = "declined", _("abgelehnt")
        RECALLED = "recalled", _("freigegeben und zurückgezogen")
        LAPSED = "lapsed", _("hinfällig")

    kind = models.CharField(
        _("Art"), max_length=12, choices=[(each, _KIND_WORDS[each]) for each in PROPOSAL_KINDS]
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="proposals", verbose_name=_("Träger"), db_index=False
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, null=True, related_name="proposals", verbose_name=_("Spendenzweck")
    )
    to_fund = models.ForeignKey(
        Fund, models.PROTECT, null=True, related_name="+", verbose_name=_("neuer Spendenzweck")
    )
    donation = models.ForeignKey(
        "donations.Donation", models.PROTECT, null=True, related_name="proposals", verbose_name=_("Spende")
    )
    line = models.ForeignKey(
        "donations.BankTransaction",
        models.PROTECT,
        null=True,
        related_name="proposals",
        verbose_name=_("Kontobewegung"),
    )
    target = models.ForeignKey(
        "donations.Donation", models.PROTECT, null=True, related_name="+", verbose_name=_("richtige Spende")
    )
    order = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="found_lines",
        db_index=False,
        verbose_name=_("Freigabe, die damit bezahlt ist"),
    )
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"), null=True)
    iban = models.CharField(_("neue IBAN"), max_length=34, blank=True, default="", db_default="")
    account_holder_name = models.CharField(
        _("Kontoinhaber, wie bei der Bank"), max_length=70, blank=True, default="", db_default=""
    )
    reason = models.CharField(_("Grund"), max_length=300, validators=[FreeText("donations.Proposal.reason")])
    reference = models.CharField(_("Verwendungszweck-Code"), max_length=25, unique=True, null=True)
    status = models.CharField(_("Stand"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("vorgeschlagen von")
    )
    proposed_at = models.DateTimeField(_("vorgeschlagen"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("entschieden von")
    )

    class Meta:
        verbose_name = _("Vorschlag")
        verbose_name_plural = _("Vorschläge")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PROPOSAL_KINDS), name="proposal_kind_known"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="proposal_moves_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_reason"),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "lapsed"], decided_by=None)
                | Q(status="declined", decided_by__isnull=False)
                | (
                    Q(status__in=["released", "recalled"], decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="proposal_released_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["payout", "cover"], fund__isnull=False, amount_cents__isnull=False)
                | Q(
                    kind__in=["refund", "acceptance", "refusal"],
                    donation__isnull=False,
                    amount_cents__isnull=False,
                )
                | Q(kind="correction", line__isnull=False)
                | Q(
                    kind__in=["bank_fee", "fee_cover", "sent"],
                    line__isnull=False,
                    amount_cents__isnull=False,
                )
                | (Q(kind="account") & ~Q(iban="") & ~Q(account_holder_name=""))
                | Q(
                    kind="reallocation",
                    donation__isnull=False,
                    fund__isnull=False,
                    to_fund__isnull=False,
                    amount_cents__isnull=False,
                ),
                name="proposal_is_about_something",
            ),
            models.UniqueConstraint(
                fields=["donation"],
                condition=Q(kind__in=["acceptance", "refusal"], status="proposed"),
                name="proposal_one_about_acceptance",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind__in=["bank_fee", "fee_cover", "sent"], status="proposed"),
                name="proposal_one_meaning_of_line",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="proposed"), name="proposal_one_line_of_order"
            ),
        ]
        indexes = [models.Index(fields=["provider", "status", "proposed_at"], name="proposal_list")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount_cents or 0} Cent"

    @property
    def is_to_transfer(self) -> bool:
        """Whether the bank has still to send what was released."""
        return self.kind == "payout" and self.status == self.Status.RELEASED and not self.has_left

    @property
    def has_left(self) -> bool:
        """Whether a line of the bank is this payout, or one of several that it paid."""
        parts = [each for each in self.sent_parts.all() if each.key]
        return bool(parts or self.bank_transactions.all())

    @property
    def is_recallable(self) -> bool:
        """Whether nothing has left yet of what was released: a human has still to transfer it.

        Who was told that the gift is not taken is not told otherwise.
        """
        if self.status != self.Status.RELEASED or self.kind == "refusal":
            return False
        ordered = [each for each in self.refunds.all() if each.is_waiting_for_transfer]
        return self.is_to_transfer or bool(ordered)

    @property
    def grouped_reference(self) -> str:
        """The code as it is typed into a transfer."""
        return grouped(self.reference or "")
