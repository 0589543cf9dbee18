"""Looking for somebody who takes one date of somebody else."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.assignment import Assignment
from volunteers.models.time_pledge import TimePledge


class StandInSearch(models.Model):
    """An Ersatzsuche for the seat that `absent` has given back; `look_at` is when the next step is due.

    Found is whoever says yes first. Nobody left to ask: the provider knows and a late yes still counts.
    """

    class Status(models.TextChoices):
        SEARCHING = "searching", _("Ersatz gesucht")
        FOUND = "found", _("Ersatz gefunden")
        EXHAUSTED = "exhausted", _("kein Ersatz gefunden")
        ENDED = "ended", _("Suche beendet")

    OPEN = (Status.SEARCHING, Status.EXHAUSTED)
    """While it is in one of these a yes still helps."""

    absent = models.ForeignKey(Assignment, models.CASCADE, related_name="searches")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SEARCHING)
    status_changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    look_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Ersatzsuche")
        verbose_name_plural = _("Ersatzsuchen")
        constraints = [
            models.UniqueConstraint(
                fields=["absent"], condition=Q(status__in=["searching", "exhausted"]), name="search_open_once"
            )
        ]
        indexes = [models.Index(fields=["look_at"], condition=Q(status="searching"), name="search_due")]

    def __str__(self) -> str:
        return f"{self.absent.shift}: {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        """Whether a yes still helps."""
        return self.status in self.OPEN

    @property
    def is_searching(self) -> bool:
        """Whether people are being asked."""
        return self.status == self.Status.SEARCHING


class StandInQuestion(models.Model):
    """The question to take one date, put to one person; a yes gives them the `assignment`.

    `asked_for` is when the date began as they were asked: it may be moved since.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("gefragt")
        ACCEPTED = "accepted", _("springt ein")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("keine Antwort")
        WITHDRAWN = "withdrawn", _("erledigt")

    search = models.ForeignKey(StandInSearch, models.CASCADE, related_name="questions", db_index=False)
    pledge = models.ForeignKey(TimePledge, models.PROTECT, related_name="stand_in_questions")
    assignment = models.OneToOneField(
        Assignment, models.SET_NULL, null=True, related_name="stand_in_question"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SENT)
    status_changed_at = models.DateTimeField()
    asked_for = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Frage nach Ersatz")
        verbose_name_plural = _("Fragen nach Ersatz")
        constraints = [
            models.UniqueConstraint(fields=["search", "pledge"], name="stand_in_asked_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="stand_in_answered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.get_status_display()}"

    @property
    def waits(self) -> bool:
        """Whether there is no answer yet, in time or not."""
        return self.status in (self.Status.SENT, self.Status.EXPIRED)

    @property
    def comes(self) -> bool:
        """Whether the person who said yes is still to come, or was there."""
        expected = (Assignment.Status.CONFIRMED, Assignment.Status.ATTENDED)
        return self.assignment is not None and self.assignment.status in expected

    def may_be_accepted(self, now: datetime) -> bool:
        """Whether a yes, even a late one, would help now."""
        shift = self.search.absent.shift
        takes_place = not shift.is_cancelled and shift.starts_at > now and shift.opportunity.is_public
        return self.waits and self.search.is_open and takes_place
