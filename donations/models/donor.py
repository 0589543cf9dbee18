from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Donor(models.Model):
    """A Spender*in: an address to thank, nothing else.

    Name and postal address belong to the single gift, because anybody can type anybody's e-mail address:
    what one gift says must not change what stands on another.
    """

    email = models.EmailField(_("E-Mail-Adresse"))
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Spender*in")
        verbose_name_plural = _("Spender*innen")
        constraints = [models.UniqueConstraint(Lower("email"), name="donor_email_unique")]

    def __str__(self) -> str:
        return self.email


class GiftLinkRequest(models.Model):
    """A wish for the link to "Meine Spenden"; answered by a sweep, so that nobody can measure who gave."""

    email = models.EmailField()
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Bitte um den Link")
        verbose_name_plural = _("Bitten um den Link")

    def __str__(self) -> str:
        return self.email
