from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.bank import BankTransaction
from donations.models.donation import Donation


class Allocation(models.Model):
    """A Zuordnung: part of a bank line that pays a gift. A line may pay several, a gift come in several.

    `identity` is what the books know it by. Undone it stays, because its bookings stay.
    """

    line = models.ForeignKey(
        BankTransaction, models.PROTECT, related_name="allocations", verbose_name=_("Kontobewegung")
    )
    donation = models.ForeignKey(
        Donation, models.PROTECT, related_name="allocations", verbose_name=_("Spende")
    )
    cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    identity = models.CharField(_("Kennung"), max_length=60, unique=True)
    allocated_at = models.DateTimeField(_("zugeordnet"))
    undone_at = models.DateTimeField(_("aufgehoben"), null=True)

    class Meta:
        verbose_name = _("Zuordnung")
        verbose_name_plural = _("Zuordnungen")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="allocation_of_something"),
            models.UniqueConstraint(
                fields=["line", "donation"], condition=Q(undone_at=None), name="allocation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity}: {self.cents} Cent"
