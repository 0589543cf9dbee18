from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from figures.domain.measures import Measure
from programs.domain.choices import Field
from programs.models import District, Fund, Provider

_MEASURES = [(measure.value, measure.value) for measure in Measure]


class Fact(models.Model):
    """What became known on a day: of which measure, where, in which field, by which (nameless) person.

    Written by triggers in the transaction of its cause, the row with the number `cause` among pledges,
    placements, hours or ledger entries (migration 0006 and those of the apps above, decision 54); the night
    compares them with `figures.services.sources`. A pledge that fits several fields has one row for each:
    people are counted once, whatever the number of their rows. `heads` is how many come with the one contact
    `person`, who is alone known; minutes are those of all of them.
    """

    measure = models.CharField(max_length=10, choices=_MEASURES)
    day = models.DateField()
    district = models.ForeignKey(
        District, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)
    provider = models.ForeignKey(
        Provider, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    fund = models.ForeignKey(
        Fund, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    person = models.BigIntegerField()
    minutes = models.BigIntegerField()
    cents = models.BigIntegerField()
    heads = models.PositiveSmallIntegerField(default=1, db_default=1)
    cause = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["measure", "day"], name="fact_of_day"),
            models.Index(fields=["cause", "measure"], name="fact_of_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.measure}"


class DueFact(models.Model):
    """What a transaction has touched so far and what its end makes facts of; nobody else ever sees a row.

    `kind` names the function that writes the facts of `causes`: `figures_of_<kind>`.
    """

    transaction = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=20)
    causes = ArrayField(models.BigIntegerField())
    is_wide = models.BooleanField()
    is_last = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.kind}: {self.causes}"


class Figure(models.Model):
    """A rollup of one night: exact, for the staff's page, where small ones are hidden when they are shown.

    `provider` None is the whole city, `field` "" all fields, `is_total` all districts together; `district`
    None otherwise is what belongs to none. `value` is people (all heads of a group), minutes or, of
    `answered`, the median of minutes; `high` its ninth decile. `people` are those who are known, a group
    being one contact; they decide whether it may be shown. `places` counts places of tasks, in `high` those
    taken, and in `people` those of them that may be told of, because they stand on enough contacts; it has no
    period.
    """

    PLACES = "places"

    measure = models.CharField(max_length=10, choices=[*_MEASURES, (PLACES, PLACES)])
    period = models.CharField(max_length=12, blank=True)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)
    district = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    is_total = models.BooleanField()
    value = models.BigIntegerField()
    high = models.BigIntegerField(default=0)
    people = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "provider", "field", "measure", "is_total", "district"],
                name="figure_once_a_night",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(is_total=False) | Q(district__isnull=True), name="figure_total_has_no_district"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.period}: {self.value}"


class Series(models.Model):
    """What is published of one measure in one district (None: in none), or of the gifts for one purpose."""

    measure = models.CharField(max_length=10, choices=_MEASURES)
    district = models.ForeignKey(District, models.CASCADE, null=True, related_name="+")
    fund = models.ForeignKey(Fund, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "district", "fund"], name="series_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(measure="gifts", fund__isnull=False, district__isnull=True)
                | (~Q(measure="gifts") & Q(fund__isnull=True)),
                name="series_of_gifts_has_fund",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.district or self.fund}"


class Step(models.Model):
    """The reading of a series from the end of `day` on: people, minutes or cents since the beginning.

    What was published stays: steps are only added, after the last one.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="steps", db_index=False)
    day = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        ordering = ["series", "day"]
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="step_once_a_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="step_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.series}, {self.day}: {self.value}"


class FinishedSheet(models.Model):
    """What a page tells of one choice, finished by the night (`figures.domain.sheets.Sheet`).

    `provider` None is the whole city, `field` "" all fields; `is_public` is what everybody may read. By which
    thresholds small numbers were hidden stands beside it, so that a stricter one does not wait for a night.
    """

    is_public = models.BooleanField()
    period = models.CharField(max_length=12)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="+")
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)
    content = models.JSONField()
    persons_shown_from = models.PositiveSmallIntegerField()
    givers_shown_from = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "field", "is_public", "provider"],
                name="sheet_once_a_night",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.field} {self.provider_id or ''}".strip()


class Night(models.Model):
    """The last day that has been counted; one row."""

    counted_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="night_is_one_row")]

    def __str__(self) -> str:
        return str(self.counted_on)


class CityReport(models.Model):
    """What was reported of help beside need at one moment; its content is never written again.

    `content` is what stood in the table (wirbrauchensie.reports.content): published or hidden figures, no row
    about anybody. `earlier` is the report it compares itself with; None means the period before.
    """

    made_at = models.DateTimeField(_("gemacht am"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    counted_on = models.DateField()
    period = models.CharField(max_length=4)
    field = models.CharField(max_length=12, choices=Field.choices, blank=True)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    content = models.JSONField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("Bericht")
        verbose_name_plural = _("Berichte")

    def __str__(self) -> str:
        return f"{self.period} {self.field} {self.counted_on}".strip()

    @property
    def is_for_everybody(self) -> bool:
        """Figures of one field are for staff: beside the published ones they could tell of single people."""
        return not self.field
