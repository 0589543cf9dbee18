from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.domain.contacts import telephone_address
from programs.domain.texts import latest_year
from programs.models.loaded import LoadedRow
from programs.models.telephone import IS_NUMBER


class HelpTelephone(LoadedRow):
    """A telephone that helps in need, with where the number was read and how old that is."""

    class Audience(models.TextChoices):
        CHILDREN = "children", _("für Kinder und Jugendliche")
        PARENTS = "parents", _("für Eltern")
        EVERYBODY = "everybody", _("für Betroffene, Angehörige und Fachkräfte")

    name = models.CharField(_("Name"), max_length=120)
    number = models.CharField(_("Telefonnummer"), max_length=40, validators=[IS_NUMBER])
    audience = models.CharField(_("Für wen"), max_length=12, choices=Audience.choices)
    hours = models.CharField(_("Zeiten"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    source = models.CharField(_("Quelle"), max_length=400)
    as_of = models.CharField(_("Stand"), max_length=120)
    contact_checked_on = models.DateField(_("Nummer geprüft am"), null=True, blank=True)
    is_listed = models.BooleanField(_("zeigen"), default=True)

    class Meta:
        verbose_name = _("Hilfetelefon")
        verbose_name_plural = _("Hilfetelefone")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The tel: address."""
        return telephone_address(self.number)

    @property
    def stated_in(self) -> str:
        """The year of the source, "" if it is undated."""
        return latest_year(self.as_of)
