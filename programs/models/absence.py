from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Absence(models.Model):
    """Days on which somebody who acts for a provider is away, both included; so long deputies act."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    from_on = models.DateField(_("erster Tag"))
    until_on = models.DateField(_("letzter Tag"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")), name="staff_away_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_on}–{self.until_on}"
