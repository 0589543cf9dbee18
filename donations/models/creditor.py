from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from donations.domain.creditor_ids import is_creditor_id, plain_creditor_id
from programs.models import Provider


def a_creditor_id(text: str) -> None:
    """Raise ValidationError for what cannot be a Gläubiger-Identifikationsnummer."""
    if not is_creditor_id(plain_creditor_id(text)):
        raise ValidationError(
            _gettext(
                "Das ist keine Gläubiger-Identifikationsnummer. Bitte prüfen Sie sie, Zeichen für Zeichen. "
                "Eine deutsche hat 18, zum Beispiel DE98ZZZ09999999999."
            )
        )


class CreditorId(models.Model):
    """The Gläubiger-Identifikationsnummer under which debits for a body are collected in its own name.

    From its day on the bank statement of who gives names the body, so that up to 300 euro it is proof alone.
    A body without one is collected for under the number of the payment service, whose name stands there.
    """

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="creditor_ids", verbose_name=_("Träger"), db_index=False
    )
    creditor_id = models.CharField(
        _("Gläubiger-Identifikationsnummer"),
        max_length=35,
        validators=[a_creditor_id],
        help_text=_(
            "Nur eine eigene des Trägers, die auf dem Kontoauszug der Spender*innen steht. Die des "
            "Zahlungsdienstes gehört nicht hierher."
        ),
    )
    valid_from = models.DateField(_("gilt ab"))
    source = models.CharField(
        _("Quelle"),
        max_length=300,
        help_text=_("Zum Beispiel: Bescheid der Deutschen Bundesbank und Auszug einer Probelastschrift."),
    )

    class Meta:
        verbose_name = _("Gläubiger-Identifikationsnummer")
        verbose_name_plural = _("Gläubiger-Identifikationsnummern")
        ordering = ["provider", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "valid_from"], name="creditor_id_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.creditor_id}"

    def clean(self) -> None:
        """Keep it in capitals and without blanks, however it was typed."""
        self.creditor_id = plain_creditor_id(self.creditor_id)
