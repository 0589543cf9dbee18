from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donations.models.donation import Donation


class Payment(models.Model):
    """A Zahlung: money that came for a donation, by Stripe or by the bank; at most one per donation."""

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="payment")
    external_id = models.CharField(_("Kennung"), max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    fee_cents = models.PositiveBigIntegerField(_("Gebühr in Cent"), null=True)
    received_at = models.DateTimeField(_("eingegangen"))

    class Meta:
        verbose_name = _("Zahlung")
        verbose_name_plural = _("Zahlungen")

    def __str__(self) -> str:
        return self.external_id


class Refund(models.Model):
    """An Erstattung, once by its identity at Stripe or the bank; with `failed_at` its money is here again."""

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="refunds")
    external_id = models.CharField(max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    refunded_at = models.DateTimeField()
    failed_at = models.DateTimeField(_("misslungen"), null=True)

    class Meta:
        verbose_name = _("Erstattung")
        verbose_name_plural = _("Erstattungen")

    def __str__(self) -> str:
        return self.external_id


class Dispute(models.Model):
    """A Rückbuchung: the payer's bank took the money back, for now or for good.

    `lost_cents` is what was lost when it was decided, `reversed_cents` what of it came back later.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("offen")
        WON = "won", _("gewonnen")
        LOST = "lost", _("verloren")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="disputes")
    external_id = models.CharField(max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    outcome = models.CharField(max_length=6, choices=Outcome.choices, default=Outcome.OPEN)
    lost_cents = models.PositiveBigIntegerField(_("davon verloren"), default=0)
    reversed_cents = models.PositiveBigIntegerField(_("davon zurückgekommen"), default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Rückbuchung")
        verbose_name_plural = _("Rückbuchungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "won", "lost"]), name="dispute_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(reversed_cents__lte=F("lost_cents"), lost_cents__lte=F("amount_cents")),
                name="dispute_lost_within",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at=None) | ~Q(outcome="open"),
                name="dispute_open_not_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
