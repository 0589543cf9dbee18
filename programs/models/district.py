from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.loaded import LoadedRow


class District(LoadedRow):
    """A Stadtteil: a shape on the map, a point, a tile of the hex map, and figures each with its source."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    slug = models.SlugField(_("Kürzel"), max_length=80, unique=True)
    short_name = models.CharField(
        _("Kürzel"),
        max_length=5,
        blank=True,
        default="",
        db_default="",
        help_text=_("Steht auf der Karte für Telefone; höchstens fünf Zeichen."),
    )
    borough = models.CharField(_("Stadtbezirk"), max_length=80, blank=True)
    latitude = models.FloatField(_("Breite"))
    longitude = models.FloatField(_("Länge"))
    geometry = models.JSONField(_("Umriss (GeoJSON)"))
    geometry_note = models.TextField(_("Herkunft des Umrisses"), blank=True)
    tile_column = models.SmallIntegerField(_("Kachelspalte"))
    tile_row = models.SmallIntegerField(_("Kachelzeile"))
    need_weight = models.PositiveSmallIntegerField(
        _("Bedarfsgewicht"),
        default=100,
        help_text=_("100 ist neutral; setzt das Jugendamt. Wird nicht öffentlich gezeigt."),
    )
    note = models.TextField(_("Anmerkung"), blank=True)

    class Meta:
        verbose_name = _("Stadtteil")
        verbose_name_plural = _("Stadtteile")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What stands on a small map."""
        return self.short_name or self.name


class DistrictFigure(LoadedRow):
    """One number about one district, which is nothing without its year and its source."""

    class Kind(models.TextChoices):
        POPULATION = "population", _("Einwohnerinnen und Einwohner")
        UNDER_18_PERCENT = "under_18_percent", _("Anteil unter 18 Jahren")
        MEAN_AGE = "mean_age", _("Durchschnittsalter")
        MIGRATION_PERCENT = "migration_percent", _("Anteil mit Migrationshintergrund")
        AREA_KM2 = "area_km2", _("Fläche")
        CHILD_POVERTY_PERCENT = "child_poverty_percent", _("Anteil Kinder in Armut")

    district = models.ForeignKey(
        District, models.CASCADE, related_name="figures", verbose_name=_("Stadtteil"), db_index=False
    )
    kind = models.CharField(_("Angabe"), max_length=30, choices=Kind.choices)
    value = models.DecimalField(_("Wert"), max_digits=10, decimal_places=2)
    year = models.PositiveSmallIntegerField(_("Jahr"), null=True, blank=True)
    source = models.CharField(_("Quelle"), max_length=400)

    class Meta:
        verbose_name = _("Angabe zum Stadtteil")
        verbose_name_plural = _("Angaben zu Stadtteilen")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "year"], name="figure_once_a_year", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_kind_display()}"
