from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Provider


class StripeTransit(models.Model):
    """An Auszahlung von Stripe, once by its identity: on its way until the line of the bank is there.

    With `failed_at` it went back to Stripe. The lines of the bank point here. Below nothing it is what Stripe
    takes from the bank, where more went back to givers than it still held.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="stripe_transits")
    external_id = models.CharField(max_length=120, unique=True)
    amount_cents = models.BigIntegerField(_("Betrag in Cent"))
    created_at = models.DateTimeField(_("abgeschickt"))
    arrives_on = models.DateField(_("erwartet am"))
    failed_at = models.DateTimeField(_("misslungen"), null=True)

    class Meta:
        verbose_name = _("Auszahlung von Stripe")
        verbose_name_plural = _("Auszahlungen von Stripe")
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_cents=0), name="transit_moves_something")
        ]

    def __str__(self) -> str:
        return self.external_id
