from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.domain.contacts import ContactPart, contact_parts, is_reachable, without_notes
from programs.domain.texts import web_addresses
from programs.models.loaded import LoadedRow


class Provider(LoadedRow):
    """A Träger: a unit of the city or an independent organisation that runs programmes."""

    class Kind(models.TextChoices):
        CITY = "city", _("Stadt")
        PUBLIC = "public", _("Öffentliche Stelle")
        WELFARE = "welfare", _("Freier Träger")
        CHURCH = "church", _("Kirche")
        CLUB = "club", _("Verein")
        FOUNDATION = "foundation", _("Stiftung")

    class IssuerKind(models.TextChoices):
        """Who may issue receipts; RULES: templates A (public law), B (§ 5 Abs. 1 Nr. 9 KStG), none."""

        PUBLIC_LAW = "jpoer", _("Juristische Person des öffentlichen Rechts")
        TAX_EXEMPT = "kstg_5_1_9", _("Steuerbegünstigte Körperschaft")
        NONE = "none", _("keine oder ungeklärt")

    name = models.CharField(_("Name"), max_length=160, unique=True)
    name_dative = models.CharField(
        _("Name mit Artikel im Dativ"),
        max_length=180,
        blank=True,
        db_default="",
        help_text=_("Wie er nach „bei“ und „von“ heißt, zum Beispiel „der Stadt Musterstadt“."),
    )
    slug = models.SlugField(_("Kürzel"), max_length=80, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=Kind.choices)
    issuer_kind = models.CharField(
        _("Aussteller von Bestätigungen"), max_length=12, choices=IssuerKind.choices, default=IssuerKind.NONE
    )
    is_youth_office = models.BooleanField(_("ist das Jugendamt"), default=False)
    is_verified = models.BooleanField(_("vom Jugendamt geprüft"), default=False)
    address = models.CharField(_("Anschrift"), max_length=200, blank=True)
    public_contact = models.CharField(_("Öffentlicher Kontakt"), max_length=300, blank=True)
    contact_checked_on = models.DateField(_("Kontakt geprüft am"), null=True, blank=True)
    coordination_email = models.EmailField(_("E-Mail der Koordination"), blank=True)
    safeguarding_contact = models.CharField(_("Ansprechperson Kinderschutz"), max_length=200, blank=True)
    protection_concept_on = models.DateField(_("Schutzkonzept vom"), null=True, blank=True)
    protection_concept_review_on = models.DateField(
        _("Nächste Durchsicht des Schutzkonzepts"),
        null=True,
        blank=True,
        help_text=_(
            "An diesem Tag werden der Träger und das Jugendamt erinnert, es wieder anzusehen. Von selbst "
            "wird dadurch nichts geschlossen."
        ),
    )
    account_holder_name = models.CharField(
        _("Kontoinhaber (wie bei der Bank)"),
        max_length=70,
        blank=True,
        help_text=_("Wird bei Überweisungen mit der IBAN verglichen (Empfängerüberprüfung)."),
    )
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    stripe_account = models.CharField(
        _("Konto bei Stripe"),
        max_length=19,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Sein eigenes Konto beim Zahlungsdienst, unter dem Namen, den der Betrieb ihm gegeben hat. Ohne "
            "eines bieten seine Zwecke nur die Überweisung an."
        ),
    )
    source = models.CharField(_("Quelle"), max_length=400, blank=True)
    note = models.TextField(_("Anmerkung"), blank=True)
    stop_reasons = models.TextField(
        _("Warum das Jugendamt ihn gestoppt hat"),
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )

    class Meta:
        verbose_name = _("Träger")
        verbose_name_plural = _("Träger")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_youth_office"],
                condition=models.Q(is_youth_office=True),
                name="provider_one_youth_office",
            ),
            models.UniqueConstraint(
                fields=["stripe_account"],
                condition=~models.Q(stripe_account=""),
                name="provider_stripe_account_once",
                violation_error_message=_(
                    "Dieses Konto beim Zahlungsdienst gehört schon einem anderen Träger. Geld des einen darf "
                    "nie auf dem Konto des anderen liegen."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(is_verified=False)
                | models.Q(protection_concept_on__isnull=False, safeguarding_contact__regex=r"\S"),
                name="provider_verified_protects_children",
                violation_error_message=_(
                    "Geprüft ist nur, wer ein Schutzkonzept und eine Ansprechperson für Kinderschutz hat."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_authority(self) -> bool:
        """Whether certificates of good conduct come to it by § 30 Abs. 5 BZRG."""
        return self.kind in (self.Kind.CITY, self.Kind.PUBLIC)

    @property
    def in_dative(self) -> str:
        """Its name after "bei" and "von"; while nobody has said it, a form that is right for every name."""
        return self.name_dative or gettext("dem Träger %(name)s") % {"name": self.name}

    @property
    def is_independent(self) -> bool:
        """Whether it is a freier Träger: neither the city nor another public body."""
        return self.kind not in (self.Kind.CITY, self.Kind.PUBLIC)

    @property
    def contact_parts(self) -> list[ContactPart]:
        """Its contact, taken apart."""
        return contact_parts(without_notes(self.public_contact))

    @property
    def is_reachable(self) -> bool:
        """Whether its contact names anything to dial, write to or open."""
        return is_reachable(self.public_contact)

    @property
    def sources(self) -> list[str]:
        """Where one can read on."""
        return web_addresses(self.source)


class Membership(models.Model):
    """What a person may do for a provider.

    Coordinators of the youth office reach the whole city; gifts and clearances stay with their provider. An
    owner invites the people of a verified provider, and reaches nothing else.
    A deputy may do the same as others of that role and is reminded of it only while none of them is there.
    """

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Koordination")
        SAFEGUARDING_OFFICER = "safeguarding_officer", _("Kinderschutz (Einsichtnahme)")
        TREASURER = "treasurer", _("Spenden und Buchung")
        OWNER = "owner", _("Leitung (lädt ein)")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("Konto"),
        db_index=False,
    )
    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="memberships", verbose_name=_("Träger")
    )
    role = models.CharField(_("Rolle"), max_length=24, choices=Role.choices)
    is_deputy = models.BooleanField(_("nur zur Vertretung"), default=False, db_default=False)

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        constraints = [models.UniqueConstraint(fields=["user", "provider", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.provider}: {self.get_role_display()}"
