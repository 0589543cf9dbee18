from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.clock import local_day

MOST_PERCENT = 200
FIRST_YEAR = 1990
PARTS = ("field", "hours", "near", "need", "district", "waiting")
"""Parts of the matcher's score that the youth office may weigh, by the names of `matching.Weights`."""


class Weighting(models.Model):
    """A Gewichtung: how much each part of the score counts, in percent of what was designed.

    Rows are a history, the last one is valid: each `follows` the one before, so that of two people who change
    it at once only one succeeds. `figures_year` is that of the figures it rests upon; of rows from before it
    was asked for it is not known.
    """

    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    field = models.PositiveSmallIntegerField(_("das gewünschte Handlungsfeld"), default=100)
    hours = models.PositiveSmallIntegerField(_("Aufgaben mit mehr Stunden"), default=100)
    near = models.PositiveSmallIntegerField(_("ein kurzer Weg"), default=100)
    need = models.PositiveSmallIntegerField(_("der Bedarf des Stadtteils"), default=100)
    district = models.PositiveSmallIntegerField(_("der gewünschte Stadtteil"), default=100)
    waiting = models.PositiveSmallIntegerField(_("wer lange wartet"), default=100)
    needs = models.JSONField(_("Bedarf der Stadtteile"), default=dict)
    reason = models.CharField(_("Begründung"), max_length=500)
    figures_year = models.PositiveSmallIntegerField(_("Jahr der Zahlen"), null=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("Gewichtung")
        verbose_name_plural = _("Gewichtungen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{part}__lte": MOST_PERCENT for part in PARTS}),
                name="weighting_parts_bounded",
            ),
            models.CheckConstraint(
                condition=Q(figures_year=None) | Q(figures_year__gte=FIRST_YEAR), name="weighting_year_sane"
            ),
            models.UniqueConstraint(fields=["follows"], nulls_distinct=False, name="weighting_is_one_chain"),
        ]

    def __str__(self) -> str:
        return f"{local_day(self.set_at):%d.%m.%Y}"

    @property
    def percents(self) -> dict[str, int]:
        """How much each part counts, by its name."""
        return {part: getattr(self, part) for part in PARTS}
