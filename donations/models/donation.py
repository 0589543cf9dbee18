import uuid
from datetime import date

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donations.domain.debits import DEBIT, DEBIT_MAY_GO_BACK
from donations.domain.proposals import ABOUT_ACCEPTANCE
from donations.domain.use_by import use_by
from donations.models.donor import Donor
from donations.models.recurring import METHODS, Method, RecurringDonation
from foundation.clock import LOCAL_ZONE, local_day
from foundation.lists.searching import searched
from programs.models import Fund

_DAY = f"((%(expressions)s AT TIME ZONE '{LOCAL_ZONE.key}')::date)"


class Donation(models.Model):
    """A Spende. The texts the giver agreed to are kept as they were (purpose, fallback, their version).

    `promised_cents` is kept when another amount came. `repeats` is the promise whose code was used again,
    as by a standing order. `acceptance` stands beside the status: whether the city takes a large gift, or
    any body one of somebody unknown, who said so (null where nobody had written it down) and when.
    `payable_at`: its payment page does not open before, because very many came at once; null for at once.
    `failed_at` is when a debit that was under way did not come, for the reason `failure`; a page that
    nobody paid has none. `debited_on` is when a direct debit was taken from the giver's account, as far as
    the payment service says it; `given_on` the day that counts for the giver's tax, by Düren's clock: that
    day, else the one on which the money came. `hide_name_public`: no list of givers names them;
    `no_identity`: the body that receives it is not told who gave. `pending_matter` is what was said to the
    question whether something is pending between giver and city, empty where nobody asked.
    """

    class Status(models.TextChoices):
        PLEDGED = "pledged", _("zugesagt")
        PROCESSING = "processing", _("in Bearbeitung")
        RECEIVED = "received", _("eingegangen")
        PARTLY_REFUNDED = "partly_refunded", _("teilweise erstattet")
        REFUNDED = "refunded", _("erstattet")
        DISPUTED = "disputed", _("bestritten")
        LOST = "lost", _("zurückgebucht")
        LAPSED = "lapsed", _("nicht zustande gekommen")

    class Acceptance(models.TextChoices):
        NOT_NEEDED = "not_needed", _("nicht nötig")
        AWAITING = "awaiting", _("Annahme vorbehalten")
        ACCEPTED = "accepted", _("angenommen")
        REFUSED = "refused", _("nicht angenommen")

    class PendingMatter(models.TextChoices):
        NO = "no", _("Nein")
        YES = "yes", _("Ja")
        UNKNOWN = "unknown", _("Nicht bekannt")

    public_id = models.UUIDField(_("öffentliche Kennung"), default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="donations", verbose_name=_("Spender*in"))
    donor_name = models.CharField(_("Name"), max_length=120, blank=True)
    hide_name_public = models.BooleanField(
        _("Name wird nicht öffentlich genannt"), default=True, db_default=True
    )
    no_identity = models.BooleanField(_("anonym gegenüber dem Empfänger"), default=False, db_default=False)
    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="donations", db_index=False, verbose_name=_("Spendenzweck")
    )
    recurring = models.ForeignKey(
        RecurringDonation, models.PROTECT, null=True, related_name="donations", verbose_name=_("Dauerspende")
    )
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeated_by", verbose_name=_("wiederholt")
    )
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    promised_cents = models.PositiveBigIntegerField(_("zugesagt, in Cent"), null=True)
    refunded_cents = models.PositiveBigIntegerField(_("erstattet, in Cent"), default=0)
    lost_cents = models.PositiveBigIntegerField(_("durch Rückbuchung verloren, in Cent"), default=0)
    method = models.CharField(_("Weg"), max_length=12, choices=Method.choices)
    wants_receipt = models.BooleanField(_("Bestätigung gewünscht"), default=False)
    purpose_text = models.TextField(_("Text des Zwecks"))
    fallback_text = models.TextField(_("Text des Ersatzzwecks"))
    text_version = models.PositiveSmallIntegerField(_("Version der Texte"))
    status = models.CharField(_("Stand"), max_length=32, choices=Status.choices, default=Status.PLEDGED)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    pledged_at = models.DateTimeField(_("zugesagt"))
    received_at = models.DateTimeField(_("eingegangen"), null=True)
    debited_on = models.DateField(_("abgebucht"), null=True)
    given_on = models.GeneratedField(
        expression=Coalesce(
            "debited_on", Func("received_at", template=_DAY, output_field=models.DateField())
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
        verbose_name=_("Tag der Zuwendung"),
    )
    failed_at = models.DateTimeField(_("misslungen"), null=True)
    failure = models.CharField(_("Grund"), max_length=20, blank=True, db_default="")
    acceptance = models.CharField(
        _("Annahme"),
        max_length=10,
        choices=Acceptance.choices,
        default=Acceptance.NOT_NEEDED,
        db_default=Acceptance.NOT_NEEDED,
    )
    acceptance_at = models.DateTimeField(_("darüber entschieden"), null=True)
    acceptance_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("entschieden von")
    )
    pending_matter = models.CharField(
        _("Laufende Angelegenheit mit der Stadt"),
        max_length=7,
        choices=PendingMatter.choices,
        blank=True,
        default="",
        db_default="",
    )
    payable_at = models.DateTimeField(_("zahlbar seit"), null=True)
    checkout_session_id = models.CharField(_("Zahlungsseite"), max_length=120, unique=True, null=True)
    checkout_url = models.TextField(_("Adresse der Zahlungsseite"), blank=True)
    stripe_invoice_id = models.CharField(_("Rechnung bei Stripe"), max_length=120, unique=True, null=True)
    next_ask_at = models.DateTimeField(_("nächste Nachfrage"), null=True)
    times_asked = models.PositiveSmallIntegerField(_("Nachfragen"), default=0)
    is_demo = models.BooleanField(_("Beispieldaten"), default=False)

    class Meta:
        verbose_name = _("Spende")
        verbose_name_plural = _("Spenden")
        ordering = ["-pledged_at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="donation_amount_positive"),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("amount_cents")), name="donation_refund_within_gift"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "pledged",
                        "processing",
                        "received",
                        "partly_refunded",
                        "refunded",
                        "disputed",
                        "lost",
                        "lapsed",
                    ]
                ),
                name="donation_status_known",
            ),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="donation_method_known"),
            models.CheckConstraint(
                condition=Q(status__in=["pledged", "processing", "lapsed"]) | Q(received_at__isnull=False),
                name="donation_received_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(debited_on=None) | Q(method="sepa_debit", received_at__isnull=False),
                name="donation_debited_is_debit_that_came",
            ),
            models.CheckConstraint(
                condition=Q(acceptance__in=["not_needed", "awaiting"], acceptance_at=None, acceptance_by=None)
                | Q(acceptance__in=["accepted", "refused"], acceptance_at__isnull=False),
                name="donation_acceptance_known",
            ),
            models.CheckConstraint(
                condition=Q(acceptance="not_needed") | Q(received_at__isnull=False),
                name="donation_acceptance_of_what_came",
            ),
            models.CheckConstraint(
                condition=Q(pending_matter__in=["", "no", "yes", "unknown"]), name="donation_matter_known"
            ),
            models.CheckConstraint(
                condition=Q(hide_name_public=True) | (Q(no_identity=False) & ~Q(donor_name="")),
                name="donation_named_has_name",
            ),
            models.CheckConstraint(
                condition=Q(no_identity=False) | Q(donor_name="", wants_receipt=False),
                name="donation_without_identity_tells_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "status"], name="donation_of_fund"),
            models.Index(fields=["status", "pledged_at"], name="donation_pending"),
            models.Index(fields=["pledged_at"], name="donation_pledged"),
            models.Index(fields=["received_at"], name="donation_received"),
            models.Index(Upper("donor_name"), name="donation_under_name"),
            models.Index(fields=["failed_at"], name="donation_failed", condition=Q(failed_at__isnull=False)),
            models.Index(
                fields=["next_ask_at"],
                name="donation_to_ask_about",
                condition=Q(status__in=["pledged", "processing"]),
            ),
            models.Index(fields=["fund", "donor"], name="donation_givers_of_fund"),
            models.Index(
                fields=["fund"],
                name="donation_not_accepted",
                condition=Q(acceptance__in=["awaiting", "refused"]),
            ),
            searched("donor_name", name="donation_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} Cent – {self.fund}"

    @property
    def is_refundable(self) -> bool:
        """Whether a treasurer can propose to give money of it back."""
        return self.status in {"received", "partly_refunded"}

    @property
    def is_of_nobody_known(self) -> bool:
        """Whether neither a name nor an address tells who gave."""
        return self.donor.mailbox_id is None and not self.donor_name

    @property
    def giver_shown(self) -> str:
        """Who gave, as the body that receives the gift may read it; empty where nobody knows."""
        if self.no_identity:
            return str(_("anonym"))
        return self.donor_name or self.donor.email

    @property
    def email_shown(self) -> str:
        """The address of the giver, as the body that receives the gift may read it."""
        return "" if self.no_identity else self.donor.email

    @property
    def use_by(self) -> date | None:
        """The last day on which it can be used in time; None as long as nothing has come."""
        return use_by(local_day(self.received_at)) if self.received_at else None

    @property
    def may_go_back_until(self) -> date | None:
        """The last day on which its giver may simply have a debit taken back; None of anything else."""
        return self.given_on + DEBIT_MAY_GO_BACK if self.method == DEBIT and self.given_on else None

    @property
    def asks_for_acceptance(self) -> bool:
        """Whether it has, or had, to be said whether the gift is taken."""
        return self.acceptance != self.Acceptance.NOT_NEEDED

    @property
    def awaits_acceptance(self) -> bool:
        """Whether it has still to be said whether the gift is taken."""
        return self.acceptance == self.Acceptance.AWAITING

    @property
    def is_accepted(self) -> bool:
        """Whether the gift is taken, or nobody has to say so."""
        return self.acceptance in {self.Acceptance.NOT_NEEDED, self.Acceptance.ACCEPTED}

    @property
    def was_not_accepted(self) -> bool:
        """Whether it was said that the gift is not taken."""
        return self.acceptance == self.Acceptance.REFUSED

    @property
    def decided_where(self) -> str:
        """Who decided whether the city takes the gift, and when, as two people wrote it down."""
        if self.acceptance_at is None:
            return ""
        said = [each for each in self.proposals.all() if each.kind in ABOUT_ACCEPTANCE]
        return next((each.reason for each in reversed(said) if each.status == "released"), "")


class ReceiptAddress(models.Model):
    """The address that belongs to the wish for a Zuwendungsbestätigung; asked only from those who have it."""

    donation = models.OneToOneField(Donation, models.CASCADE, related_name="receipt_address")
    street = models.CharField(_("Straße und Hausnummer"), max_length=120)
    postcode = models.CharField(_("Postleitzahl"), max_length=10)
    town = models.CharField(_("Ort"), max_length=80)

    class Meta:
        verbose_name = _("Anschrift für die Bestätigung")
        verbose_name_plural = _("Anschriften für Bestätigungen")

    def __str__(self) -> str:
        return f"{self.street}, {self.postcode} {self.town}"
