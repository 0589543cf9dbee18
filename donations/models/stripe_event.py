from django.db import models
from django.utils.translation import gettext_lazy as _

from donations.domain.identities import DEFAULT
from foundation.clock import day_and_time


class StripeEvent(models.Model):
    """A Stripe event, stored once by its id before anything happens; may come twice, late, out of order.

    Only what it is about is kept: the object is read anew when the event is processed, and payers' names and
    addresses stay at Stripe.
    """

    event_id = models.CharField(_("Kennung"), max_length=100, unique=True)
    kind = models.CharField(_("Art"), max_length=80)
    noun = models.CharField(_("Gegenstand"), max_length=16, blank=True)
    subject_id = models.CharField(_("Kennung des Gegenstands"), max_length=120, blank=True)
    received_at = models.DateTimeField(_("gemeldet"))
    processed_at = models.DateTimeField(_("verarbeitet"), null=True)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    next_attempt_at = models.DateTimeField(_("nächster Versuch"), null=True)
    error = models.CharField(_("Fehler"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Stripe-Ereignis")
        verbose_name_plural = _("Stripe-Ereignisse")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    noun__in=["", "session", "payment", "dispute", "invoice", "subscription", "payout"]
                ),
                name="stripe_event_noun_known",
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="stripe_event_waiting",
                condition=models.Q(processed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class StripeCursor(models.Model):
    """Up to when the events of an account at Stripe have been fetched."""

    account = models.CharField(max_length=19, unique=True, default=DEFAULT, db_default=DEFAULT)
    caught_up_to = models.DateTimeField()

    class Meta:
        verbose_name = _("Stand des Abrufs")
        verbose_name_plural = _("Stand des Abrufs")

    def __str__(self) -> str:
        return f"{self.account}: {day_and_time(self.caught_up_to)}"
