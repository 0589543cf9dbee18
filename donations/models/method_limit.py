from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.recurring import METHODS, Method
from foundation.plausible_amounts import an_amount


class MethodLimit(models.Model):
    """The most that one payment in a way of paying takes.

    The newest that is valid on a day counts; where none is, `domain.methods.MOST_CENTS`.
    """

    method = models.CharField(_("Weg"), max_length=12, choices=Method.choices)
    most_cents = models.PositiveBigIntegerField(
        _("höchstens so viel auf einmal, in Cent"), validators=[an_amount]
    )
    valid_from = models.DateField(_("gilt ab"))
    source = models.CharField(
        _("Quelle"),
        max_length=300,
        help_text=_("Zum Beispiel: Stripe, SEPA-Lastschrift, Grenze je Einzug, gelesen am 3. März 2026."),
    )

    class Meta:
        verbose_name = _("Obergrenze eines Zahlungswegs")
        verbose_name_plural = _("Obergrenzen der Zahlungswege")
        ordering = ["method", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(most_cents__gt=0), name="method_limit_something"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="method_limit_known"),
            models.UniqueConstraint(fields=["method", "valid_from"], name="method_limit_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.most_cents} Cent, {self.valid_from:%d.%m.%Y}"
