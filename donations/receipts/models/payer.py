from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models import Donor
from foundation.free_texts import FreeText
from programs.models import Provider


class PayerNote(models.Model):
    """A transfer for a gift of `donor` came from an account under another name: whose gift is it?

    Once for a pair of names at a body, however often they give: `about` is the digest of both, so that with
    other names it is asked anew. As long as `verdict` is empty nobody has said it, and receipts wait.
    """

    class Verdict(models.TextChoices):
        GIVER = "giver", _("Dieselbe Person oder Organisation, nur anders geschrieben")
        JOINT = "joint", _("Ein Gemeinschaftskonto der Spender*in")
        ANOTHER = "another", _("Jemand anderes hat für sie gezahlt")

    donor = models.ForeignKey(
        Donor, models.PROTECT, related_name="payer_notes", db_index=False, verbose_name=_("Spender*in")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="+", db_index=False, verbose_name=_("Träger")
    )
    about = models.CharField(_("Fingerabdruck der Namen"), max_length=32)
    verdict = models.CharField(_("Wer hat gegeben?"), max_length=7, choices=Verdict.choices, blank=True)
    reason = models.CharField(
        _("Woher wissen Sie das?"),
        max_length=300,
        blank=True,
        validators=[FreeText("receipts.PayerNote.reason")],
    )
    noted_at = models.DateTimeField(_("bemerkt"))
    decided_at = models.DateTimeField(_("entschieden"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("entschieden von"),
    )

    class Meta:
        verbose_name = _("Abweichender Name")
        verbose_name_plural = _("Abweichende Namen")
        ordering = ["noted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["donor", "provider", "about"], name="payer_note_once"),
            models.CheckConstraint(
                condition=Q(verdict="", reason="", decided_at=None, decided_by=None)
                | (
                    Q(verdict__in=["giver", "joint", "another"], decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="payer_note_decided_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["donor"], name="payer_note_open", condition=Q(verdict=""))]

    def __str__(self) -> str:
        return f"{self.donor_id}: {self.verdict or 'offen'}"
