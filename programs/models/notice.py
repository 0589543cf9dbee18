from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.domain.notices import NoticeGround, NoticeStatus, Reported


class Notice(models.Model):
    """A Meldung: somebody says that a published text must not stand as it does (Art. 16 DSA).

    `row_id` is the row of the kind `about`, without a foreign key: a notice outlives what it took out of
    public. The address is there for the answers and goes with the decision.
    """

    about = models.CharField(_("Was"), max_length=12, choices=Reported.choices)
    row_id = models.PositiveBigIntegerField()
    ground = models.CharField(_("Grund"), max_length=12, choices=NoticeGround.choices)
    text = models.TextField(_("Begründung"), max_length=2000)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(max_length=12, choices=NoticeStatus.choices, default=NoticeStatus.OPEN.value)
    status_changed_at = models.DateTimeField(editable=False)
    filed_at = models.DateTimeField(_("gemeldet am"), editable=False)
    reasons = models.TextField(_("Gründe der Entscheidung"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("Meldung")
        verbose_name_plural = _("Meldungen")
        ordering = ["filed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NoticeStatus.values), name="notice_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="open", reasons="") | (~Q(status="open") & ~Q(reasons="")),
                name="notice_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(email=""), name="notice_decided_keeps_no_address"
            ),
        ]
        indexes = [models.Index(fields=["status", "filed_at"], name="notice_list")]

    def __str__(self) -> str:
        return f"{self.about_label} {self.row_id}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.status == NoticeStatus.OPEN

    @property
    def about_label(self) -> str:
        """What kind of text it is about, in words."""
        return Reported(self.about).label

    @property
    def ground_label(self) -> str:
        """Why it was reported, in words."""
        return NoticeGround(self.ground).label

    @property
    def status_label(self) -> str:
        """Where it stands, in words."""
        return NoticeStatus(self.status).label
