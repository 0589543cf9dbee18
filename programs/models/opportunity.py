from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.searching import searched
from programs.domain.activities import Site
from programs.domain.choices import AgeBand, Field, Weekday
from programs.domain.rhythms import Rhythm, Share, weekly_shares
from programs.domain.texts import Block, blocks
from programs.models.district import District
from programs.models.program import Program
from programs.models.provider import Provider
from programs.wording.rhythms import times_in_words


class Opportunity(models.Model):
    """An Engagementangebot: a task at a place at weekly times for which people are needed.

    How many and what is asked of them stands in its roles, of which it has one or more; what is said here of
    places and protection is read from them, best with `roles` prefetched.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        IN_REVIEW = "in_review", _("wartet auf Freigabe")
        PUBLISHED = "published", _("veröffentlicht")
        PAUSED = "paused", _("pausiert")
        CLOSED = "closed", _("beendet")

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="opportunities", verbose_name=_("Träger"), db_index=False
    )
    program = models.ForeignKey(
        Program,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("Angebot"),
    )
    title = models.CharField(_("Titel"), max_length=120)
    slug = models.SlugField(_("Kürzel"), max_length=140, unique=True)
    task = models.TextField(_("Aufgabe"))
    field = models.CharField(_("Handlungsfeld"), max_length=12, choices=Field.choices)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="opportunities", verbose_name=_("Stadtteil")
    )
    site = models.CharField(_("Ort"), max_length=200)
    site_kind = models.CharField(
        _("Art des Ortes"), max_length=20, choices=Site.choices, blank=True, default="", db_default=""
    )
    latitude = models.FloatField(_("Breite"))
    longitude = models.FloatField(_("Länge"))
    age_bands = ArrayField(
        models.CharField(max_length=5, choices=AgeBand.choices),
        default=list,
        blank=True,
        verbose_name=_("Alter der Kinder"),
    )
    staff_is_there = models.BooleanField(
        _("Bei jedem Termin ist eine erwachsene Person des Trägers dabei"), default=False, db_default=False
    )
    reminds_each = models.BooleanField(_("vor jedem Termin erinnern"), default=False, db_default=False)
    starts_on = models.DateField(_("beginnt am"))
    ends_on = models.DateField(_("endet am"), null=True, blank=True)
    expires_on = models.DateField(_("gilt bis"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("Stand"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    status_changed_at = models.DateTimeField(_("Stand seit"), editable=False)
    created_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("angelegt von"),
    )
    edited_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("bearbeitet von"),
    )
    is_demo = models.BooleanField(_("Beispieldaten"), default=False, editable=False)

    class Meta:
        verbose_name = _("Engagementangebot")
        verbose_name_plural = _("Engagementangebote")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="opportunity_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "field", "district"], name="opportunity_list"),
            models.Index(fields=["provider", "status"], name="opportunity_of_provider"),
            models.Index(
                fields=["-status_changed_at", "-id"],
                condition=Q(status="published"),
                name="opportunity_seeking",
            ),
            searched("title", name="opportunity_by_title"),
            searched("site", name="opportunity_by_site"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("opportunity", args=[self.slug])

    @property
    def places(self) -> int:
        """Places of all its roles."""
        return sum(role.places for role in self.roles.all())

    @property
    def places_taken(self) -> int:
        """Places of all its roles that people have."""
        return sum(role.places_taken for role in self.roles.all())

    @property
    def places_held(self) -> int:
        """Places of all its roles that are kept for somebody who is asked."""
        return sum(role.places_held for role in self.roles.all())

    @property
    def has_place_free(self) -> bool:
        """Whether one of its roles has a place free."""
        return any(role.has_place_free for role in self.roles.all())

    @property
    def has_several_roles(self) -> bool:
        """Whether screens have to tell its roles apart."""
        return len(self.roles.all()) > 1

    @property
    def contact_with_minors(self) -> bool:
        """Whether people meet children in one of its roles."""
        return any(role.contact_with_minors for role in self.roles.all())

    @property
    def clearance_required(self) -> bool:
        """Whether one of its roles asks for a certificate."""
        return any(role.clearance_required for role in self.roles.all())

    @property
    def seeks_people(self) -> bool:
        """True if it is published and a place is free."""
        return self.status == self.Status.PUBLISHED and self.has_place_free

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def awaits_release(self) -> bool:
        return self.status == self.Status.IN_REVIEW

    @property
    def is_unpublished(self) -> bool:
        """True while it is written or waits for release."""
        return self.is_draft or self.awaits_release

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_public(self) -> bool:
        """True if it is published and its provider is (still) verified."""
        return self.is_published and self.provider.is_verified

    @property
    def last_on(self) -> date | None:
        """The last day of its period, or on which what is said of it is valid, whichever comes first."""
        return min(filter(None, (self.ends_on, self.expires_on)), default=None)

    @property
    def is_paused(self) -> bool:
        return self.status == self.Status.PAUSED

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def badge(self) -> str:
        """Which kind of badge shows its status."""
        return {"draft": "neutral", "in_review": "sun", "published": "success", "paused": "info"}.get(
            self.status, "neutral"
        )

    @property
    def rhythms(self) -> list[Rhythm]:
        """When its dates are; none where they are agreed on."""
        return [series.rhythm for series in self.series.all()]

    @property
    def place(self) -> str:
        """Where people meet, in words."""
        return f"{self.site}, {self.district}"

    @property
    def times_text(self) -> str:
        """When its dates are, in words."""
        return times_in_words(self.rhythms)

    @property
    def period_text(self) -> str:
        """From when and until when there are dates, in words."""
        start = date_format(self.starts_on, "j. F Y")
        if self.ends_on is None:
            return gettext("ab %(start)s, ohne festes Ende") % {"start": start}
        return gettext("%(start)s bis %(end)s") % {"start": start, "end": date_format(self.ends_on, "j. F Y")}

    @property
    def weekly_shares(self) -> list[Share]:
        """The times of the week that its dates take, with how often they come."""
        return weekly_shares(self.rhythms)

    @property
    def task_blocks(self) -> list[Block]:
        """The task, taken apart into paragraphs and lists."""
        return blocks(self.task)

    @property
    def age_labels(self) -> list[str]:
        return [str(AgeBand(band).label) for band in self.age_bands]


class WeeklySlot(models.Model):
    """A time of the week that an opportunity takes; half open [start, end) in minutes of the local day.

    Derived from its series for the matcher and the finder (programs.services.series), written nowhere else.
    `in_four_weeks` tells how often it comes: what is every second week takes half.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="slots", db_index=False)
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday.choices)
    start_minute = models.PositiveSmallIntegerField(_("Beginn (Minute des Tages)"))
    end_minute = models.PositiveSmallIntegerField(_("Ende (Minute des Tages)"))
    in_four_weeks = models.PositiveSmallIntegerField(_("wie oft in vier Wochen"), default=4, db_default=4)

    class Meta:
        verbose_name = _("wöchentliche Zeit")
        verbose_name_plural = _("wöchentliche Zeiten")
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440, weekday__lte=6),
                name="slot_within_day",
            ),
            models.CheckConstraint(
                condition=Q(in_four_weeks__gte=1, in_four_weeks__lte=4), name="slot_in_four_weeks"
            ),
            models.UniqueConstraint(fields=["opportunity", "weekday", "start_minute"], name="slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_minute // 60:02}:{self.start_minute % 60:02}"
