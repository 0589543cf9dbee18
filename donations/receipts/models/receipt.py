from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models import Donation, Donor
from donations.receipts.models.contribution import Contribution
from donations.receipts.models.issuer import Issuer
from programs.models import Fund, Provider


class ReceiptCounter(models.Model):
    """The last number of a body in a year; raised in the transaction that stores the receipt."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("Zähler")
        verbose_name_plural = _("Zähler")
        constraints = [models.UniqueConstraint(fields=["provider", "year"], name="receipt_counter_once")]

    def __str__(self) -> str:
        return f"{self.provider_id}/{self.year}: {self.last}"


class Receipt(models.Model):
    """A Zuwendungsbestätigung: number and frozen content. Never edited; a trigger refuses it.

    `snapshot` is everything that is printed. `restricted_at`: the giver asked to be forgotten; the receipt is
    kept for the tax office (§ 147 AO) and shown to nobody. A draft waits for a signature by hand.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("wartet auf Unterschrift")
        ISSUED = "issued", _("ausgestellt")
        WITHDRAWN = "withdrawn", _("zurückgenommen")

    class Kind(models.TextChoices):
        MONEY = "money", _("Geldzuwendung")
        COLLECTIVE = "collective", _("Sammelbestätigung")
        GOODS = "goods", _("Sachzuwendung")
        WAIVER = "waiver", _("Verzicht auf Aufwendungen")

    class Reason(models.TextChoices):
        REFUND = "refund", _("erstattet")
        DISPUTE = "dispute", _("zurückgebucht oder bestritten")
        CORRECTION = "correction", _("berichtigt")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="receipts", db_index=False)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="receipts", verbose_name=_("Aussteller"))
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="receipts")
    number = models.CharField(_("Nummer"), max_length=24, unique=True)
    year = models.PositiveSmallIntegerField(_("Jahr"))
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("Art"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("Stand"), max_length=10, choices=Status.choices)
    status_changed_at = models.DateTimeField()
    issued_on = models.DateField(_("ausgestellt am"))
    total_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("ersetzt")
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_for = models.CharField(_("Grund"), max_length=10, choices=Reason.choices, blank=True)
    was_given_out = models.BooleanField(default=False)
    tax_office_told_at = models.DateTimeField(null=True)
    tax_office_told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    restricted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Zuwendungsbestätigung")
        verbose_name_plural = _("Zuwendungsbestätigungen")
        ordering = ["-year", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "year", "sequence"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(total_cents__gt=0), name="receipt_says_something"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "issued", "withdrawn"]), name="receipt_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["money", "collective", "goods", "waiver"]), name="receipt_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="withdrawn",
                    withdrawn_at__isnull=False,
                    withdrawn_for__in=["refund", "dispute", "correction"],
                )
                | Q(status__in=["draft", "issued"], withdrawn_at__isnull=True, withdrawn_for=""),
                name="receipt_withdrawn_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "status", "-year", "-sequence"], name="receipt_register"),
            models.Index(
                fields=["provider"],
                name="receipt_to_tell",
                condition=Q(status="withdrawn", was_given_out=True, tax_office_told_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReceiptItem(models.Model):
    """One gift on a receipt, over what was left of it; at most one receipt of a gift is valid.

    It is of money (`donation`) or of goods or waived expenses (`contribution`). `fund` is the purpose it was
    for then, null on receipts of the time before a gift could be moved.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="items", db_index=False)
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, related_name="receipt_items", db_index=False
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, related_name="receipt_items", db_index=False
    )
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", db_index=False)
    given_on = models.DateField(_("Tag der Zuwendung"))
    cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Zuwendung auf einer Bestätigung")
        verbose_name_plural = _("Zuwendungen auf Bestätigungen")
        ordering = ["given_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["donation"], condition=Q(withdrawn_at=None), name="gift_one_valid_receipt"
            ),
            models.UniqueConstraint(fields=["receipt", "donation"], name="gift_once_on_receipt"),
            models.UniqueConstraint(
                fields=["contribution"], condition=Q(withdrawn_at=None), name="contribution_one_valid_receipt"
            ),
            models.CheckConstraint(
                condition=Q(donation__isnull=False, contribution=None)
                | Q(donation=None, contribution__isnull=False),
                name="receipt_item_of_one_gift",
            ),
            models.CheckConstraint(condition=Q(cents__gt=0), name="receipt_item_says_something"),
        ]
        indexes = [
            models.Index(fields=["donation"], name="receipt_item_of_gift"),
            models.Index(
                fields=["contribution"],
                name="receipt_item_of_contribution",
                condition=Q(contribution__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.cents}"


class ReceiptFile(models.Model):
    """The PDF of a receipt as it was made, byte by byte (digest on the receipt)."""

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="file")
    body = models.BinaryField()

    class Meta:
        verbose_name = _("Datei")
        verbose_name_plural = _("Dateien")

    def __str__(self) -> str:
        return f"{self.receipt_id}"
