"""An index by which erasure finds a word in the history without reading all of it.

`pg_trgm` is a trusted extension: the owner of the database may create it.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

CREATE = """
CREATE INDEX event_told ON foundation_event
USING gin (lower(reason || ' ' || coalesce(changes::text, '')) gin_trgm_ops)
WHERE changes IS NOT NULL OR reason <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0005_shared_cache")]

    operations = [TrigramExtension(), migrations.RunSQL(CREATE, "DROP INDEX event_told")]
