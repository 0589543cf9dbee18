from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from programs.models import Provider


class Issuer(models.Model):
    """What a legal body has said about itself as the issuer of receipts: a version that nobody edits.

    A treasurer proposes, a second person confirms; the newest confirmed one counts. `fund_purposes` is
    {id of a Spendenzweck: key of its favoured purpose}; `purposes` the keys that the body's notice names.
    `forwarding` is {id of a Spendenzweck: who gets what is given for it and by which notice}, for a public
    body that passes gifts on (`domain.forwarding.Recipient` as a dictionary).
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("wartet auf die zweite Person")
        CONFIRMED = "confirmed", _("bestätigt")
        REPLACED = "replaced", _("ersetzt")
        DROPPED = "dropped", _("verworfen")

    class Kind(models.TextChoices):
        PUBLIC_LAW = "jpoer", _("Stadt oder andere juristische Person des öffentlichen Rechts")
        TAX_EXEMPT = "kstg_5_1_9", _("Steuerbegünstigte Körperschaft (§ 5 Abs. 1 Nr. 9 KStG)")

    class Notice(models.TextChoices):
        NONE = "", _("keiner (öffentliches Recht)")
        EXEMPTION = "exemption", _("Freistellungsbescheid oder Anlage zum Körperschaftsteuerbescheid")
        STATUTES = "statutes", _("Feststellung nach § 60a AO")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="issuers")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    status_changed_at = models.DateTimeField()
    kind = models.CharField(_("Art"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("Kürzel vor der Nummer"), max_length=8)
    name = models.CharField(_("Bezeichnung"), max_length=160)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120)
    postcode = models.CharField(_("Postleitzahl"), max_length=10)
    town = models.CharField(_("Ort"), max_length=80)
    tax_office = models.CharField(_("Finanzamt"), max_length=80, blank=True)
    tax_number = models.CharField(_("Steuernummer"), max_length=20, blank=True)
    notice_kind = models.CharField(
        _("Bescheid"), max_length=10, choices=Notice.choices, blank=True, default=Notice.NONE
    )
    notice_on = models.DateField(_("Datum des Bescheids"), null=True, blank=True)
    assessed_until = models.CharField(_("Letzter Veranlagungszeitraum"), max_length=20, blank=True)
    purposes = models.JSONField(_("Begünstigte Zwecke"), default=list)
    fund_purposes = models.JSONField(default=dict)
    forwarding = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    membership_not_deductible = models.BooleanField(
        _("Mitgliedsbeiträge sind steuerlich nicht abziehbar"), default=False
    )
    machine_notified_on = models.DateField(
        _("Maschinelle Erstellung dem Finanzamt angezeigt am"), null=True, blank=True
    )
    signatory = models.CharField(_("Wer unterschreibt"), max_length=120)
    signature = models.BinaryField(null=True, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Aussteller")
        verbose_name_plural = _("Aussteller")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(status="confirmed"), name="issuer_one_confirmed"
            ),
            models.UniqueConstraint(
                fields=["provider"], condition=Q(status="proposed"), name="issuer_one_proposed"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="confirmed"), name="issuer_code_of_one_body"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "confirmed", "replaced", "dropped"]),
                name="issuer_status_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="jpoer", notice_kind="")
                | Q(kind="kstg_5_1_9", notice_kind__in=["exemption", "statutes"], notice_on__isnull=False),
                name="issuer_notice_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "dropped"]) | Q(confirmed_at__isnull=False),
                name="issuer_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by")),
                name="issuer_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateApproval(models.Model):
    """That a body has compared a text, known by its digest, with the official form, word by word."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="template_approvals", db_index=False)
    template = models.CharField(_("Vorlage"), max_length=40)
    version = models.PositiveSmallIntegerField(_("Fassung"))
    digest = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Bestätigte Vorlage")
        verbose_name_plural = _("Bestätigte Vorlagen")
        constraints = [
            models.UniqueConstraint(fields=["provider", "template", "digest"], name="template_approved_once")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"


class RegisterCheck(models.Model):
    """That somebody looked a body up in the Zuwendungsempfängerregister (§ 60b AO), and what stood there.

    A row is never edited: who looks again adds one, and the newest counts. `iban` is the body's account that
    was compared, empty where it had none. It keeps nobody from issuing: the register has gaps (RULES §10).
    """

    class Found(models.TextChoices):
        IBAN = "iban", _("Eintrag gefunden, die IBAN steht dort")
        ENTRY = "entry", _("Eintrag gefunden, die IBAN steht nicht dort")
        NOTHING = "nothing", _("kein Eintrag gefunden")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="register_checks", db_index=False)
    checked_on = models.DateField(_("Nachgesehen am"))
    found = models.CharField(_("Was dort steht"), max_length=7, choices=Found.choices)
    iban = models.CharField(_("Verglichene IBAN"), max_length=34, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Blick ins Zuwendungsempfängerregister")
        verbose_name_plural = _("Blicke ins Zuwendungsempfängerregister")
        ordering = ["-noted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found__in=["entry", "nothing"]) | (Q(found="iban") & ~Q(iban="")),
                name="register_check_known",
            )
        ]
        indexes = [models.Index(fields=["provider", "-noted_at", "-id"], name="register_check_newest")]

    def __str__(self) -> str:
        return f"{self.checked_on:%d.%m.%Y}: {self.get_found_display()}"

    @property
    def is_outdated(self) -> bool:
        """Whether givers transfer to another account by now than the one that was compared."""
        return self.iban != self.provider.iban
