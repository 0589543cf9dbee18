from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from programs.domain.invitations import InvitationStatus
from programs.models.provider import Membership, Provider


class Invitation(models.Model):
    """Somebody is asked by mail to take a role at a provider; the link of the mail works once.

    `serial` is part of the link: with each sending the links of before are worth nothing.
    """

    email = models.EmailField(_("E-Mail-Adresse"))
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="invitations")
    role = models.CharField(_("Rolle"), max_length=24, choices=Membership.Role.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    serial = models.PositiveIntegerField(default=1)
    status = models.CharField(
        max_length=12, choices=InvitationStatus.choices, default=InvitationStatus.OPEN.value
    )
    status_changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "provider", "role", condition=Q(status="open"), name="invitation_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=InvitationStatus.values), name="invitation_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.provider}"

    @property
    def is_open(self) -> bool:
        """Whether it was neither accepted nor withdrawn."""
        return self.status == InvitationStatus.OPEN

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can accept it (any more) at `now`."""
        return not self.is_open or now >= self.expires_at
