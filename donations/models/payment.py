from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donations.models.donation import Donation
from donations.models.recurring import Method


class Payment(models.Model):
    """A Zahlung: money that came for a donation, by Stripe or by the bank; at most one per donation.

    `received_at` is when the money was here: of a direct debit when Stripe had it, not when it was asked for;
    `debited_on` is the day on which that was taken from the giver's account, null where Stripe does not say.
    `charge` and `mandate` are Stripe's names of what was collected and by which mandate; `settles_on` is the
    day from which Stripe pays it out; `country` is where Stripe says that what paid is kept. All five are
    empty for a transfer.
    """

    donation = models.OneToOneField(
        Donation, models.PROTECT, related_name="payment", verbose_name=_("Spende")
    )
    external_id = models.CharField(_("Kennung"), max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    fee_cents = models.PositiveBigIntegerField(_("Gebühr in Cent"), null=True)
    received_at = models.DateTimeField(_("eingegangen"))
    debited_on = models.DateField(_("abgebucht"), null=True)
    charge = models.CharField(_("Einzug"), max_length=120, blank=True, db_default="")
    mandate = models.CharField(_("SEPA-Mandat"), max_length=120, blank=True, db_default="")
    country = models.CharField(
        _("Land von Konto oder Karte"), max_length=2, blank=True, default="", db_default=""
    )
    settles_on = models.DateField(_("auszahlbar ab"), null=True)

    class Meta:
        verbose_name = _("Zahlung")
        verbose_name_plural = _("Zahlungen")

    def __str__(self) -> str:
        return self.external_id


class Refund(models.Model):
    """An Erstattung, once by its identity at Stripe or the bank; with `failed_at` its money is here again.

    Ordered here it is pending, without identity of its own until Stripe or the bank has named it; money has
    left, and is booked, once it has succeeded. A cancelled one never left. `settled_at`: it did not arrive,
    and somebody has written down that the gift stays all the same.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("unterwegs")
        SUCCEEDED = "succeeded", _("erstattet")
        FAILED = "failed", _("misslungen")
        CANCELLED = "cancelled", _("nicht ausgeführt")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="refunds", verbose_name=_("Spende"))
    external_id = models.CharField(_("Kennung"), max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    status = models.CharField(_("Stand"), max_length=9, choices=Status.choices, default=Status.SUCCEEDED)
    status_changed_at = models.DateTimeField(_("Stand seit"), null=True)
    refunded_at = models.DateTimeField(_("erstattet"))
    failed_at = models.DateTimeField(_("misslungen"), null=True)
    settled_at = models.DateTimeField(_("geklärt"), null=True)
    proposal = models.ForeignKey(
        "donations.Proposal",
        models.PROTECT,
        null=True,
        related_name="refunds",
        db_index=False,
        verbose_name=_("Vorschlag"),
    )

    class Meta:
        verbose_name = _("Erstattung")
        verbose_name_plural = _("Erstattungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="failed", failed_at__isnull=False)
                | Q(status__in=["pending", "succeeded", "cancelled"], failed_at=None),
                name="refund_status_known",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(proposal__isnull=False), name="refund_ordered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_waiting_for_transfer(self) -> bool:
        """Whether a human has still to transfer it."""
        return self.status == self.Status.PENDING and self.donation.method == Method.TRANSFER


class Dispute(models.Model):
    """A Rückbuchung: the payer's bank took the money back, for now or for good, or inquires before it does.

    `lost_cents` is what was lost when it was decided, `reversed_cents` what of it came back later; taken
    again after that, it is a row of its own. Until `due_at` Stripe takes an answer; null where none is asked
    for (any more). `reason` is in Stripe's words. `told_at` is when we heard of the outcome, null before that
    was kept.
    """

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Rückfrage")
        DROPPED = "dropped", _("Rückfrage beendet")
        OPEN = "open", _("offen")
        WON = "won", _("gewonnen")
        LOST = "lost", _("verloren")

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="disputes", verbose_name=_("Spende"))
    external_id = models.CharField(_("Kennung"), max_length=120, unique=True)
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    outcome = models.CharField(_("Ausgang"), max_length=7, choices=Outcome.choices, default=Outcome.OPEN)
    lost_cents = models.PositiveBigIntegerField(_("davon verloren"), default=0)
    reversed_cents = models.PositiveBigIntegerField(_("davon zurückgekommen"), default=0)
    reason = models.CharField(_("Grund der Bank"), max_length=60, blank=True, db_default="")
    opened_at = models.DateTimeField(_("eröffnet"))
    due_at = models.DateTimeField(_("Antwort beim Zahlungsdienst bis"), null=True)
    closed_at = models.DateTimeField(_("entschieden"), null=True)
    told_at = models.DateTimeField(_("erfahren"), null=True)

    class Meta:
        verbose_name = _("Rückbuchung")
        verbose_name_plural = _("Rückbuchungen")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["asked", "dropped", "open", "won", "lost"]),
                name="dispute_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(reversed_cents__lte=F("lost_cents"), lost_cents__lte=F("amount_cents")),
                name="dispute_lost_within",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["asked", "open"], closed_at=None)
                | ~Q(outcome__in=["asked", "open"]),
                name="dispute_open_not_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_inquiry(self) -> bool:
        """Whether the bank only asks: no money has left (yet)."""
        return self.outcome in {self.Outcome.ASKED, self.Outcome.DROPPED}
