"""One row per e-mail to send, written in the transaction of its cause."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """An e-mail on its way: queued → sending → sent | failed → dead; `unknown` waits for a human.

    `unknown`: the worker died between claiming and recording, so the mail may or may not have left. It is
    never sent again by the machine, because nothing is worse than the same mail over and over.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("wartet")
        SENDING = "sending", _("wird gesendet")
        SENT = "sent", _("gesendet")
        FAILED = "failed", _("wird wiederholt")
        DEAD = "dead", _("unzustellbar")
        UNKNOWN = "unknown", _("ungewiss")
        SUPPRESSED = "suppressed", _("nicht gewünscht")

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=80)
    to_email = models.EmailField()
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    attachment_name = models.CharField(max_length=80, blank=True)
    attachment_type = models.CharField(max_length=80, blank=True)
    attachment_body = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=Q(status__in=["queued", "failed"])),
            models.Index(fields=["claimed_at"], name="message_in_flight", condition=Q(status="sending")),
        ]
        constraints = [
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


class Suppression(models.Model):
    """An address that wants no mail except the answer to its own act, or that cannot be reached."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("abbestellt")
        BOUNCED = "bounced", _("nicht erreichbar")

    email = models.EmailField(unique=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Sperre")
        verbose_name_plural = _("Sperren")

    def __str__(self) -> str:
        return self.get_reason_display()
