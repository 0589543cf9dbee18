"""New names are put into their index at once, so that no search reads a list of what is new."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import Q, Value
from django.db.models.functions import Concat

from foundation.lists.searching import Folded

AT_ONCE = "ALTER INDEX {0} SET (fastupdate = off)"
WHAT_WAITS = "SELECT gin_clean_pending_list('{0}')"
BEFORE = "ALTER INDEX {0} RESET (fastupdate)"
INDEXES = (
    ("volunteer", "volunteer_by_name", Concat("first_name", Value(" "), "last_name"), None),
    ("volunteer", "volunteer_by_first_name", "first_name", None),
    ("volunteer", "volunteer_by_group", "group_name", ~Q(group_name="")),
)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0051_consents_on_paper")]

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
