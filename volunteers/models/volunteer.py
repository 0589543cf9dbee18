from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Volunteer(models.Model):
    """A Freiwillige person: how to reach them, nothing more than the pledge needs. No account."""

    first_name = models.CharField(_("Vorname"), max_length=60)
    last_name = models.CharField(_("Nachname"), max_length=80, blank=True)
    email = models.EmailField(_("E-Mail-Adresse"))
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("Geburtsjahr"))
    last_asked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("Freiwillige Person")
        verbose_name_plural = _("Freiwillige")
        constraints = [models.UniqueConstraint(Lower("email"), name="volunteer_email_unique")]

    def __str__(self) -> str:
        return self.first_name
