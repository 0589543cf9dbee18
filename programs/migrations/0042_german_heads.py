"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "city": {
        "loaded_values": "zuletzt geladene Angaben",
        "source_key": "Schlüssel in der Quelle",
    },
    "district": {
        "loaded_values": "zuletzt geladene Angaben",
        "slug": "Kürzel",
        "source_key": "Schlüssel in der Quelle",
    },
    "districtfigure": {
        "district": "Stadtteil",
        "loaded_values": "zuletzt geladene Angaben",
        "source_key": "Schlüssel in der Quelle",
    },
    "fund": {
        "balance_cents": "Guthaben in Cent",
        "gift_count": "Zahl der Spenden",
        "loaded_values": "zuletzt geladene Angaben",
        "received_cents": "eingegangen, in Cent",
        "slug": "Kürzel",
        "source_key": "Schlüssel in der Quelle",
    },
    "fundupdate": {
        "fund": "Spendenzweck",
    },
    "helptelephone": {
        "loaded_values": "zuletzt geladene Angaben",
        "source_key": "Schlüssel in der Quelle",
    },
    "membership": {
        "provider": "Träger",
        "user": "Konto",
    },
    "opportunity": {
        "created_by": "angelegt von",
        "edited_by": "bearbeitet von",
        "is_demo": "Beispieldaten",
        "slug": "Kürzel",
        "status": "Stand",
        "status_changed_at": "Stand seit",
    },
    "program": {
        "confidence": "Verlässlichkeit",
        "districts": "Stadtteile",
        "loaded_values": "zuletzt geladene Angaben",
        "provider": "Träger",
        "slug": "Kürzel",
        "source_key": "Schlüssel in der Quelle",
    },
    "provider": {
        "loaded_values": "zuletzt geladene Angaben",
        "slug": "Kürzel",
        "source_key": "Schlüssel in der Quelle",
    },
    "role": {
        "matching_price": "Preis beim Zuordnen",
        "opportunity": "Aufgabe",
    },
    "schoolholiday": {
        "loaded_values": "zuletzt geladene Angaben",
        "source_key": "Schlüssel in der Quelle",
    },
    "shift": {
        "closure": "Schließzeit",
        "opportunity": "Aufgabe",
        "repeated_by": "wiederholt durch",
        "sequence": "Fassung im Kalender",
        "series": "Serie",
    },
    "shiftseries": {
        "opportunity": "Aufgabe",
        "rolled_out_until": "Termine angelegt bis",
        "sequence": "Fassung im Kalender",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0041_ended_series"),
    ]

    operations = [NameFields(_HEADS)]
