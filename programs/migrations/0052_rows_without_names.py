"""How a source names its rows is kept nowhere: a name could be somebody's. Its fingerprint is enough."""

import hashlib
from typing import Any

from django.db import migrations


def _forget_names(apps: Any, schema_editor: Any) -> None:
    for run in apps.get_model("programs", "DataImport").objects.exclude(rows=[]):
        for row in run.rows:
            origin = row.pop("origin", "")
            told = "\x1f".join((run.kind, str(run.provider_id or ""), run.source.casefold().strip(), origin))
            row["key"] = hashlib.sha256(told.encode()).hexdigest() if origin else None
        run.save(update_fields=["rows"])


class Migration(migrations.Migration):
    dependencies = [("programs", "0051_put_in_after_a_release")]

    operations = [
        migrations.RunPython(_forget_names, migrations.RunPython.noop),
        migrations.RemoveField(model_name="importedrow", name="origin"),
    ]
