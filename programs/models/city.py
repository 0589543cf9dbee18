from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.loaded import LoadedRow


class City(LoadedRow):
    """The city this installation serves; one row, everything about it can be edited."""

    name = models.CharField(_("Name"), max_length=80)
    state = models.CharField(_("Land"), max_length=80)
    official_key = models.CharField(_("Amtlicher Gemeindeschlüssel"), max_length=12)
    postal_address = models.CharField(_("Anschrift"), max_length=200)
    represented_by = models.CharField(_("Vertreten durch"), max_length=120)
    contact_email = models.EmailField(_("E-Mail"), blank=True)
    contact_phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    call = models.CharField(_("Aufruf"), max_length=200)
    call_source = models.CharField(_("Quelle des Aufrufs"), max_length=300)
    map_attribution = models.TextField(_("Quellen der Karte"), blank=True)
    map_is_schematic = models.BooleanField(_("Karte ist schematisch, nicht amtlich"), default=True)
    figures = models.JSONField(_("Zahlen mit Jahr und Quelle"), default=list, blank=True)
    unconfirmed = models.JSONField(_("Noch nicht bestätigt"), default=list, blank=True)

    class Meta:
        verbose_name = _("Stadt")
        verbose_name_plural = _("Stadt")

    def __str__(self) -> str:
        return self.name
