from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import local_day
from foundation.working_days import working_days_later
from programs.models import Opportunity, Role
from volunteers.domain.provider_clock import FIRST_AFTER, Pressed
from volunteers.models.offer import Offer
from volunteers.models.time_pledge import TimePledge
from volunteers.models.volunteer import Volunteer, heads_sane


class Placement(models.Model):
    """An Einsatz: this volunteer, this role, from–until. While it is not over it has a place for each head.

    `stays_since_on`: when the person last said that they are still there, although they had no date for long;
    `asked_to_stay_on`: when they were last asked that. While it waits for the provider `pressed` says who has
    been reminded so far (`Pressed`).
    """

    class Status(models.TextChoices):
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("wartet auf den Träger")
        AWAITING_CLEARANCE = "awaiting_clearance", _("wartet auf Unterlagen")
        ACTIVE = "active", _("im Einsatz")
        ENDED = "ended", _("beendet")
        CANCELLED = "cancelled", _("abgesagt")

    HOLDING = (Status.AWAITING_CONFIRMATION, Status.AWAITING_CLEARANCE, Status.ACTIVE)
    """While it is in one of these it holds a place, a person's time and hours."""

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="placements", verbose_name=_("Person")
    )
    pledge = models.ForeignKey(
        TimePledge, models.PROTECT, related_name="placements", verbose_name=_("Zusage")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="placements", db_index=False, verbose_name=_("Aufgabe")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="placements", verbose_name=_("Rolle"))
    offer = models.OneToOneField(
        Offer, models.SET_NULL, null=True, related_name="placement", verbose_name=_("Anfrage")
    )
    status = models.CharField(_("Stand"), max_length=24, choices=Status.choices)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    created_at = models.DateTimeField(_("angelegt"))
    from_on = models.DateField(_("ab"), null=True)
    until_on = models.DateField(_("bis"), null=True)
    stays_since_on = models.DateField(_("bleibt seit"), null=True, editable=False)
    asked_to_stay_on = models.DateField(_("gefragt, ob es weitergeht, am"), null=True, editable=False)
    calendar_uid = models.CharField(_("Kennung im Kalender"), max_length=80, unique=True)
    calendar_changes = models.PositiveIntegerField(
        _("Änderungen im Kalender"), default=0, db_default=0, editable=False
    )
    heads = models.PositiveSmallIntegerField(_("Zahl der Personen"), default=1, db_default=1, editable=False)
    pressed = models.PositiveSmallIntegerField(_("Erinnerungen"), default=0, editable=False)
    pressed_at = models.DateTimeField(_("zuletzt erinnert"), null=True, editable=False)

    class Meta:
        verbose_name = _("Einsatz")
        verbose_name_plural = _("Einsätze")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "opportunity"],
                condition=~Q(status__in=["ended", "cancelled"]),
                name="placement_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(from_on__isnull=False), name="placement_active_has_start"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="placement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(pressed=0, pressed_at__isnull=True)
                | Q(pressed__gte=1, pressed__lte=3, pressed_at__isnull=False),
                name="placement_pressed_has_moment",
            ),
            heads_sane("placement_heads_sane"),
        ]
        indexes = [models.Index(fields=["opportunity", "status"], name="placement_of_opportunity")]

    def __str__(self) -> str:
        return f"{self.volunteer} – {self.opportunity}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one is at the task of its role."""
        if self._state.adding:
            self.opportunity_id = self.role.opportunity_id
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """What it is about: the task, and which of its roles if there are several."""
        return self.role.title_in(self.opportunity)

    @property
    def who(self) -> str:
        """Who it is, in short, and how many come."""
        return self.volunteer.with_heads(self.heads)

    @property
    def holds_place(self) -> bool:
        """Whether it is not over."""
        return self.status in self.HOLDING

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the provider has to say yes or no."""
        return self.status == self.Status.AWAITING_CONFIRMATION

    @property
    def confirm_by_on(self) -> date:
        """The last day on which the provider answers without being reminded."""
        days = FIRST_AFTER[self.Status.AWAITING_CONFIRMATION]
        return working_days_later(local_day(self.status_changed_at), days)

    @property
    def rests(self) -> bool:
        """Whether it has not begun and cannot for now, because the provider is not verified (any more)."""
        return self.from_on is None and self.holds_place and not self.opportunity.provider.is_verified

    @property
    def awaits_youth_office(self) -> bool:
        """Whether the youth office looks after it now, because the provider did not answer."""
        return self.awaits_confirmation and self.pressed == Pressed.YOUTH_OFFICE

    @property
    def was_reminded_of(self) -> bool:
        """Whether the provider has been reminded that it has to confirm."""
        return self.awaits_confirmation and self.pressed > Pressed.NOBODY

    @property
    def awaits_clearance(self) -> bool:
        """Whether the safeguarding officer has to inspect a certificate."""
        return self.status == self.Status.AWAITING_CLEARANCE

    @property
    def has_been_confirmed(self) -> bool:
        """Whether the provider said yes and it is not over."""
        return self.awaits_clearance or self.is_active

    @property
    def badge_kind(self) -> str:
        """How the status looks."""
        kinds = {"awaiting_confirmation": "warning", "awaiting_clearance": "info", "active": "success"}
        return kinds.get(self.status, "neutral")

    @property
    def has_begun(self) -> bool:
        """Whether the person has been active in it."""
        return self.from_on is not None and self.holds_place

    @property
    def is_active(self) -> bool:
        """Whether the person may come."""
        return self.status == self.Status.ACTIVE


class HoursEntry(models.Model):
    """A Stundennachweis: minutes given on a day, confirmed by the provider; who stood in has no placement.

    Of a group each of the `heads` that came gave these minutes.
    """

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="hours", db_index=False, verbose_name=_("Person")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="hours", verbose_name=_("Aufgabe")
    )
    placement = models.ForeignKey(
        Placement, models.PROTECT, null=True, related_name="hours", verbose_name=_("Einsatz")
    )
    assignment = models.OneToOneField(
        "Assignment", models.SET_NULL, null=True, related_name="hours", verbose_name=_("Einteilung")
    )
    worked_on = models.DateField(_("am"))
    minutes = models.PositiveIntegerField(_("Minuten"))
    heads = models.PositiveSmallIntegerField(_("Zahl der Personen"), default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(_("angelegt"))

    class Meta:
        verbose_name = _("Stundennachweis")
        verbose_name_plural = _("Stundennachweise")
        ordering = ["-worked_on"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="hours_within_a_day"),
            heads_sane("hours_heads_sane"),
        ]
        indexes = [
            models.Index(fields=["worked_on"], name="hours_by_day"),
            models.Index(fields=["volunteer", "opportunity", "worked_on"], name="hours_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.worked_on}: {self.minutes}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What was given in a placement is of its person and its task."""
        if self._state.adding and self.placement is not None:
            self.volunteer_id, self.opportunity_id = (
                self.placement.volunteer_id,
                self.placement.opportunity_id,
            )
        super().save(*args, **kwargs)
