from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.domain.imports import TAKES_TWO, ImportKind, ImportStatus, RowFate, WhyItStays
from programs.models.provider import Provider


class DataImport(models.Model):
    """A file that somebody brought in. The file itself is kept nowhere.

    `rows` is what was read of it, for as long as it is a preview or waits; every text in it passed the door
    of the column it is for, and of a row with faults only the number and what is wrong is kept. What became
    of each row stands in `ImportedRow`. Without `provider` it is the youth office's.
    """

    kind = models.CharField(_("Was"), max_length=12, choices=ImportKind.choices)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="+")
    source = models.CharField(_("Woher"), max_length=200)
    file_name = models.CharField(_("Datei"), max_length=120, blank=True, default="")
    valid_until = models.DateField(_("gilt bis"), null=True)
    all_or_nothing = models.BooleanField(_("nur ganz"), default=False)
    status = models.CharField(max_length=12, choices=ImportStatus.choices, default=ImportStatus.PREVIEW.value)
    status_changed_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    rows = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    fault_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("eingelesene Datei")
        verbose_name_plural = _("eingelesene Dateien")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["preview", "waiting", "applying"]) | Q(rows=[]),
                name="import_leaves_no_rows",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("begun_by")),
                name="import_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"

    @property
    def takes_two(self) -> bool:
        """Whether a second person releases it."""
        return self.kind in TAKES_TWO

    @property
    def has_entries(self) -> bool:
        """Whether its rows are entries of a list rather than lines of a table."""
        return self.kind in (ImportKind.BORDERS, ImportKind.SERVICES)

    @property
    def is_preview(self) -> bool:
        return self.status == ImportStatus.PREVIEW

    @property
    def waits(self) -> bool:
        """Whether a second person has to look at it."""
        return self.status == ImportStatus.WAITING

    @property
    def is_applying(self) -> bool:
        """Whether it was interrupted, or is at work this moment."""
        return self.status == ImportStatus.APPLYING

    @property
    def is_applied(self) -> bool:
        return self.status == ImportStatus.APPLIED

    @property
    def is_undone(self) -> bool:
        return self.status == ImportStatus.UNDONE

    @property
    def badge(self) -> str:
        """Which kind of badge shows its status."""
        kinds = {"preview": "info", "waiting": "sun", "applying": "warning", "applied": "success"}
        return kinds.get(self.status, "neutral")


class ImportedRow(models.Model):
    """What became of one row of a file: `object_id` is what it made or changed, with values before and after.

    `key` is the fingerprint of how the source itself names the row: what was made of it once is not made
    again, as long as nobody took it back. The name itself could be somebody's and is kept nowhere.
    """

    data_import = models.ForeignKey(DataImport, models.CASCADE, related_name="imported", db_index=False)
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(_("Zeile"))
    key = models.CharField(max_length=64, null=True)
    fate = models.CharField(max_length=12, choices=RowFate.choices)
    why = models.CharField(max_length=20, choices=WhyItStays.choices, blank=True, default="")
    object_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = _("eingelesene Zeile")
        verbose_name_plural = _("eingelesene Zeilen")
        ordering = ["data_import", "number"]
        constraints = [
            models.UniqueConstraint(fields=["data_import", "number"], name="import_row_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(fate__in=["new", "stays", "ended"]), name="import_origin_once"
            ),
        ]
        indexes = [models.Index(fields=["object_id"], name="import_of_row")]

    def __str__(self) -> str:
        return f"{self.data_import_id}, {self.line}"
