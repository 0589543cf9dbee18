from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donations.models import Donation, Donor
from programs.models import Fund, Provider


class Contribution(models.Model):
    """A gift without a payment: goods, or the waiver of a claim to expenses (RULES §2.1, §2.3 point 6).

    One treasurer writes it down, another confirms it; from then on it is never edited (trigger), only undone.
    `value_cents` is what a receipt says; `vat_cents` is the part of it that is the tax on goods taken from a
    business. `basis` is what the value rests on, for the tax office (§ 50 Abs. 7 EStDV). Of a waiver
    `claim_on` is the day from which the claim was granted, `spent_on` that of the expense. `restricted_at`:
    the giver asked to be forgotten; it is kept and shown to nobody.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", _("Sachspende")
        WAIVER = "waiver", _("Verzicht auf Erstattung von Aufwendungen")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("wartet auf die zweite Person")
        CONFIRMED = "confirmed", _("bestätigt")
        DROPPED = "dropped", _("verworfen")
        UNDONE = "undone", _("rückgängig gemacht")

    class Origin(models.TextChoices):
        PRIVATE = "private", _("Privatvermögen")
        BUSINESS = "business", _("Betriebsvermögen")
        UNKNOWN = "unknown", _("trotz Nachfrage keine Angabe")

    class Claim(models.TextChoices):
        CONTRACT = "contract", _("Vertrag")
        STATUTES = "statutes", _("Satzung, oder Beschluss auf deren Grundlage")

    kind = models.CharField(_("Art"), max_length=6, choices=Kind.choices)
    status = models.CharField(_("Stand"), max_length=9, choices=Status.choices, default=Status.PROPOSED)
    status_changed_at = models.DateTimeField()
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="contributions", verbose_name=_("Träger"), db_index=False
    )
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+", verbose_name=_("Spendenzweck"))
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="contributions")
    name = models.CharField(_("Name"), max_length=120)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120)
    postcode = models.CharField(_("Postleitzahl"), max_length=10)
    town = models.CharField(_("Ort"), max_length=80)
    given_on = models.DateField(_("Tag der Zuwendung"))
    value_cents = models.PositiveBigIntegerField(_("Wert in Cent"))
    vat_cents = models.PositiveBigIntegerField(_("darin Umsatzsteuer in Cent"), default=0)
    description = models.CharField(_("Genaue Bezeichnung"), max_length=300)
    age = models.CharField(_("Alter"), max_length=60, blank=True)
    condition = models.CharField(_("Zustand"), max_length=80, blank=True)
    purchase_price = models.CharField(_("Kaufpreis"), max_length=60, blank=True)
    origin = models.CharField(_("Herkunft"), max_length=8, choices=Origin.choices, blank=True)
    basis = models.CharField(_("Wie der Wert ermittelt wurde"), max_length=300)
    has_documents = models.BooleanField(_("Unterlagen zum Wert liegen vor"), default=False)
    claim = models.CharField(_("Anspruch aus"), max_length=8, choices=Claim.choices, blank=True)
    claim_on = models.DateField(_("Anspruch eingeräumt am"), null=True)
    spent_on = models.DateField(_("Tag des Aufwands"), null=True)
    accepted_on = models.DateField(_("Annahme durch die Stadt am"), null=True)
    accepted_by = models.CharField(_("Angenommen von"), max_length=120, blank=True)
    pending_matter = models.CharField(
        _("Laufende Angelegenheit mit der Stadt"),
        max_length=7,
        choices=Donation.PendingMatter.choices,
        blank=True,
        default="",
        db_default="",
    )
    wants_receipt = models.BooleanField(_("Bestätigung gewünscht"), default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_for = models.CharField(_("Grund"), max_length=200, blank=True)
    restricted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Sachspende oder Aufwandsverzicht")
        verbose_name_plural = _("Sachspenden und Aufwandsverzichte")
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "confirmed", "dropped", "undone"]),
                name="contribution_status_known",
            ),
            models.CheckConstraint(
                condition=Q(pending_matter__in=["", "no", "yes", "unknown"]), name="contribution_matter_known"
            ),
            models.CheckConstraint(
                condition=Q(value_cents__gt=0, vat_cents__lt=F("value_cents")), name="contribution_has_value"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="goods",
                    origin__in=["private", "business", "unknown"],
                    claim="",
                    claim_on=None,
                    spent_on=None,
                )
                | Q(
                    kind="waiver",
                    origin="",
                    claim__in=["contract", "statutes"],
                    claim_on__lte=F("spent_on"),
                    given_on__gte=F("spent_on"),
                ),
                name="contribution_says_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(vat_cents=0) | Q(origin="business"), name="contribution_tax_of_business"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(proposed_by=None)
                | Q(status="dropped")
                | ~Q(decided_by=F("proposed_by")),
                name="contribution_two_persons",
            ),
            models.CheckConstraint(
                condition=(Q(status="undone") & ~Q(undone_for="")) | (~Q(status="undone") & Q(undone_for="")),
                name="contribution_undone_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["provider", "status", "-given_on"], name="contribution_list")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value_cents} Cent"

    @property
    def is_waiver(self) -> bool:
        """Whether expenses were waived; else it is goods."""
        return self.kind == self.Kind.WAIVER

    @property
    def is_confirmed(self) -> bool:
        """Whether a second person has confirmed it, and nobody has undone it."""
        return self.status == self.Status.CONFIRMED

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for a second person."""
        return self.status == self.Status.PROPOSED
