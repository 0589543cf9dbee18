from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.plausible_amounts import an_amount
from programs.models import Provider


class AcceptanceRule(models.Model):
    """From how much on a body of the city has to accept what one giver gives in a calendar year.

    The newest rule that is valid on the day the money came counts. A body without one follows the
    installation's value.
    """

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="acceptance_rules", verbose_name=_("Träger"), db_index=False
    )
    from_cents = models.PositiveBigIntegerField(
        _("ab so viel in einem Kalenderjahr, in Cent"),
        validators=[an_amount],
        help_text=_("Alle Spenden derselben Person oder Organisation werden zusammengezählt."),
    )
    valid_from = models.DateField(_("gilt ab"))
    source = models.CharField(
        _("Quelle"),
        max_length=300,
        help_text=_("Zum Beispiel: Zuständigkeitsordnung, § 4 Absatz 2."),
    )

    class Meta:
        verbose_name = _("Regel für die Annahme von Spenden")
        verbose_name_plural = _("Regeln für die Annahme von Spenden")
        ordering = ["provider", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(from_cents__gt=0), name="acceptance_rule_from_something"),
            models.UniqueConstraint(fields=["provider", "valid_from"], name="acceptance_rule_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.from_cents} Cent, {self.valid_from:%d.%m.%Y}"
