from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import day_and_time
from programs.models import Opportunity
from volunteers.models.time_pledge import TimePledge


class MatchRequest(models.Model):
    """The wish to look again: for one pledge, for the places of one opportunity, or (neither) for all."""

    pledge = models.ForeignKey(TimePledge, models.CASCADE, null=True, db_index=False, related_name="+")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, null=True, db_index=False, related_name="+")
    wanted_since = models.DateTimeField()

    class Meta:
        verbose_name = _("Wunsch nach einem Abgleich")
        verbose_name_plural = _("Wünsche nach einem Abgleich")
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "opportunity"], nulls_distinct=False, name="match_request_once"
            ),
            models.CheckConstraint(
                condition=Q(pledge__isnull=True) | Q(opportunity__isnull=True),
                name="match_request_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pledge or self.opportunity or self._meta.verbose_name)

    @property
    def is_about_all(self) -> bool:
        """Whether only a run answers it."""
        return self.pledge_id is None and self.opportunity_id is None


class MatchRun(models.Model):
    """An Abgleich: what went in, with which weights, what came out, and how far from the optimum at most."""

    started_at = models.DateTimeField(_("begonnen"))
    finished_at = models.DateTimeField(_("fertig"), null=True)
    inputs_hash = models.CharField(_("Prüfsumme der Eingaben"), max_length=64, blank=True)
    weights = models.JSONField(_("Gewichte"), default=dict)
    volunteers = models.PositiveIntegerField(_("Personen"), default=0)
    opportunities = models.PositiveIntegerField(_("Aufgaben"), default=0)
    edges = models.PositiveIntegerField(_("mögliche Paare"), default=0)
    proposed = models.PositiveIntegerField(_("vorgeschlagene Anfragen"), default=0)
    score = models.FloatField(_("Punkte"), default=0)
    bound = models.FloatField(_("höchstens erreichbar"), default=0)
    failed_at = models.DateTimeField(_("gescheitert"), null=True)
    error = models.CharField(_("Fehler"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Abgleich")
        verbose_name_plural = _("Abgleiche")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{day_and_time(self.started_at)}: {self.proposed}"

    @property
    def percent_of_bound(self) -> float:
        """How much of what is possible at most was reached; 100 when nothing was possible."""
        return 100.0 * self.score / self.bound if self.bound else 100.0


class MatchRecord(models.Model):
    """Inputs and answer of a run without keys (`matching.record`), so that it can be repeated for a while."""

    run = models.OneToOneField(MatchRun, models.CASCADE, primary_key=True, related_name="record")
    content = models.BinaryField()

    class Meta:
        verbose_name = _("Aufzeichnung eines Abgleichs")
        verbose_name_plural = _("Aufzeichnungen von Abgleichen")

    def __str__(self) -> str:
        return str(self.run)
