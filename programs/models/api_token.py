from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.domain.tokens import Scope
from programs.models.provider import Provider


class ApiToken(models.Model):
    """A key with which a program of a provider reads and writes what is the provider's own.

    Only its SHA-256 is here: the key has the entropy of a random number, so one round is enough.
    `created_by` answers for what comes with it.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("Wofür"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("Rechte"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Schlüssel der Schnittstelle")
        verbose_name_plural = _("Schlüssel der Schnittstelle")
        ordering = ["provider__name", "-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.provider}: {self.label}"

    @property
    def scope_labels(self) -> list[str]:
        """Its rights in words."""
        return [str(Scope(each).label) for each in self.scopes]


class ApiAnswer(models.Model):
    """What a write with an idempotency key was answered, so that the same one gets the same again."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]
