from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import ShiftRole


class AcceptedGap(models.Model):
    """That a date takes place with fewer people in a role than it has seats for: `people` are enough.

    It holds while so many come; where one of them gives the date back, somebody is missing again.
    """

    seats = models.OneToOneField(ShiftRole, models.CASCADE, related_name="accepted_gap")
    people = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("hingenommene Lücke")
        verbose_name_plural = _("hingenommene Lücken")

    def __str__(self) -> str:
        return str(self.seats_id)
