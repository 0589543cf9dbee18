"""An index by which a search for a first name reads only the people it finds."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from foundation.lists.searching import Folded


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_forgiving_search"), ("volunteers", "0041_year_of_weightings")]

    operations = [
        migrations.AddIndex(
            model_name="volunteer",
            index=GinIndex(OpClass(Folded("first_name"), "gin_trgm_ops"), name="volunteer_by_first_name"),
        ),
    ]
