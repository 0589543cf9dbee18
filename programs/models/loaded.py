"""Rows that `load_city` brings in and staff may change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedRow(models.Model):
    """Remembers what was loaded last, so that a newer load changes only what no person has touched."""

    source_key = models.SlugField(
        _("Schlüssel in der Quelle"), max_length=80, unique=True, null=True, blank=True, editable=False
    )
    loaded_values = models.JSONField(_("zuletzt geladene Angaben"), default=dict, editable=False)

    class Meta:
        abstract = True
