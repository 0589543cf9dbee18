"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "user": {
        "date_joined": "angelegt",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_sessions"),
    ]

    operations = [NameFields(_HEADS)]
