"""The table of the cache that all processes share (django.core.cache.backends.db)."""

from django.db import migrations

CREATE = """
CREATE TABLE IF NOT EXISTS foundation_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS foundation_cache_expires ON foundation_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_known_since")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE foundation_cache")]
