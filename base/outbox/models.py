"""One row per e-mail to send, written in the transaction of its cause."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from foundation.clock import day_and_time

SETTLED = ["sent", "suppressed"]  # nobody needs to look at them


class Message(models.Model):
    """An e-mail on its way: queued → sending → sent | failed → dead; `unknown` waits for a human.

    `unknown`: the mail was handed over and no answer came, or the worker died meanwhile, so it may or may not
    have left. The machine never sends it again, because nothing is worse than the same mail over and over.
    To somebody without an address it is a letter: to_print → sent, both by hand.
    `written_for` is the key of the mailbox whose owner it is for, empty where somebody else is written to.
    `reserved_until`: until then the worker `claimed_by` may begin with it, and nobody else.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("wartet")
        SENDING = "sending", _("wird gesendet")
        SENT = "sent", _("gesendet")
        FAILED = "failed", _("wird wiederholt")
        DEAD = "dead", _("unzustellbar")
        UNKNOWN = "unknown", _("ungewiss")
        SUPPRESSED = "suppressed", _("nicht gewünscht")
        TO_PRINT = "to_print", _("zu drucken")

    key = models.CharField(_("Schlüssel"), max_length=200)
    template = models.CharField(_("Vorlage"), max_length=80)
    to_email = models.EmailField(_("an"))
    subject = models.CharField(_("Betreff"), max_length=200)
    body_text = models.TextField(_("Text"))
    body_html = models.TextField(_("Text als HTML"))
    unsubscribe_url = models.TextField(_("Adresse zum Abbestellen"), blank=True)
    written_for = models.BigIntegerField(_("Postfach"), null=True)
    attachment_name = models.CharField(_("Name des Anhangs"), max_length=80, blank=True)
    attachment_type = models.CharField(_("Art des Anhangs"), max_length=80, blank=True)
    attachment_body = models.TextField(_("Anhang"), blank=True)
    status = models.CharField(_("Stand"), max_length=12, choices=Status.choices, default=Status.QUEUED)
    queued_at = models.DateTimeField(_("eingereiht"))
    due_at = models.DateTimeField(_("fällig"))
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    reserved_until = models.DateTimeField(_("vorgemerkt bis"), null=True)
    claimed_at = models.DateTimeField(_("übernommen"), null=True)
    claimed_by = models.CharField(_("übernommen von"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("gesendet"), null=True)
    error = models.CharField(_("Fehler"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="message_due", condition=Q(status__in=["queued", "failed"])
            ),
            models.Index(
                fields=["claimed_by"], name="message_reserved", condition=Q(reserved_until__isnull=False)
            ),
            models.Index(fields=["claimed_at"], name="message_in_flight", condition=Q(status="sending")),
            models.Index(fields=["status"], name="message_unsettled", condition=~Q(status__in=SETTLED)),
            models.Index(Upper("to_email"), name="message_of_address", condition=~Q(to_email="")),
            models.Index(
                fields=["sent_at"], name="message_on_paper", condition=Q(to_email__endswith="@brief.invalid")
            ),
            models.Index(fields=["queued_at"], name="message_with_text", condition=~Q(to_email="")),
            models.Index(fields=["queued_at"], name="message_without_text", condition=Q(to_email="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_key"),  # `unique` would index it twice
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="message_sent_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(claimed_at__isnull=False),
                name="message_sending_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.get_status_display()})"


WAITING = [Message.Status.QUEUED, Message.Status.FAILED]


class Outage(models.Model):
    """The one row there is while the mail server is down: since when, and when it is asked again."""

    since = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    error = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("Ausfall des Mailservers")
        verbose_name_plural = _("Ausfälle des Mailservers")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="outage_is_one_row")]

    def __str__(self) -> str:
        return day_and_time(self.since)


class Suppression(models.Model):
    """An address that wants no mail except the answer to its own act, or that cannot be reached."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("abbestellt")
        BOUNCED = "bounced", _("nicht erreichbar")

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    reason = models.CharField(_("Grund"), max_length=10, choices=Reason.choices)
    created_at = models.DateTimeField(_("angelegt"))

    class Meta:
        verbose_name = _("Sperre")
        verbose_name_plural = _("Sperren")
        indexes = [models.Index(Upper("email"), name="suppression_of_address")]

    def __str__(self) -> str:
        return self.get_reason_display()
