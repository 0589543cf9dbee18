from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.domain.closures import ClosedDays, ClosureReason
from programs.models.opportunity import Opportunity


class ShiftSeries(models.Model):
    """A Terminserie: a recurrence rule (RFC 5545) in local time from which shifts are rolled out."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="series")
    rrule = models.CharField(_("Wiederholung (RRULE)"), max_length=200)
    first_on = models.DateField(_("erster Tag"))
    start_minute = models.PositiveSmallIntegerField(_("Beginn (Minute des Tages)"))
    end_minute = models.PositiveSmallIntegerField(_("Ende (Minute des Tages)"))
    rolled_out_until = models.DateField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

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


class Closure(models.Model):
    """An Ausfall: days on which no dates take place, both included, or from a day on until further notice.

    It holds for dates that are there and for those rolled out later; taken back, its dates take place again.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="closures")
    from_on = models.DateField(_("von"))
    until_on = models.DateField(_("bis"), null=True)
    reason = models.CharField(_("Grund"), max_length=12, choices=ClosureReason.choices)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("Ausfall")
        verbose_name_plural = _("Ausfälle")
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="closure_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.from_on}"

    @property
    def reason_text(self) -> str:
        """The reason in words."""
        return str(ClosureReason(self.reason).label)

    @property
    def is_one_day(self) -> bool:
        """Whether it is about a single day."""
        return self.until_on == self.from_on

    @property
    def days(self) -> ClosedDays:
        """Its days as the rules reckon with them."""
        return ClosedDays(self.pk, self.from_on, self.until_on)


class Shift(models.Model):
    """A Termin: one dated occurrence, half open [starts_at, ends_at).

    A change moves the row: same key, `sequence` one higher, so that whoever is expected and every calendar
    entry follow (RFC 5545 §3.8.7.4). `places_taken` is moved only by a conditional UPDATE
    (programs.services.seats); the CHECK makes an overbooked date impossible.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="shifts")
    series = models.ForeignKey(ShiftSeries, models.SET_NULL, null=True, related_name="shifts")
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    is_cancelled = models.BooleanField(_("fällt aus"), default=False)
    closure = models.ForeignKey(Closure, models.SET_NULL, null=True, editable=False, related_name="shifts")
    sequence = models.PositiveIntegerField(default=0, editable=False)
    places = models.PositiveSmallIntegerField(_("Plätze"), default=1, db_default=1)
    places_taken = models.PositiveSmallIntegerField(
        _("vergebene Plätze"), default=0, db_default=0, editable=False
    )

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="shift_ends_after_start"),
            models.UniqueConstraint(fields=["opportunity", "starts_at"], name="shift_once"),
            models.CheckConstraint(
                condition=Q(closure__isnull=True) | Q(is_cancelled=True), name="shift_closed_is_cancelled"
            ),
            models.CheckConstraint(condition=Q(places_taken__lte=F("places")), name="shift_never_overbooked"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} {self.starts_at:%d.%m.%Y}"
