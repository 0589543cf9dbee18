from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkRequest(models.Model):
    """Somebody asked for the link to "Meine Zusagen".

    Whether the address is known is looked up later by a sweep, so that the answer takes the same time for
    known and unknown ones. The row goes as soon as it is answered.
    """

    email = models.EmailField(_("E-Mail-Adresse"))
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Bitte um den Link")
        verbose_name_plural = _("Bitten um den Link")

    def __str__(self) -> str:
        return str(self.pk)
