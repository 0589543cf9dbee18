from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.donation import Donation
from programs.models import Fund


class LedgerTransaction(models.Model):
    """A business event in the books, once by its key; its entries sum to zero (deferred trigger)."""

    class Kind(models.TextChoices):
        UNCLEAR = "unclear", _("ungeklärte Kontobewegung")
        GIFT = "gift", _("Spende")
        FEE = "fee", _("Gebühr")
        REFUND = "refund", _("Erstattung")
        REFUND_BACK = "refund_back", _("Erstattung misslungen")
        DISPUTE = "dispute", _("Rückbuchung")
        DISPUTE_WON = "dispute_won", _("Rückbuchung gewonnen")
        DISPUTE_LOST = "dispute_lost", _("Rückbuchung verloren")
        DISPUTE_REVERSED = "dispute_reversed", _("verlorene Rückbuchung zurückgekommen")
        PAYOUT = "payout", _("Auszahlung")

    key = models.CharField(_("Schlüssel"), max_length=160, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    donation = models.ForeignKey(Donation, models.PROTECT, null=True, related_name="ledger_transactions")
    happened_at = models.DateTimeField(_("Zeitpunkt"))
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Buchungssatz")
        verbose_name_plural = _("Buchungssätze")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "unclear",
                        "gift",
                        "fee",
                        "refund",
                        "refund_back",
                        "dispute",
                        "dispute_won",
                        "dispute_lost",
                        "dispute_reversed",
                        "payout",
                    ]
                ),
                name="ledger_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.key


class LedgerCheckpoint(models.Model):
    """What the entries of a purpose up to a transaction said when all of them were last added up."""

    fund = models.OneToOneField(Fund, models.CASCADE, related_name="ledger_checkpoint")
    up_to = models.BigIntegerField()
    balance_cents = models.BigIntegerField()
    received_cents = models.BigIntegerField()
    gift_count = models.BigIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Zwischensumme")
        verbose_name_plural = _("Zwischensummen")

    def __str__(self) -> str:
        return f"{self.fund}: {self.taken_at:%d.%m.%Y %H:%M}"


class LedgerEntry(models.Model):
    """A Buchung: one side of a transaction; append-only (trigger refuses UPDATE and DELETE).

    Debits are positive, credits negative. Money held is positive on `stripe`/`bank`, what is owed to a
    purpose is negative on `fund`.
    """

    class Account(models.TextChoices):
        STRIPE = "stripe", _("Guthaben bei Stripe")
        BANK = "bank", _("Bankkonto")
        FUND = "fund", _("Spendenzweck")
        FEES = "fees", _("Gebühren")
        DISPUTED = "disputed", _("bestrittene Beträge")
        UNCLEAR = "unclear", _("ungeklärte Kontobewegungen")

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.CharField(_("Konto"), max_length=10, choices=Account.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="ledger_entries")
    amount_cents = models.BigIntegerField(_("Betrag in Cent"))

    class Meta:
        verbose_name = _("Buchung")
        verbose_name_plural = _("Buchungen")
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(account__in=["stripe", "bank", "fund", "fees", "disputed", "unclear"]),
                name="entry_account_known",
            ),
            models.CheckConstraint(
                condition=Q(account="fund", fund__isnull=False) | (~Q(account="fund") & Q(fund__isnull=True)),
                name="entry_fund_exactly_on_fund_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount_cents}"
