"""An index by which a search for a name reads only the people it finds."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Concat

from foundation.lists.searching import Folded


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_forgiving_search"), ("volunteers", "0024_asked_to_stay")]

    operations = [
        migrations.AddIndex(
            model_name="volunteer",
            index=GinIndex(
                OpClass(Folded(Concat("first_name", Value(" "), "last_name")), "gin_trgm_ops"),
                name="volunteer_by_name",
            ),
        ),
    ]
