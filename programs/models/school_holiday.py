from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import day_and_time
from programs.models.loaded import LoadedRow
from programs.models.opportunity import Opportunity


class SchoolHoliday(LoadedRow):
    """School holidays of the Land, both days included; series may leave their days out."""

    name = models.CharField(_("Name"), max_length=60)
    first_on = models.DateField(_("erster Ferientag"))
    last_on = models.DateField(_("letzter Ferientag"))

    class Meta:
        verbose_name = _("Schulferien")
        verbose_name_plural = _("Schulferien")
        ordering = ["first_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="school_holiday_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_on:%d.%m.%Y}"


class DatesToFollow(models.Model):
    """A task whose coming dates wait to follow school holidays that were edited at `since`, the last time."""

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("Termine, die Schulferien folgen")
        verbose_name_plural = _("Termine, die Schulferien folgen")
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.opportunity}: {day_and_time(self.since)}"
