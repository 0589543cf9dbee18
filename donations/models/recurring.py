from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.models.donor import Donor
from donations.wording.failures import reason_of
from programs.models import Fund


class Method(models.TextChoices):
    """How the money comes."""

    TRANSFER = "transfer", _("Überweisung")
    SEPA = "sepa_debit", _("SEPA-Lastschrift")
    PAYPAL = "paypal", _("PayPal")
    CARD = "card", _("Karte")


METHODS = ["transfer", "sepa_debit", "paypal", "card"]


class RecurringDonation(models.Model):
    """A Dauerspende: collected by Stripe again and again until it is cancelled.

    Amount, rhythm, way of paying and pause are what Stripe says; `version` counts the changes. Nothing is
    collected while `paused_at` is set, until `resumes_on` (null: until further notice). `next_on` is the next
    day of collection. `failure` says why the newest one, `failed_invoice_id`, did not come, and `failed_at`
    since when we know; `tries` counts how often the giver asked to try again. `card_told_for` is the end of a
    card that was told already. `method_set_at` is when the page was opened on which the way of paying was
    entered last. `no_identity`: as of the gifts that it brings.
    """

    class Status(models.TextChoices):
        STARTING = "starting", _("wird eingerichtet")
        ACTIVE = "active", _("läuft")
        PAST_DUE = "past_due", _("Einzug misslungen")
        CANCELLED = "cancelled", _("beendet")

    class Rhythm(models.TextChoices):
        MONTH = "month", _("im Monat")
        QUARTER = "quarter", _("im Vierteljahr")
        YEAR = "year", _("im Jahr")

    donor = models.ForeignKey(Donor, models.PROTECT, related_name="recurring", verbose_name=_("Spender*in"))
    no_identity = models.BooleanField(_("anonym gegenüber dem Empfänger"), default=False, db_default=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="recurring", verbose_name=_("Spendenzweck"))
    amount_cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    rhythm = models.CharField(
        _("Rhythmus"),
        max_length=7,
        choices=Rhythm.choices,
        default=Rhythm.MONTH,
        db_default=Rhythm.MONTH,
    )
    method = models.CharField(_("Zahlungsart"), max_length=12, choices=Method.choices)
    status = models.CharField(_("Stand"), max_length=12, choices=Status.choices, default=Status.STARTING)
    status_changed_at = models.DateTimeField(_("Stand seit"))
    created_at = models.DateTimeField(_("begonnen"))
    next_on = models.DateField(_("nächster Einzug"), null=True)
    paused_at = models.DateTimeField(_("pausiert seit"), null=True)
    resumes_on = models.DateField(_("pausiert bis"), null=True)
    card_expires_on = models.DateField(_("Karte gilt bis"), null=True)
    card_told_for = models.DateField(_("Ablauf der Karte gemeldet für"), null=True)
    failure = models.CharField(_("Grund"), max_length=20, blank=True, db_default="")
    failed_invoice_id = models.CharField(
        _("gescheiterte Rechnung"), max_length=120, blank=True, db_default=""
    )
    failed_at = models.DateTimeField(_("misslungen"), null=True)
    tries = models.PositiveIntegerField(_("Versuche"), default=0, db_default=0)
    version = models.PositiveIntegerField(_("Version"), default=1, db_default=1)
    method_set_at = models.DateTimeField(_("Zahlungsart seit"), null=True)
    stripe_subscription_id = models.CharField(
        _("Abonnement bei Stripe"), max_length=80, unique=True, null=True
    )
    is_demo = models.BooleanField(_("Beispieldaten"), default=False)

    class Meta:
        verbose_name = _("Dauerspende")
        verbose_name_plural = _("Dauerspenden")
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="recurring_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["starting", "active", "past_due", "cancelled"]),
                name="recurring_status_known",
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=["month", "quarter", "year"]), name="recurring_rhythm_known"
            ),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="recurring_method_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "past_due"]) | Q(stripe_subscription_id__isnull=False),
                name="recurring_active_has_subscription",
            ),
            models.CheckConstraint(
                condition=Q(resumes_on=None) | Q(paused_at__isnull=False),
                name="recurring_resumes_when_paused",
            ),
        ]
        indexes = [
            models.Index(
                fields=["card_expires_on"],
                name="recurring_card_expires",
                condition=Q(status__in=["active", "past_due"], method="card"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.fund}: {self.amount_cents} Cent {self.get_rhythm_display()}"

    @property
    def giver_shown(self) -> str:
        """The giver's address, as the body that receives the gifts may read it."""
        return gettext("anonym") if self.no_identity else self.donor.email

    @property
    def is_running(self) -> bool:
        """Whether something is collected, or would be but for a pause."""
        return self.status in {"active", "past_due"}

    @property
    def is_over(self) -> bool:
        return self.status == "cancelled"

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def state_text(self) -> str:
        """How it stands, as those read it who look after the money."""
        if self.is_failing:
            return str(self.Status.PAST_DUE.label)
        if self.is_running and self.is_paused:
            until = f"{self.resumes_on:%d.%m.%Y}" if self.resumes_on else ""
            return gettext("pausiert bis %(day)s") % {"day": until} if until else gettext("pausiert")
        return self.get_status_display()

    @property
    def reason_text(self) -> str:
        """Why the newest collection did not come, in few words."""
        return str(reason_of(self.failure))

    @property
    def is_failing(self) -> bool:
        """Whether the newest collection did not come and is still open."""
        return self.status == "past_due" or (bool(self.failed_invoice_id) and self.is_running)
