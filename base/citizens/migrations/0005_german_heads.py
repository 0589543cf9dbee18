"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "mailbox": {
        "kind_versions": "Versionen der Links je Art",
        "link_version": "Version der Links",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("citizens", "0004_both_confirm_addresses"),
    ]

    operations = [NameFields(_HEADS)]
