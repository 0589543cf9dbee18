from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Donor(models.Model):
    """A Spender*in: an address to thank; a postal address only where a receipt is wanted."""

    email = models.EmailField(_("E-Mail-Adresse"))
    name = models.CharField(_("Name"), max_length=120, blank=True)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=10, blank=True)
    town = models.CharField(_("Ort"), max_length=80, blank=True)
    stripe_customer_id = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Spender*in")
        verbose_name_plural = _("Spender*innen")
        constraints = [models.UniqueConstraint(Lower("email"), name="donor_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email
