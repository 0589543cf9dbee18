"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "message": {
        "attachment_body": "Anhang",
        "attachment_name": "Name des Anhangs",
        "attachment_type": "Art des Anhangs",
        "attempts": "Versuche",
        "body_html": "Text als HTML",
        "body_text": "Text",
        "claimed_at": "übernommen",
        "claimed_by": "übernommen von",
        "due_at": "fällig",
        "error": "Fehler",
        "key": "Schlüssel",
        "queued_at": "eingereiht",
        "reserved_until": "vorgemerkt bis",
        "sent_at": "gesendet",
        "status": "Stand",
        "subject": "Betreff",
        "template": "Vorlage",
        "to_email": "an",
        "unsubscribe_url": "Adresse zum Abbestellen",
    },
    "suppression": {
        "created_at": "angelegt",
        "email": "E-Mail-Adresse",
        "reason": "Grund",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("outbox", "0005_letters"),
    ]

    operations = [NameFields(_HEADS)]
