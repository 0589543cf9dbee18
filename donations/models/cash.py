from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donations.domain.references import grouped
from donations.models.bank import BankTransaction
from foundation.free_texts import FreeText
from programs.models import Fund, Provider


class CashCount(models.Model):
    """A Zählung: what two people counted out of a box or at an occasion, before it is taken to the bank.

    One writes it down, another counts again without seeing the sum; from then on it is never edited
    (trigger), only undone. `pieces` are notes and coins, how many of each (cents as text), empty if only
    the sum was written down. With `reference` as its text the cash is paid in; `line` is the bank's line of
    it, null as long as the cash is here.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("wartet auf die zweite Zählung")
        CONFIRMED = "confirmed", _("von zweien gezählt")
        DROPPED = "dropped", _("verworfen")
        UNDONE = "undone", _("rückgängig gemacht")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="cash_counts", db_index=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+", verbose_name=_("Spendenzweck"))
    box = models.CharField(
        _("Box oder Anlass"), max_length=120, validators=[FreeText("donations.CashCount.box")]
    )
    counted_on = models.DateField(_("gezählt am"))
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    pieces = models.JSONField(_("Scheine und Münzen"), default=dict)
    reference = models.CharField(_("Verwendungszweck-Code"), max_length=25, unique=True)
    status = models.CharField(_("Stand"), max_length=9, choices=Status.choices, default=Status.PROPOSED)
    status_changed_at = models.DateTimeField()
    counted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("gezählt von"))
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("nachgezählt von")
    )
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_for = models.CharField(
        _("Grund"), max_length=200, blank=True, validators=[FreeText("donations.CashCount.undone_for")]
    )
    line = models.ForeignKey(
        BankTransaction, models.PROTECT, null=True, related_name="cash_counts", verbose_name=_("Einzahlung")
    )

    class Meta:
        verbose_name = _("Zählung einer Spendenbox")
        verbose_name_plural = _("Zählungen von Spendenboxen")
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "confirmed", "dropped", "undone"]),
                name="cash_status_known",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="cash_of_something"),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None)
                | Q(status="dropped", decided_by__isnull=False)
                | (
                    Q(status__in=["confirmed", "undone"], decided_by__isnull=False)
                    & ~Q(decided_by=F("counted_by"))
                ),
                name="cash_counted_by_two",
            ),
            models.CheckConstraint(
                condition=(Q(status="undone", undone_by__isnull=False) & ~Q(undone_for=""))
                | (~Q(status="undone") & Q(undone_by=None, undone_for="")),
                name="cash_undone_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(line=None) | Q(status="confirmed"), name="cash_paid_in_is_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["provider", "status", "-counted_on"], name="cash_list")]

    def __str__(self) -> str:
        return f"{self.box}: {self.amount_cents} Cent"

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for the second count."""
        return self.status == self.Status.PROPOSED

    @property
    def is_here(self) -> bool:
        """Whether two people counted it and it is not at the bank yet."""
        return self.status == self.Status.CONFIRMED and self.line_id is None

    @property
    def grouped_reference(self) -> str:
        """The code as it is written on the paying-in slip."""
        return grouped(self.reference)
