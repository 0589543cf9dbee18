from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donations.models.donation import Donation
from programs.models import Provider


class TransferReference(models.Model):
    """A Verwendungszweck-Code: the creditor reference (ISO 11649) that leads a transfer to its donation."""

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="transfer_reference")
    reference = models.CharField(_("Referenz"), max_length=25, unique=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Verwendungszweck-Code")
        verbose_name_plural = _("Verwendungszweck-Codes")

    def __str__(self) -> str:
        return self.reference


class BankTransaction(models.Model):
    """A Kontobewegung as the bank reported it, once by its fingerprint."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="bank_transactions")
    fingerprint = models.CharField(max_length=64, unique=True)
    booked_on = models.DateField(_("gebucht am"))
    amount_cents = models.BigIntegerField(_("Betrag in Cent"))
    counterparty_name = models.CharField(_("Name"), max_length=140, blank=True)
    remittance = models.CharField(_("Verwendungszweck"), max_length=500, blank=True)
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, related_name="bank_transaction", verbose_name=_("Spende")
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("Kontobewegung")
        verbose_name_plural = _("Kontobewegungen")
        ordering = ["-booked_on", "-id"]

    def __str__(self) -> str:
        return f"{self.booked_on}: {self.amount_cents} Cent"
