from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.domain.webhooks import DeliveryStatus, Hitch, Told
from programs.models.provider import Provider


class Webhook(models.Model):
    """An address of a provider's program that is told what happens to the provider's own tasks and dates.

    The secret is encrypted: unlike a key it has to be read again, to sign with. `created_by` answers for
    it: it rests while they might not make it any more, until somebody else takes it over.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="webhooks")
    url = models.CharField(_("Adresse"), max_length=500)
    secret = models.TextField(editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Meldung an ein Programm")
        verbose_name_plural = _("Meldungen an Programme")
        ordering = ["provider__name", "-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.provider}: {self.url}"


class WebhookDelivery(models.Model):
    """One thing that has happened, to be told to one address.

    Written by triggers in the transaction of the cause (migrations 0031, 0037), once for each row and
    transaction; `data` are numbers, a status and times, never words of anybody. `key` stays the same from
    try to try.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Told.choices)
    subject = models.BigIntegerField()
    transaction = models.BigIntegerField()
    data = models.JSONField()
    created_at = models.DateTimeField(db_index=True)
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    answer = models.PositiveSmallIntegerField(null=True)
    hitch = models.CharField(max_length=20, choices=Hitch.choices, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "kind", "subject", "transaction"], name="webhook_told_once"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", due_at__isnull=False)
                | (~Q(status="waiting") & Q(due_at__isnull=True)),
                name="webhook_waiting_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="waiting"), name="webhook_due"),
        ]
