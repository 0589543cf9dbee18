"""Who is expected on which date, and what they have not been told of it yet."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Role, Shift
from volunteers.domain.seats import BINDS, ReleaseReason
from volunteers.models.placement import Placement
from volunteers.models.time_pledge import AvailabilityException, TimePledge
from volunteers.models.volunteer import Volunteer, heads_sane


class Assignment(models.Model):
    """An Einteilung: this person at this shift, in a role of its task.

    `absence` is why they stay away, if it is one.

    Who stands in for somebody has no placement there, only the question they said yes to. `heads` is how many
    seats it holds while it holds any: one, and of a group as many as come.
    `span` is when it binds the person: the time of the shift, null while that is cancelled. The database
    refuses a second one that overlaps. A released one holds neither time nor seat, `released_for` says why.
    """

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("eingeteilt")
        ON_HOLD = "on_hold", _("macht Pause bis zur Einsichtnahme")
        RELEASED = "released", _("nicht eingeteilt")
        STAND_IN_WANTED = "stand_in_wanted", _("Vertretung gesucht")
        ATTENDED = "attended", _("da gewesen")
        EXCUSED = "excused", _("entschuldigt")
        MISSED = "missed", _("gefehlt")
        CANCELLED = "cancelled", _("abgesagt")

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="assignments", db_index=False, verbose_name=_("Person")
    )
    placement = models.ForeignKey(
        Placement,
        models.CASCADE,
        null=True,
        related_name="assignments",
        db_index=False,
        verbose_name=_("Einsatz"),
    )
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="assignments", verbose_name=_("Termin"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("Rolle"))
    status = models.CharField(_("Stand"), max_length=16, choices=Status.choices, default=Status.CONFIRMED)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    span = DateTimeRangeField(_("Zeitraum"), null=True, editable=False)
    released_for = models.CharField(
        _("nicht eingeteilt wegen"),
        max_length=12,
        choices=ReleaseReason.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    heads = models.PositiveSmallIntegerField(_("Zahl der Personen"), default=1, db_default=1, editable=False)
    absence = models.ForeignKey(
        AvailabilityException,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="assignments",
        verbose_name=_("Abwesenheit"),
    )
    reminded_at = models.DateTimeField(_("erinnert"), null=True)

    class Meta:
        verbose_name = _("Einteilung")
        verbose_name_plural = _("Einteilungen")
        ordering = ["shift__starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "shift"], name="assignment_once"),
            models.UniqueConstraint(
                fields=["volunteer", "shift"], condition=Q(placement=None), name="assignment_stand_in_once"
            ),
            ExclusionConstraint(
                name="assignment_never_overlaps",
                expressions=[("volunteer", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(status__in=sorted(BINDS)),
            ),
            models.CheckConstraint(
                condition=Q(status="released") & ~Q(released_for="")
                | ~Q(status="released") & Q(released_for=""),
                name="assignment_released_has_reason",
            ),
            heads_sane("assignment_heads_sane"),
        ]
        indexes = [models.Index(fields=["volunteer", "shift"], name="assignment_of_person")]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.shift}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one is of the person and the role of its placement and binds while its date takes place."""
        if self._state.adding:
            if self.placement is not None:
                self.volunteer_id = self.volunteer_id or self.placement.volunteer_id
                self.role_id = self.placement.role_id
                self.heads = self.placement.heads
            self.span = span_of(self.shift)
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """What it is about: the task, and which of its roles if there are several."""
        return self.role.title_in(self.shift.opportunity)

    @property
    def who(self) -> str:
        """Who it is, in short, and how many come."""
        return self.volunteer.with_heads(self.heads)

    @property
    def pledge(self) -> TimePledge:
        """Through which pledge the person comes."""
        return self.placement.pledge if self.placement else self.stand_in_question.pledge

    @property
    def is_stand_in(self) -> bool:
        """Whether the person comes for somebody else, this once."""
        return self.placement_id is None

    @property
    def is_open(self) -> bool:
        """Whether nobody has noted yet who came."""
        return self.status == self.Status.CONFIRMED

    def is_expected(self, now: datetime) -> bool:
        """Whether the person is to come to it still."""
        return self.is_open and not self.shift.is_cancelled and self.shift.starts_at > now

    @property
    def has_come(self) -> bool:
        """Whether it is noted that they were there."""
        return self.status == self.Status.ATTENDED

    @property
    def heads_there(self) -> int:
        """How many were there as far as it is noted, else how many were expected."""
        given = getattr(self, "hours", None)
        return given.heads if given else self.heads

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """What else may be noted where it is noted already who came: value and words."""
        noted = (self.Status.ATTENDED, self.Status.EXCUSED, self.Status.MISSED)
        others = [each for each in noted if each != self.status]
        return [(each.value, str(each.label)) for each in others] if self.status in noted else []

    @property
    def is_excused(self) -> bool:
        """Whether the person stays away."""
        return self.status == self.Status.EXCUSED

    @property
    def is_released(self) -> bool:
        """Whether the person is not expected although the date is one of their task."""
        return self.status == self.Status.RELEASED

    @property
    def is_skipped(self) -> bool:
        """Whether the person stays away from this date alone, for no longer absence."""
        return self.is_excused and self.absence_id is None


class TimeRange(models.Func):
    """The half open range of two moments."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


def span_of(shift: Shift) -> DateTimeTZRange | None:
    """Return when this date binds a person; None while it is cancelled."""
    return None if shift.is_cancelled else DateTimeTZRange(shift.starts_at, shift.ends_at)


class DateNotice(models.Model):
    """A date somebody is expected on has changed and they have not been told: how it was when they knew.

    The row is the message: it goes as soon as the mail is written. `noted_at` is the first change since then,
    `touched_at` the latest.
    """

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="notice")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    was_cancelled = models.BooleanField()
    was_released = models.BooleanField(default=False, db_default=False)
    noted_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("geänderter Termin")
        verbose_name_plural = _("geänderte Termine")
        indexes = [models.Index(fields=["touched_at"], name="date_notice_due")]

    def __str__(self) -> str:
        return str(self.pk)
