"""New titles and places are put into their index at once, so that no search reads a list of what is new."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from foundation.lists.searching import Folded

AT_ONCE = "ALTER INDEX {0} SET (fastupdate = off)"
WHAT_WAITS = "SELECT gin_clean_pending_list('{0}')"
BEFORE = "ALTER INDEX {0} RESET (fastupdate)"
INDEXES = (
    ("opportunity", "opportunity_by_title", "title", None),
    ("opportunity", "opportunity_by_site", "site", None),
    ("fundupdate", "news_by_title", "title", None),
    ("program", "program_by_name", "name", None),
)


class Migration(migrations.Migration):
    dependencies = [("programs", "0052_rows_without_names")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(AT_ONCE.format(name), BEFORE.format(name)),
                migrations.RunSQL(WHAT_WAITS.format(name), migrations.RunSQL.noop),
            ],
            [
                migrations.RemoveIndex(model, name),
                migrations.AddIndex(
                    model,
                    GinIndex(OpClass(Folded(text), "gin_trgm_ops"), name=name, condition=condition, fastupdate=False),
                ),
            ],
        )
        for model, name, text, condition in INDEXES
    ]
