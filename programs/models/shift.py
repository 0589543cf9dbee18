from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _told
from django.utils.translation import gettext_lazy as _

from foundation.clock import local_day
from foundation.units import MinuteOfDay
from programs.domain.closures import ClosedDays, ClosureReason
from programs.domain.rhythms import Rhythm
from programs.models.opportunity import Opportunity
from programs.models.role import Role
from programs.wording.rhythms import times_in_words


class ShiftSeries(models.Model):
    """A Terminserie, the truth about when a task is: dates are rolled out from it, the matcher's weekly slots
    derived from it (programs.services.series).

    In local time: a recurrence rule (RFC 5545), counted from `first_on`, or single days (RDATE), without the
    EXDATEs and without holidays where it says so. An `end_minute` beyond 1440 lies on the next day.
    """

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="series", verbose_name=_("Aufgabe")
    )
    rrule = models.CharField(_("Wiederholung (RRULE)"), max_length=200, blank=True)
    rdates = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("einzelne Tage (RDATE)"))
    exdates = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("nicht am (EXDATE)"))
    skips_public_holidays = models.BooleanField(_("nicht an Feiertagen"), default=False, db_default=False)
    skips_school_holidays = models.BooleanField(
        _("nicht in den Schulferien"), default=False, db_default=False
    )
    first_on = models.DateField(_("erster Tag"))
    start_minute = models.PositiveSmallIntegerField(_("Beginn (Minute des Tages)"))
    end_minute = models.PositiveSmallIntegerField(_("Ende (Minute des Tages)"))
    rolled_out_until = models.DateField(_("Termine angelegt bis"), null=True, editable=False)
    sequence = models.PositiveIntegerField(_("Fassung im Kalender"), default=0, editable=False)

    class Meta:
        verbose_name = _("Terminserie")
        verbose_name_plural = _("Terminserien")
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=F("start_minute") + 1440)
                & Q(start_minute__lt=1440),
                name="series_within_a_day",
            ),
            models.CheckConstraint(condition=~Q(rrule="", rdates=[]), name="series_has_days"),
            models.UniqueConstraint(
                fields=["opportunity", "rrule", "start_minute"],
                condition=~Q(rrule=""),
                name="series_once_per_opportunity",
            ),
            models.UniqueConstraint(
                fields=["opportunity", "start_minute", "end_minute"],
                condition=Q(rrule=""),
                name="series_of_days_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.rhythm_text}"

    @property
    def rhythm(self) -> Rhythm:
        """What it repeats, as the rules reckon with it."""
        return Rhythm(
            self.rrule,
            MinuteOfDay(self.start_minute),
            MinuteOfDay(self.end_minute),
            tuple(self.rdates),
            tuple(self.exdates),
            self.skips_public_holidays,
            self.skips_school_holidays,
        )

    @property
    def rhythm_text(self) -> str:
        """When it is, in words."""
        return times_in_words([self.rhythm])


class Closure(models.Model):
    """An Ausfall: days on which no dates take place, both included, or from a day on until further notice.

    It holds for dates that are there and for those rolled out later; taken back, its dates take place again.
    With `only` it is about that one date, on whose day others may take place.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="closures")
    from_on = models.DateField(_("von"))
    until_on = models.DateField(_("bis"), null=True)
    only = models.ForeignKey(
        "Shift",
        models.CASCADE,
        null=True,
        editable=False,
        related_name="own_closures",
        verbose_name=_("nur der Termin"),
    )
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
            models.CheckConstraint(
                condition=Q(only__isnull=True) | Q(until_on=F("from_on"), until_on__isnull=False),
                name="closure_of_a_date_is_of_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.from_on}"

    @property
    def reason_text(self) -> str:
        """The reason in words; of one date of a day it is not said of the day."""
        if self.only_id is not None and self.reason == ClosureReason.NOT_NEEDED:
            return _told("Die Hilfe wird zu dieser Zeit nicht gebraucht")
        return str(ClosureReason(self.reason).label)

    @property
    def is_one_day(self) -> bool:
        """Whether it is about a single day."""
        return self.until_on == self.from_on

    @property
    def days(self) -> ClosedDays:
        """Its days as the rules reckon with them."""
        return ClosedDays(self.pk, self.from_on, self.until_on, self.only_id)


class Shift(models.Model):
    """A Termin: one dated occurrence, half open [starts_at, ends_at).

    A change moves the row: same key, `sequence` one higher, so that whoever is expected and every calendar
    entry follow (RFC 5545 §3.8.7.4). How many people it needs stands in its seats, one row for each role.
    `repeated_by` is the key of a series that repeated it and is none any more: calendars have it still.
    """

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="shifts", verbose_name=_("Aufgabe"), db_index=False
    )
    series = models.ForeignKey(
        ShiftSeries, models.SET_NULL, null=True, related_name="shifts", verbose_name=_("Serie")
    )
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    is_cancelled = models.BooleanField(_("fällt aus"), default=False)
    closure = models.ForeignKey(
        Closure,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="shifts",
        verbose_name=_("Schließzeit"),
    )
    sequence = models.PositiveIntegerField(_("Fassung im Kalender"), default=0, editable=False)
    repeated_by = models.PositiveBigIntegerField(_("wiederholt durch"), null=True, editable=False)

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
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} {local_day(self.starts_at):%d.%m.%Y}"

    @property
    def places(self) -> int:
        """How many people it needs, in all roles together."""
        return sum(seats.places for seats in self.seats.all())


class ShiftRole(models.Model):
    """The seats of one role on one date; every date that is not over has them for every role of its task.

    `places_taken` is moved only by a conditional UPDATE (programs.services.seats); the CHECK makes an
    overbooked date impossible.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="seats", db_index=False)
    role = models.ForeignKey(Role, models.CASCADE, related_name="seats")
    places = models.PositiveSmallIntegerField(_("Plätze"))
    places_taken = models.PositiveSmallIntegerField(
        _("vergebene Plätze"), default=0, db_default=0, editable=False
    )

    class Meta:
        verbose_name = _("Plätze eines Termins")
        verbose_name_plural = _("Plätze von Terminen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "role"], name="seats_once"),
            models.CheckConstraint(condition=Q(places_taken__lte=F("places")), name="seats_never_overbooked"),
        ]

    def __str__(self) -> str:
        return f"{self.shift}: {self.role}"

    @property
    def is_full(self) -> bool:
        """Whether nobody more can come in this role."""
        return self.places_taken >= self.places
