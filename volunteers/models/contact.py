from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Provider
from volunteers.models.time_pledge import TimePledge
from volunteers.models.volunteer import Volunteer


class Contact(models.Model):
    """A Gespräch with a person, or a note about them, by those who coordinate. Append-only by trigger.

    A call has an `outcome` and the day on which the person comes back to whoever calls (`again_on`); a note
    has neither. `provider` is the house that may read it, None for the youth office. Only an erasure empties
    the text; rows go two years after.
    """

    class Outcome(models.TextChoices):
        REACHED = "reached", _("erreicht")
        NOT_REACHED = "not_reached", _("nicht erreicht")
        WANTS_TO_WAIT = "wants_to_wait", _("möchte warten")
        ENDED = "ended", _("möchte nicht mehr")

    class NextStep(models.TextChoices):
        CALL = "call", _("wieder anrufen")
        ASK = "ask", _("etwas Passendes suchen und fragen")
        WAIT = "wait", _("abwarten")

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="contacts")
    pledge = models.ForeignKey(TimePledge, models.PROTECT, null=True, related_name="contacts")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(_("Ergebnis"), max_length=16, choices=Outcome.choices, blank=True)
    next_step = models.CharField(_("Nächster Schritt"), max_length=8, choices=NextStep.choices, blank=True)
    again_on = models.DateField(_("am"), null=True)
    text = models.CharField(_("Notiz"), max_length=500, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("Gespräch")
        verbose_name_plural = _("Gespräche")
        ordering = ["-noted_at", "-id"]
        indexes = [models.Index(fields=["noted_at"], name="contact_noted")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", pledge=None, next_step="", again_on=None)
                | ~Q(outcome="") & Q(pledge__isnull=False),
                name="contact_call_is_about_a_pledge",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "ended"], next_step="", again_on=None)
                | Q(outcome__in=["reached", "not_reached", "wants_to_wait"], again_on__isnull=False)
                & ~Q(next_step=""),
                name="contact_call_goes_on_or_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_taken_back(self) -> bool:
        """Whether it was noted by mistake; best read with `taken_back`."""
        return hasattr(self, "taken_back")

    @property
    def is_call(self) -> bool:
        """Whether somebody called, not only noted something."""
        return bool(self.outcome)


class CallTakenBack(models.Model):
    """That a call was noted by mistake: it counts no more and stays to be read as it was."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="taken_back")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("zurückgenommener Anruf")
        verbose_name_plural = _("zurückgenommene Anrufe")

    def __str__(self) -> str:
        return str(self.contact_id)
