"""Words that are taken down go from files that somebody has uploaded and not taken over yet."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from foundation.phrases import as_json, holding
from programs.domain.imports import Fault, RowFate, faulty
from programs.models import DataImport


def forget_rows(phrases: Collection[str]) -> None:
    """Keep of each waiting row that holds one of `phrases` only that it is no use any more.

    Called in the transaction in which they are taken down, before it locks what they stand in: whoever brings
    a file in locks the file first.
    """
    told = [as_json(phrase) for phrase in phrases]
    for run in holding(DataImport.objects.select_for_update(of=("self",)), "rows", phrases):
        run.rows = [_forgotten(row) if _holds(row, told) else row for row in run.rows]
        run.fault_count = sum(row["fate"] == RowFate.FAULTY for row in run.rows)
        run.save(update_fields=["rows", "fault_count"])


def _holds(row: Mapping[str, Any], told: Collection[str]) -> bool:
    words = json.dumps(row, ensure_ascii=False)
    return any(phrase in words for phrase in told)


def _forgotten(row: Mapping[str, Any]) -> dict[str, Any]:
    why = _(
        "Worte dieser Zeile wurden inzwischen von unseren Seiten genommen. Bitte prüfen Sie sie; danach"
        " können Sie die Datei noch einmal hochladen."
    )
    return asdict(faulty(row["line"], Fault("–", "", why))) | {"number": row["number"]}
