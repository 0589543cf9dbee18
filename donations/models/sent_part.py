from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.proposal import Proposal


class SentPart(models.Model):
    """A Teil eines Abgangs: one of several payouts and refunds that a line of the bank paid at once.

    `proposal` says so of its line; `order` is what was released. `key` is that of its booking, null
    as long as it is not booked: until a second person releases it, and after a correction.
    """

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="parts", db_index=False, verbose_name=_("Vorschlag")
    )
    order = models.ForeignKey(
        Proposal, models.PROTECT, related_name="sent_parts", verbose_name=_("Freigabe, die damit bezahlt ist")
    )
    cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    key = models.CharField(_("Buchungsschlüssel"), max_length=60, unique=True, null=True)

    class Meta:
        verbose_name = _("Teil eines Abgangs")
        verbose_name_plural = _("Teile von Abgängen")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="sent_part_of_something"),
            models.UniqueConstraint(fields=["proposal", "order"], name="sent_part_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(key__isnull=False), name="sent_part_one_line_of_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.cents} Cent"
