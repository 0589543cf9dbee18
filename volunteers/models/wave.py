from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Role


class Wave(models.Model):
    """The places of a role that are kept for several people at once: who says yes first takes one.

    They are counted in `Role.places_held` too; moved only with the role locked (volunteers.services.waves).
    """

    role = models.OneToOneField(Role, models.CASCADE, related_name="wave")
    places = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("Welle von Anfragen")
        verbose_name_plural = _("Wellen von Anfragen")

    def __str__(self) -> str:
        return f"{self.role}: {self.places}"
