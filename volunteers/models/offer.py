from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import last_day
from programs.models import Opportunity, Role
from volunteers.models.match_run import MatchRun
from volunteers.models.time_pledge import TimePledge
from volunteers.models.volunteer import heads_sane
from volunteers.wording.reasons import BY_HAND, reason_sentences, reason_texts


class Offer(models.Model):
    """An Anfrage: a question put to a volunteer, with the reasons why it fits.

    `answered_by` tells how an answer came that somebody who coordinates wrote down; who answers by their own
    link leaves it empty. A sent offer holds a place of its role (`Role.places_held`) until it is answered or
    expires. Nobody is asked the same twice in a season (`OFFER_SEASON_DAYS`), unless the question was
    withdrawn by us. Where time is short several share places (`Wave`), and whoever says yes first takes one.
    `heads` is how many of a group are asked, and how many places it holds; a group shares no place.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("vorgeschlagen")
        SENT = "sent", _("angefragt")
        ACCEPTED = "accepted", _("zugesagt")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("verstrichen")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    class Decline(models.TextChoices):
        TIME = "time", _("Die Zeit passt nicht")
        PLACE = "place", _("Der Weg ist zu weit")
        TASK = "task", _("Die Aufgabe passt nicht zu mir")
        LATER = "later", _("Gerade nicht, später gern")
        OTHER = "other", _("Anderer Grund")

    pledge = models.ForeignKey(TimePledge, models.PROTECT, related_name="offers", verbose_name=_("Zusage"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="offers", db_index=False, verbose_name=_("Aufgabe")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="offers", verbose_name=_("Rolle"))
    run = models.ForeignKey(
        MatchRun, models.SET_NULL, null=True, related_name="offers", verbose_name=_("Lauf")
    )
    heads = models.PositiveSmallIntegerField(_("Zahl der Personen"), default=1, db_default=1, editable=False)
    status = models.CharField(_("Stand"), max_length=12, choices=Status.choices, default=Status.PROPOSED)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    reasons = models.JSONField(_("Gründe"), default=list)
    score = models.FloatField(_("Punkte"), default=0)
    created_at = models.DateTimeField(_("angelegt"))
    sent_at = models.DateTimeField(_("gesendet"), null=True)
    expires_at = models.DateTimeField(_("gilt bis"), null=True)
    answered_at = models.DateTimeField(_("beantwortet"), null=True)
    is_shared = models.BooleanField(_("Platz geteilt"), default=False, db_default=False, editable=False)
    answered_by = models.CharField(
        _("Antwort kam"),
        max_length=10,
        choices=TimePledge.CameBy.choices,
        blank=True,
        db_default="",
        default="",
    )
    decline_reason = models.CharField(
        _("Grund der Absage"), max_length=12, choices=Decline.choices, blank=True
    )

    class Meta:
        verbose_name = _("Anfrage")
        verbose_name_plural = _("Anfragen")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "opportunity"],
                condition=Q(status__in=["proposed", "sent"]),
                name="offer_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False, expires_at__isnull=False),
                name="offer_sent_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="offer_answered_has_moment",
            ),
            heads_sane("offer_heads_sane"),
            models.CheckConstraint(
                condition=Q(is_shared=False) | Q(heads=1), name="offer_of_a_group_is_not_shared"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="offer_due", condition=Q(status="sent")),
            models.Index(fields=["pledge"], name="offer_to_put", condition=Q(status="proposed")),
            models.Index(fields=["opportunity", "status"], name="offer_of_opportunity"),
            models.Index(fields=["role"], name="offer_shared", condition=Q(status="sent", is_shared=True)),
        ]

    def __str__(self) -> str:
        return f"{self.pledge.volunteer} – {self.opportunity}: {self.get_status_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one is about the task of its role."""
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
        return self.pledge.volunteer.with_heads(self.heads)

    @property
    def reason_texts(self) -> list[str]:
        """Why it fits, in words."""
        return reason_texts(self.reasons)

    @property
    def reason_sentences(self) -> str:
        """Why the person is asked, said to them."""
        return reason_sentences(self.reasons)

    @property
    def in_spite_of(self) -> set[str]:
        """The gates that were closed when somebody asked by hand all the same."""
        by_hand = (each["values"] for each in self.reasons if each["code"] == BY_HAND)
        return {code for codes in by_hand for code in codes}

    @property
    def is_by_hand(self) -> bool:
        """Whether a person asked, not the matcher."""
        return any(each["code"] == BY_HAND for each in self.reasons)

    @property
    def is_accepted(self) -> bool:
        """Whether the person said yes, and so may be known to the provider."""
        return self.status == self.Status.ACCEPTED

    @property
    def is_sent(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == self.Status.SENT

    def may_be_accepted(self, now: datetime) -> bool:
        """Whether a yes would count now."""
        return self.is_sent and not self.ran_out(now) and self.opportunity.is_public

    @property
    def badge_kind(self) -> str:
        """How the status looks."""
        return {"sent": "info", "accepted": "success"}.get(self.status, "neutral")

    def ran_out(self, now: datetime) -> bool:
        """Whether it ended, or ends with the next sweep, because no answer came in time."""
        is_late = self.is_sent and self.expires_at is not None and self.expires_at <= now
        return is_late or self.status == self.Status.EXPIRED

    @property
    def answer_by_on(self) -> date | None:
        """The last day on which a yes counts."""
        return last_day(self.expires_at) if self.expires_at else None

    @property
    def asks_for_rest(self) -> bool:
        """Whether the answer was "not now, later"."""
        return self.decline_reason == self.Decline.LATER
