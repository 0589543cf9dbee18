"""Indexes by which a search for a word reads only the lines of the bank it finds."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from foundation.lists.searching import Folded


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_forgiving_search"), ("donations", "0040_facts_of_their_causes")]

    operations = [
        migrations.AddIndex(
            model_name="banktransaction",
            index=GinIndex(OpClass(Folded("counterparty_name"), "gin_trgm_ops"), name="bank_line_by_name"),
        ),
        migrations.AddIndex(
            model_name="banktransaction",
            index=GinIndex(OpClass(Folded("remittance"), "gin_trgm_ops"), name="bank_line_by_text"),
        ),
    ]
