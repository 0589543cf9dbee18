from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Opportunity


class NeedChange(models.Model):
    """A task asks for something else, and what follows for its people is still to be done.

    Written in the transaction of the change where very many people are concerned; a sweep takes it away when
    everybody has been looked at. What the gate asks for holds from the change on.
    """

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Geänderter Bedarf")
        verbose_name_plural = _("Geänderte Bedarfe")

    def __str__(self) -> str:
        return str(self.opportunity)
