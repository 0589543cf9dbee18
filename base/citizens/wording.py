"""What is stored about a person, in words for a page; the file to take along keeps its short keys."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from foundation.clock import LOCAL_ZONE
from foundation.formats import euro_exact
from foundation.units import Cents

CENTS = "_cent"
WORDS = {
    "stand": _("Stand"),
    "postfach": _("Postfach"),
    "email": _("E-Mail"),
    "sprache": _("Sprache"),
    "abbestellt": _("abbestellt"),
    "angelegt": _("angelegt"),
    "bestaetigt": _("bestätigt"),
    "nicht_erreichbar_seit": _("nicht erreichbar seit"),
    "wieder_erreichbar_seit": _("wieder erreichbar seit"),
    "adressaenderungen": _("Änderung der Adresse"),
    "nach": _("nach"),
    "gewuenscht": _("gewünscht"),
    "neue_adresse_bestaetigt": _("von der neuen Adresse bestätigt"),
    "alte_adresse_bestaetigt": _("von der bisherigen Adresse bestätigt"),
    "nachrichten": _("E-Mails an Sie"),
    "betreff": _("Betreff"),
    "geschrieben": _("geschrieben"),
    "gesendet": _("gesendet"),
    "zeit": _("Zeit"),
    "personen": _("Person"),
    "vorname": _("Vorname"),
    "nachname": _("Nachname"),
    "gruppe_oder_firma": _("Gruppe oder Firma"),
    "menschen": _("Menschen"),
    "telefon": _("Telefon"),
    "volljaehrig": _("volljährig"),
    "erinnerung_an_termine": _("Erinnerung an Termine"),
    "geburtsmonat": _("Geburtsmonat, nur unter 18"),
    "geburtsmonat_noch_nicht_bestaetigt": _("Anderer Geburtsmonat, noch nicht bestätigt"),
    "anfragen_mit_kindern": _("wird nach Aufgaben mit Kindern gefragt"),
    "zuletzt_gefragt": _("zuletzt gefragt"),
    "zusagen": _("Zusage"),
    "handlungsfelder": _("Felder"),
    "zeiten": _("Zeiten"),
    "abwesend": _("abwesend"),
    "stadtteil": _("Stadtteil"),
    "lieber_in": _("lieber in"),
    "umkreis_km": _("Umkreis in km"),
    "stunden_je_woche": _("Stunden je Woche"),
    "aufgaben_zugleich": _("Aufgaben zugleich"),
    "faehigkeiten": _("kann gut"),
    "sprachen": _("Sprachen"),
    "alter_der_kinder": _("Alter der Kinder"),
    "anmerkung": _("Anmerkung"),
    "zugesagt": _("zugesagt"),
    "gekommen": _("gekommen"),
    "eingewilligt": _("eingewilligt am"),
    "anfragen": _("Anfrage"),
    "aufgabe": _("Aufgabe"),
    "gefragt": _("gefragt"),
    "geantwortet": _("geantwortet"),
    "grund_der_absage": _("Grund der Absage"),
    "warum_gefragt": _("warum wir gefragt haben"),
    "einsaetze": _("Einsatz"),
    "traeger": _("Träger"),
    "von": _("von"),
    "von_anschrift": _("von der Anschrift"),
    "bis": _("bis"),
    "einspruenge": _("Einsprung für einen Tag"),
    "stunden": _("Geleistete Zeit"),
    "tag": _("Tag"),
    "minuten": _("Minuten"),
    "gespraeche": _("Gespräch oder Notiz"),
    "am": _("am"),
    "ergebnis": _("Ergebnis"),
    "naechster_schritt": _("nächster Schritt"),
    "wieder_am": _("wieder am"),
    "notiz": _("Notiz"),
    "einsichtnahmen": _("Einsichtnahme"),
    "selbstverpflichtungen": _("Selbstverpflichtung"),
    "unterschrieben": _("unterschrieben"),
    "fassung": _("Fassung"),
    "einverstaendnisse": _("Einverständnis der Eltern"),
    "zugestimmt": _("zugestimmt"),
    "auf_papier_unterschrieben": _("auf Papier unterschrieben am"),
    "zurueckgezogen": _("zurückgezogen"),
    "masernschutz_gezeigt": _("Masernschutz gezeigt"),
    "zustimmung": _("Zustimmung für andere"),
    "geld": _("Geld"),
    "spenden": _("Spende"),
    "zweck": _("Zweck"),
    "zweck_text": _("Text des Zwecks"),
    "betrag_cent": _("Betrag"),
    "erstattet_cent": _("erstattet"),
    "weg": _("Weg"),
    "eingegangen": _("eingegangen"),
    "name": _("Name"),
    "anschrift": _("Anschrift"),
    "kontobewegung": _("Kontobewegung"),
    "referenzen_der_kontobewegung": _("Referenzen der Kontobewegung"),
    "wertstellung": _("Wertstellung"),
    "abgebucht": _("vom Konto abgebucht"),
    "tag_der_zuwendung": _("Tag der Zuwendung"),
    "sepa_mandat": _("SEPA-Mandat"),
    "einzug_kennung": _("Kennung des Einzugs"),
    "dauerspenden": _("Dauerspende"),
    "rhythmus": _("Rhythmus"),
    "naechster_einzug": _("nächster Einzug"),
    "pausiert_bis": _("pausiert bis"),
    "karte_gilt_bis": _("Karte gilt bis"),
    "letzter_fehlschlag": _("letzter Fehlschlag"),
    "name_oeffentlich": _("Name darf öffentlich genannt werden"),
    "anonym_gegenueber_empfaenger": _("anonym gegenüber dem Empfänger"),
    "laufende_angelegenheit": _("laufende Angelegenheit mit der Stadt"),
    "land_des_kontos": _("Land des Kontos"),
    "misslungen": _("nicht zustande gekommen"),
    "bestaetigungen": _("Bestätigungen"),
    "zuwendungsbestaetigungen": _("Zuwendungsbestätigung"),
    "sachspenden_und_verzichte": _("Sachspende oder Verzicht auf Auslagen"),
    "art": _("Art"),
    "wert_cent": _("Wert"),
    "bezeichnung": _("Bezeichnung"),
    "wertermittlung": _("Wie der Wert ermittelt wurde"),
    "nummer": _("Nummer"),
    "ausgestellt": _("ausgestellt"),
    "aussteller": _("Aussteller"),
    "seit": _("seit"),
}


def readable(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return (heading, lines) per entry, each row of a list in one line."""
    return [(word(name), _lines(name, value)) for name, value in data.items()]


def word(name: str) -> str:
    """Return the word for a key of the file, the key itself if nobody has named it."""
    return str(WORDS.get(name, name))


def _lines(name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{word(key)}: {text}" for key, each in value.items() for text in _lines(key, each)]
    if isinstance(value, list):
        return [", ".join(_lines(name, each)) for each in value] or ["–"]
    return [_said(name, value)]


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("ja") if value else _("nein"))
    if isinstance(value, datetime):
        return dateformat.format(value.astimezone(LOCAL_ZONE), "j. F Y, H:i")
    if isinstance(value, date):
        return dateformat.format(value, "j. F Y")
    if name == "sprache":
        return str(dict(settings.LANGUAGES).get(value, value))
    if name.endswith(CENTS):
        return euro_exact(Cents(value))
    return str(value)
