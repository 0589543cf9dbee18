from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.domain.choices import Language, Skill
from programs.models.opportunity import Opportunity


class Role(models.Model):
    """An Aufgabe within an Engagementangebot: how many people it needs, and what of them.

    Where there is only one it has no name and no screen speaks of it. `places_taken` are those of people who
    are there or come, `places_held` those kept for somebody who is asked; both are moved only by conditional
    UPDATEs (programs.services.places), and the CHECK makes an overbooked row impossible.
    `contact_with_minors` and `clearance_required` are those of its activity, which the youth office decides;
    the database refuses other values, and without an activity all but the strict ones.
    """

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="roles", db_index=False, verbose_name=_("Aufgabe")
    )
    name = models.CharField(_("Aufgabe"), max_length=80, blank=True, default="", db_default="")
    places = models.PositiveSmallIntegerField(_("Plätze"))
    places_taken = models.PositiveSmallIntegerField(
        _("vergebene Plätze"), default=0, db_default=0, editable=False
    )
    places_held = models.PositiveSmallIntegerField(
        _("gehaltene Plätze"), default=0, db_default=0, editable=False
    )
    skills = ArrayField(
        models.CharField(max_length=12, choices=Skill.choices),
        default=list,
        blank=True,
        verbose_name=_("Nötige Fähigkeiten"),
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language.choices),
        default=list,
        blank=True,
        verbose_name=_("Nötige Sprachen"),
    )
    minimum_age = models.PositiveSmallIntegerField(_("Mindestalter der Freiwilligen"), default=16)
    activity = models.ForeignKey(
        "programs.Activity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roles",
        verbose_name=_("Tätigkeit"),
    )
    contact_with_minors = models.BooleanField(_("Kontakt mit Kindern"), default=True, editable=False)
    clearance_required = models.BooleanField(
        _("erweitertes Führungszeugnis nötig"), default=True, editable=False
    )
    matching_price = models.FloatField(_("Preis beim Zuordnen"), default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("Aufgabe eines Engagementangebots")
        verbose_name_plural = _("Aufgaben von Engagementangeboten")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=F("places_taken") + F("places_held")), name="role_never_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(activity__isnull=False) | Q(contact_with_minors=True, clearance_required=True),
                name="role_without_activity_is_strict",
            ),
            models.UniqueConstraint(fields=["opportunity", "name"], name="role_named_once"),
            models.UniqueConstraint(fields=["id", "opportunity"], name="role_of_its_opportunity"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.opportunity)

    def title_in(self, opportunity: Opportunity) -> str:
        """Return the title of its task, read already, with its name if there are several roles."""
        return f"{opportunity.title} ({self.name})" if self.name else opportunity.title

    @property
    def title(self) -> str:
        """The title of its task, with its name if there are several."""
        return self.title_in(self.opportunity)

    @property
    def places_free(self) -> int:
        """Places that nobody has and that are kept for nobody."""
        return self.places - self.places_taken - self.places_held

    @property
    def has_place_free(self) -> bool:
        """Whether somebody more can be asked."""
        return self.places_free > 0

    @property
    def asks_each_for_papers(self) -> bool:
        """Whether everybody who comes has to bring something of their own: nothing for a group as one."""
        version = self.activity.current if self.activity else None
        if self.clearance_required or version is None:
            return self.clearance_required
        return version.self_commitment or self.opportunity.site_kind in version.measles_sites

    @property
    def skill_labels(self) -> list[str]:
        return [str(Skill(skill).label) for skill in self.skills]

    @property
    def language_labels(self) -> list[str]:
        return [str(Language(language).label) for language in self.languages]
