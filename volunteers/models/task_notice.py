from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Opportunity


class TaskNotice(models.Model):
    """A task is elsewhere, at other times or in another period, and its people do not know: how it was.

    The row is the message, as `DateNotice` is: it goes as soon as the mails are written.
    """

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, related_name="+")
    place = models.TextField()
    times = models.TextField()
    period = models.TextField(default="", db_default="")
    noted_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("geänderte Aufgabe")
        verbose_name_plural = _("geänderte Aufgaben")

    def __str__(self) -> str:
        return str(self.opportunity)
