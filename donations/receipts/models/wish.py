from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models import Donation


class WishRefusal(models.Model):
    """The answer to a wish for a receipt that is not fulfilled, and why."""

    class Why(models.TextChoices):
        NAME = "name", _("Name oder Anschrift sind unvollständig oder stimmen nicht.")
        PURPOSE = "purpose", _("Für diesen Spendenzweck ist sie steuerlich nicht vorgesehen.")
        ELSEWHERE = "elsewhere", _("Für diese Spende gibt es schon eine Bestätigung auf Papier.")
        BODY = "body", _("Der Empfänger darf zurzeit keine ausstellen.")

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="receipt_refusal")
    why = models.CharField(_("Grund"), max_length=10, choices=Why.choices)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    refused_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Abgelehnter Wunsch")
        verbose_name_plural = _("Abgelehnte Wünsche")
        constraints = [
            models.CheckConstraint(
                condition=Q(why__in=["name", "purpose", "elsewhere", "body"]), name="wish_refusal_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.donation_id}: {self.why}"
