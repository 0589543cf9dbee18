"""What people bring beside a certificate: a signature, a guardian's consent, a yes to measles."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Mailbox
from programs.models import Declaration
from volunteers.models.placement import Placement
from volunteers.models.volunteer import Volunteer


class SelfCommitment(models.Model):
    """A Selbstverpflichtung somebody signed: which version, on which day. One signature is for every task."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="self_commitments", db_index=False)
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="+")
    signed_on = models.DateField(_("unterschrieben am"))

    class Meta:
        verbose_name = _("Selbstverpflichtung")
        verbose_name_plural = _("Selbstverpflichtungen")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "declaration"], name="self_commitment_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class GuardianConsent(models.Model):
    """The consent of a guardian to one placement of a minor: asked, given, withdrawn, and the proof of it.

    `mailbox` is the address the minor gave; `name` and `declaration` are who agreed to which text. `born_in`
    is a month of birth that makes the minor older than the one known: it counts once the guardian agrees. Of
    what came signed on paper `signed_on` is the day on the sheet and `noted_by` who noted it.
    """

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="consents")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="consents")
    asked_at = models.DateTimeField(editable=False)
    born_in = models.DateField(_("Geburtsmonat, noch nicht bestätigt"), null=True, editable=False)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    declaration = models.ForeignKey(Declaration, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True, editable=False)
    signed_on = models.DateField(_("auf Papier unterschrieben am"), null=True, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("notiert von"),
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Einverständnis")
        verbose_name_plural = _("Einverständnisse")
        constraints = [
            models.UniqueConstraint(
                fields=["placement"], condition=Q(withdrawn_at=None), name="consent_open_once"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, name="", declaration=None)
                | Q(given_at__isnull=False, declaration__isnull=False) & ~Q(name=""),
                name="consent_given_is_proved",
            ),
            models.CheckConstraint(
                condition=Q(born_in=None) | Q(given_at=None, withdrawn_at=None),
                name="consent_month_until_answered",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(given_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None, noted_by=None)
                | Q(signed_on__isnull=False, given_at__isnull=False),
                name="consent_on_paper_is_given",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def waits(self) -> bool:
        """Whether the guardian has not answered."""
        return self.given_at is None and self.withdrawn_at is None

    @property
    def holds(self) -> bool:
        """Whether it was given and not withdrawn."""
        return self.given_at is not None and self.withdrawn_at is None


class MeaslesProof(models.Model):
    """Somebody's protection was shown to the head of a site: a yes, no document, no day (§ 20 Abs. 8 IfSG).

    `site_key` is a mark of the provider and the place, the same for every task there (`selectors.gate`).
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="measles_proofs", db_index=False)
    site_key = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("Masernschutz")
        verbose_name_plural = _("Masernschutz")
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "site_key"], name="measles_once_per_site")
        ]

    def __str__(self) -> str:
        return str(self.pk)
