from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.models.opportunity import Opportunity


class ShiftSeries(models.Model):
    """A Terminserie: a recurrence rule (RFC 5545) in local time from which shifts are rolled out."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="series")
    rrule = models.CharField(_("Wiederholung (RRULE)"), max_length=200)
    first_on = models.DateField(_("erster Tag"))
    start_minute = models.PositiveSmallIntegerField(_("Beginn (Minute des Tages)"))
    end_minute = models.PositiveSmallIntegerField(_("Ende (Minute des Tages)"))
    rolled_out_until = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("Terminserie")
        verbose_name_plural = _("Terminserien")
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440), name="series_within_day"
            ),
            models.UniqueConstraint(
                fields=["opportunity", "rrule", "start_minute"], name="series_once_per_opportunity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.rrule}"


class Shift(models.Model):
    """A Termin: one dated occurrence, half open [starts_at, ends_at)."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="shifts")
    series = models.ForeignKey(ShiftSeries, models.SET_NULL, null=True, related_name="shifts")
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    is_cancelled = models.BooleanField(_("fällt aus"), default=False)

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="shift_ends_after_start"),
            models.UniqueConstraint(fields=["opportunity", "starts_at"], name="shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} {self.starts_at:%d.%m.%Y}"
