"""An index by which a search for a giver reads only the gifts it finds."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from foundation.lists.searching import Folded


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_forgiving_search"), ("donations", "0024_recurring_rhythms")]

    operations = [
        migrations.AddIndex(
            model_name="donation",
            index=GinIndex(OpClass(Folded("donor_name"), "gin_trgm_ops"), name="donation_by_name"),
        ),
    ]
