"""Indexes by which a search for a word reads only the tasks, news and programmes it finds."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from foundation.lists.searching import Folded


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_forgiving_search"), ("programs", "0045_closures_of_one_date")]

    operations = [
        migrations.AddIndex(
            model_name="opportunity",
            index=GinIndex(OpClass(Folded("title"), "gin_trgm_ops"), name="opportunity_by_title"),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=GinIndex(OpClass(Folded("site"), "gin_trgm_ops"), name="opportunity_by_site"),
        ),
        migrations.AddIndex(
            model_name="fundupdate",
            index=GinIndex(OpClass(Folded("title"), "gin_trgm_ops"), name="news_by_title"),
        ),
        migrations.AddIndex(
            model_name="program",
            index=GinIndex(OpClass(Folded("name"), "gin_trgm_ops"), name="program_by_name"),
        ),
    ]
