from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.domain.activities import Criterion, Degree, QuestionStatus, Site, Training, VersionStatus
from programs.models.opportunity import Opportunity


class ActivityVersion(models.Model):
    """One version of an activity: what it is, what the youth office asks for, and why.

    The version in force says what holds. One that came with the data has no `released_at`: the office has not
    confirmed it. `writers` are the accounts that changed a word of it; the database refuses one of them as
    `released_by`.
    """

    FACTS: ClassVar = (
        "name",
        "explanation",
        "contact_with_minors",
        "clearance_required",
        "two_adults",
        "overnight",
        "minimum_age",
        "training",
        "self_commitment",
        "measles_sites",
        "answers",
        "reasons",
        "source",
    )
    """The columns that somebody decides."""

    activity = models.ForeignKey("programs.Activity", models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(editable=False)
    name = models.CharField(_("Tätigkeit"), max_length=80)
    explanation = models.TextField(_("Woran Träger sie erkennen"), max_length=600)
    contact_with_minors = models.BooleanField(_("Kontakt mit Kindern"), default=True)
    clearance_required = models.BooleanField(_("Erweitertes Führungszeugnis nötig"), default=True)
    two_adults = models.BooleanField(_("Zwei Erwachsene bei jedem Termin"), default=False)
    overnight = models.BooleanField(_("Über Nacht"), default=False)
    minimum_age = models.PositiveSmallIntegerField(_("Mindestalter der Freiwilligen"), default=16)
    training = models.CharField(
        _("Schulung zum Kinderschutz"), max_length=12, choices=Training.choices, default=Training.NONE.value
    )
    self_commitment = models.BooleanField(_("Selbstverpflichtung nötig"), default=False)
    measles_sites = ArrayField(
        models.CharField(max_length=20, choices=Site.choices),
        default=list,
        blank=True,
        verbose_name=_("Masernschutz zeigen in"),
    )
    answers = models.JSONField(_("Art, Intensität, Dauer"), default=dict)
    reasons = models.TextField(_("Begründung"), max_length=2000)
    source = models.CharField(_("Quelle und Jahr"), max_length=400)
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.DRAFT.value)
    status_changed_at = models.DateTimeField(editable=False)
    writers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Fassung einer Tätigkeit")
        verbose_name_plural = _("Fassungen von Tätigkeiten")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="activity_version_number_once"),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(status="draft"), name="activity_one_draft"
            ),
            models.UniqueConstraint(
                fields=["activity"], condition=Q(status="in_force"), name="activity_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(overnight=False)
                | Q(clearance_required=True, contact_with_minors=True, two_adults=True),
                name="activity_overnight_is_inspected",
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(released_at__isnull=True), name="activity_draft_not_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def is_draft(self) -> bool:
        """Whether it is being written."""
        return self.status == VersionStatus.DRAFT

    @property
    def is_confirmed(self) -> bool:
        """Whether two people of the youth office decided it; what came with the data is not."""
        return self.released_at is not None

    @property
    def needs_training(self) -> bool:
        """Whether a training is obligatory."""
        return self.training == Training.REQUIRED

    @property
    def training_label(self) -> str:
        """Whether a training is asked for, in words."""
        return Training(self.training).label

    @property
    def site_labels(self) -> list[str]:
        """Where measles count, in words."""
        return [Site(each).label for each in self.measles_sites]

    @property
    def answer_labels(self) -> list[tuple[str, str]]:
        """Each question of the grid with its answer, in words."""
        return [(each.label, Degree(self.answers.get(each.value, 0)).label) for each in Criterion]


class Activity(models.Model):
    """A Tätigkeit: a kind of task, of which the youth office decides what it asks for (§ 72a SGB VIII).

    What bears on every row of its tasks is copied here from the version in force; by a foreign key of three
    columns the database itself keeps the tasks in step, whoever changes it. `is_offered`: providers may
    choose it; what tasks were before there was this list is only kept for them.
    """

    slug = models.SlugField(max_length=80, unique=True)
    current = models.OneToOneField(
        ActivityVersion, models.PROTECT, null=True, editable=False, related_name="+"
    )
    contact_with_minors = models.BooleanField(default=True)
    clearance_required = models.BooleanField(default=True)
    is_offered = models.BooleanField(_("zur Auswahl"), default=True)

    class Meta:
        verbose_name = _("Tätigkeit")
        verbose_name_plural = _("Tätigkeiten")
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["id", "contact_with_minors", "clearance_required"], name="activity_asks_for"
            )
        ]

    def __str__(self) -> str:
        return self.current.name if self.current else self.slug


class ActivityQuestion(models.Model):
    """ "Passt zu keiner": a provider asks the youth office which activity a task is."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="activity_questions")
    text = models.TextField(_("Was ist anders?"), max_length=1000)
    status = models.CharField(
        max_length=12, choices=QuestionStatus.choices, default=QuestionStatus.OPEN.value
    )
    status_changed_at = models.DateTimeField(editable=False)
    asked_at = models.DateTimeField(editable=False)
    answer = models.TextField(_("Antwort des Jugendamts"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("Frage nach der Tätigkeit")
        verbose_name_plural = _("Fragen nach der Tätigkeit")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(status="open"), name="activity_question_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status="answered") & ~Q(answer="") | ~Q(status="answered") & Q(answer=""),
                name="activity_question_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.text}"

    @property
    def is_open(self) -> bool:
        """Whether the youth office has not answered."""
        return self.status == QuestionStatus.OPEN

    @property
    def is_answered(self) -> bool:
        """Whether the youth office has answered."""
        return self.status == QuestionStatus.ANSWERED
