from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.volunteer import Volunteer


class PersonMerge(models.Model):
    """That two rows are one person: which pledges of `double` went to `kept`, so that they can go back.

    As long as it is not undone `double` is nobody who is listed. `took_age`: `kept` counts as under 18 as
    `double` had said so, and has said nothing about their age since.
    """

    kept = models.ForeignKey(Volunteer, models.CASCADE, related_name="merged_here")
    double = models.ForeignKey(Volunteer, models.CASCADE, related_name="merges")
    pledge_ids = ArrayField(models.BigIntegerField(), default=list)
    took_age = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Zusammenführung")
        verbose_name_plural = _("Zusammenführungen")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["double"], condition=Q(undone_at=None), name="person_merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("double")), name="person_not_merged_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.double_id} → {self.kept_id}"
