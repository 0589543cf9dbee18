"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "assignment": {
        "absence": "Abwesenheit",
        "heads": "Zahl der Personen",
        "placement": "Einsatz",
        "released_for": "nicht eingeteilt wegen",
        "reminded_at": "erinnert",
        "role": "Rolle",
        "shift": "Termin",
        "span": "Zeitraum",
        "status": "Stand",
        "status_changed_at": "Stand seit",
        "volunteer": "Person",
    },
    "hoursentry": {
        "assignment": "Einteilung",
        "created_at": "angelegt",
        "heads": "Zahl der Personen",
        "opportunity": "Aufgabe",
        "placement": "Einsatz",
        "volunteer": "Person",
    },
    "matchrun": {
        "bound": "höchstens erreichbar",
        "edges": "mögliche Paare",
        "error": "Fehler",
        "failed_at": "gescheitert",
        "finished_at": "fertig",
        "inputs_hash": "Prüfsumme der Eingaben",
        "opportunities": "Aufgaben",
        "proposed": "vorgeschlagene Anfragen",
        "score": "Punkte",
        "started_at": "begonnen",
        "volunteers": "Personen",
        "weights": "Gewichte",
    },
    "offer": {
        "answered_at": "beantwortet",
        "created_at": "angelegt",
        "decline_reason": "Grund der Absage",
        "expires_at": "gilt bis",
        "heads": "Zahl der Personen",
        "is_shared": "Platz geteilt",
        "opportunity": "Aufgabe",
        "pledge": "Zusage",
        "reasons": "Gründe",
        "role": "Rolle",
        "run": "Lauf",
        "score": "Punkte",
        "sent_at": "gesendet",
        "status": "Stand",
        "status_changed_at": "Stand seit",
    },
    "placement": {
        "asked_to_stay_on": "gefragt, ob es weitergeht, am",
        "calendar_uid": "Kennung im Kalender",
        "created_at": "angelegt",
        "heads": "Zahl der Personen",
        "offer": "Anfrage",
        "opportunity": "Aufgabe",
        "pledge": "Zusage",
        "pressed": "Erinnerungen",
        "pressed_at": "zuletzt erinnert",
        "role": "Rolle",
        "status": "Stand",
        "status_changed_at": "Stand seit",
        "stays_since_on": "bleibt seit",
        "volunteer": "Person",
    },
    "timepledge": {
        "answer_due_at": "Antwort bis",
        "confirmed_at": "bestätigt",
        "created_at": "angelegt",
        "escalated_at": "weitergegeben",
        "link_renewed_at": "Link erneuert",
        "paused_until": "ruht bis",
        "status": "Stand",
        "status_changed_at": "Stand seit",
        "submission": "Kennung der Eingabe",
        "taken_by": "aufgenommen von",
        "volunteer": "Person",
        "wanted_opportunity": "gewünschte Aufgabe",
        "wanted_role": "gewünschte Rolle",
    },
    "volunteer": {
        "confirmed_at": "bestätigt",
        "created_at": "angelegt",
        "erased_at": "gelöscht",
        "is_demo": "Beispieldaten",
        "last_asked_at": "zuletzt gefragt",
        "mailbox": "Postfach",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("volunteers", "0035_changed_needs"),
    ]

    operations = [NameFields(_HEADS)]
