from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import last_day
from programs.domain.choices import AgeBand, Field, Language, Skill, Weekday
from programs.models import District, Opportunity, Role
from volunteers.models.volunteer import Volunteer
from volunteers.wording.fields import fields_text


class TimePledge(models.Model):
    """A Zeitzusage: what somebody offers, when, where and how often.

    Every open pledge carries `answer_due_at`: silence after pledging must not happen. No field named means
    "wherever I am needed". `submission` is the form that was sent: sent twice, it makes one pledge.

    What was told on the phone or came on paper (`came_by`) was typed by `taken_by`; its consent was given on
    `consent_on`. Who types themselves consents by confirming.

    Of a skill people say yes (`skills`), that they want to learn it, or no (`lacking_skills`); what stands in
    none of the three was never asked.
    """

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("wartet auf Ihre Bestätigung")
        OPEN = "open", _("wir suchen etwas Passendes")
        PLACED = "placed", _("im Einsatz")
        PAUSED = "paused", _("pausiert")
        ENDED = "ended", _("beendet")
        LAPSED = "lapsed", _("verfallen")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    class CameBy(models.TextChoices):
        WEB = "web", _("selbst eingetragen")
        PHONE = "phone", _("am Telefon")
        PAPER = "paper", _("auf Papier")
        IN_PERSON = "in_person", _("im Gespräch")

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="pledges", verbose_name=_("Person"))
    came_by = models.CharField(
        _("gekommen"),
        max_length=10,
        choices=CameBy.choices,
        default=CameBy.WEB.value,
        db_default=CameBy.WEB.value,
    )
    consent_on = models.DateField(_("Einwilligung vom"), null=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("aufgenommen von"),
    )
    wanted_opportunity = models.ForeignKey(
        Opportunity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("gewünschte Aufgabe"),
    )
    wanted_role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="wishes", verbose_name=_("gewünschte Rolle")
    )
    fields = ArrayField(
        models.CharField(max_length=12, choices=Field.choices),
        default=list,
        verbose_name=_("Handlungsfelder"),
    )
    districts = models.ManyToManyField(District, blank=True, verbose_name=_("Stadtteile"))
    home_district = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Ihr Stadtteil")
    )
    max_distance_km = models.PositiveSmallIntegerField(_("Umkreis in km"), default=5)
    hours_per_week = models.PositiveSmallIntegerField(_("Stunden je Woche"), default=2)
    placements_wanted = models.PositiveSmallIntegerField(_("Einsätze zugleich"), default=1)
    skills = ArrayField(
        models.CharField(max_length=12, choices=Skill.choices),
        default=list,
        blank=True,
        verbose_name=_("Fähigkeiten"),
    )
    learning_skills = ArrayField(
        models.CharField(max_length=12, choices=Skill.choices),
        default=list,
        blank=True,
        verbose_name=_("möchte lernen"),
    )
    lacking_skills = ArrayField(
        models.CharField(max_length=12, choices=Skill.choices),
        default=list,
        blank=True,
        verbose_name=_("kann nicht"),
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language.choices),
        default=list,
        blank=True,
        verbose_name=_("Sprachen"),
    )
    age_bands = ArrayField(
        models.CharField(max_length=5, choices=AgeBand.choices),
        default=list,
        blank=True,
        verbose_name=_("Lieber mit Kindern im Alter von"),
    )
    note = models.CharField(_("Anmerkung"), max_length=300, blank=True)
    submission = models.UUIDField(
        _("Kennung der Eingabe"), db_default=RandomUUID(), unique=True, editable=False
    )
    status = models.CharField(_("Stand"), max_length=12, choices=Status.choices, default=Status.UNCONFIRMED)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    created_at = models.DateTimeField(_("angelegt"))
    link_renewed_at = models.DateTimeField(_("Link erneuert"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True)
    answer_due_at = models.DateTimeField(_("Antwort bis"), null=True)
    escalated_at = models.DateTimeField(_("weitergegeben"), null=True)
    paused_until = models.DateField(_("ruht bis"), null=True)

    class Meta:
        verbose_name = _("Zeitzusage")
        verbose_name_plural = _("Zeitzusagen")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="open") | Q(answer_due_at__isnull=False), name="pledge_open_has_due"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "placed"]) | Q(confirmed_at__isnull=False),
                name="pledge_open_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(status="paused") | Q(paused_until__isnull=False), name="pledge_paused_has_end"
            ),
            models.CheckConstraint(
                condition=Q(placements_wanted__gte=1, placements_wanted__lte=3), name="pledge_one_to_three"
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__gte=1, hours_per_week__lte=40), name="pledge_hours_sane"
            ),
            models.CheckConstraint(
                condition=Q(wanted_role__isnull=True, wanted_opportunity__isnull=True)
                | Q(wanted_role__isnull=False, wanted_opportunity__isnull=False),
                name="pledge_wants_a_role_of_a_task",
            ),
            models.CheckConstraint(
                condition=Q(came_by="web", consent_on=None) | ~Q(came_by="web") & Q(consent_on__isnull=False),
                name="pledge_taken_has_consent",
            ),
        ]
        indexes = [models.Index(fields=["status", "answer_due_at"], name="pledge_due")]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.get_status_display()}"

    @property
    def wanted_title(self) -> str:
        """The task somebody picked, and which of its roles if there are several; "" if they picked none."""
        if self.wanted_role is None or self.wanted_opportunity is None:
            return ""
        return self.wanted_role.title_in(self.wanted_opportunity)

    @property
    def answer_due_on(self) -> date | None:
        """The last day on which the promised answer is in time."""
        return last_day(self.answer_due_at) if self.answer_due_at else None

    @property
    def is_open(self) -> bool:
        """Whether something fitting is being looked for."""
        return self.status == self.Status.OPEN

    @property
    def is_running(self) -> bool:
        """Whether it is confirmed and not over."""
        return self.status in (self.Status.OPEN, self.Status.PLACED, self.Status.PAUSED)

    @property
    def is_paused(self) -> bool:
        """Whether nothing new is asked for a while."""
        return self.status == self.Status.PAUSED

    @property
    def fields_text(self) -> str:
        """The fields in words."""
        return fields_text(self.fields)


class Availability(models.Model):
    """A weekly window, half open [start, end) in minutes of the local day; touching ones are merged."""

    pledge = models.ForeignKey(TimePledge, models.CASCADE, related_name="windows", db_index=False)
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday.choices)
    start_minute = models.PositiveSmallIntegerField(_("von"))
    end_minute = models.PositiveSmallIntegerField(_("bis"))

    class Meta:
        verbose_name = _("Verfügbarkeit")
        verbose_name_plural = _("Verfügbarkeiten")
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440, weekday__lte=6),
                name="availability_within_day",
            ),
            models.UniqueConstraint(fields=["pledge", "weekday", "start_minute"], name="availability_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_minute}–{self.end_minute}"


class AvailabilityException(models.Model):
    """Days on which somebody cannot come, both ends included."""

    pledge = models.ForeignKey(TimePledge, models.CASCADE, related_name="exceptions")
    from_on = models.DateField(_("von"))
    until_on = models.DateField(_("bis"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("until_on")), name="absence_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.from_on}–{self.until_on}"

    @property
    def is_longer(self) -> bool:
        """Whether it is more than one day."""
        return self.until_on > self.from_on
