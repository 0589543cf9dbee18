from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Opportunity
from volunteers.models.volunteer import Volunteer


class Clearance(models.Model):
    """An Einsichtnahme: the fact of inspection, the certificate's date, and (by existing) the result.

    § 72a Abs. 5 SGB VIII allows exactly three facts: that it was inspected, the certificate's date, and
    whether a relevant conviction stands in it. A relevant entry is never stored: the placement ends instead,
    so a row means "no relevant entry". Keyed by person and activity of one provider; no passport.
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="clearances", db_index=False)
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="clearances")
    certificate_on = models.DateField(_("Datum des Führungszeugnisses"))

    class Meta:
        verbose_name = _("Einsichtnahme")
        verbose_name_plural = _("Einsichtnahmen")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "opportunity"], name="clearance_per_activity")
        ]

    def __str__(self) -> str:
        return str(self.pk)
