"""The heads of columns are German: no statement, words alone."""

from django.db import migrations
from foundation.field_heads import NameFields

_HEADS = {
    "banktransaction": {
        "account": "Konto",
        "booked_at": "verbucht",
        "fingerprint": "Fingerabdruck",
        "payout": "Auszahlung",
        "provider": "Träger",
        "recorded_at": "erfasst",
        "recorded_by": "erfasst von",
        "refund": "Erstattung",
        "statement": "Kontoauszug",
        "statement_key": "Schlüssel im Auszug",
        "transit": "Auszahlung von Stripe",
    },
    "dispute": {
        "closed_at": "entschieden",
        "donation": "Spende",
        "external_id": "Kennung",
        "opened_at": "eröffnet",
        "outcome": "Ausgang",
        "reason": "Grund der Bank",
    },
    "donation": {
        "checkout_session_id": "Zahlungsseite",
        "checkout_url": "Adresse der Zahlungsseite",
        "donor": "Spender*in",
        "fallback_text": "Text des Ersatzzwecks",
        "fund": "Spendenzweck",
        "is_demo": "Beispieldaten",
        "lost_cents": "durch Rückbuchung verloren, in Cent",
        "next_ask_at": "nächste Nachfrage",
        "payable_at": "zahlbar seit",
        "pledged_at": "zugesagt",
        "promised_cents": "zugesagt, in Cent",
        "public_id": "öffentliche Kennung",
        "purpose_text": "Text des Zwecks",
        "received_at": "eingegangen",
        "recurring": "Dauerspende",
        "refunded_cents": "erstattet, in Cent",
        "repeats": "wiederholt",
        "status": "Stand",
        "status_changed_at": "Stand seit",
        "stripe_invoice_id": "Rechnung bei Stripe",
        "text_version": "Version der Texte",
        "times_asked": "Nachfragen",
    },
    "donor": {
        "created_at": "angelegt",
        "is_demo": "Beispieldaten",
        "mailbox": "Postfach",
    },
    "ledgerentry": {
        "transaction": "Buchungssatz",
    },
    "ledgertransaction": {
        "donation": "Spende",
        "recorded_at": "erfasst",
    },
    "payment": {
        "donation": "Spende",
    },
    "proposal": {
        "provider": "Träger",
        "status": "Stand",
        "status_changed_at": "Stand seit",
    },
    "recurringdonation": {
        "card_told_for": "Ablauf der Karte gemeldet für",
        "created_at": "begonnen",
        "donor": "Spender*in",
        "failed_invoice_id": "gescheiterte Rechnung",
        "fund": "Spendenzweck",
        "is_demo": "Beispieldaten",
        "method": "Zahlungsart",
        "method_set_at": "Zahlungsart seit",
        "status": "Stand",
        "status_changed_at": "Stand seit",
        "stripe_subscription_id": "Abonnement bei Stripe",
        "tries": "Versuche",
        "version": "Version",
    },
    "refund": {
        "donation": "Spende",
        "external_id": "Kennung",
        "proposal": "Vorschlag",
        "refunded_at": "erstattet",
        "status": "Stand",
        "status_changed_at": "Stand seit",
    },
    "statementimport": {
        "digest": "Prüfsumme",
        "imported_by": "eingelesen von",
        "provider": "Träger",
    },
    "stripeevent": {
        "attempts": "Versuche",
        "error": "Fehler",
        "event_id": "Kennung",
        "kind": "Art",
        "next_attempt_at": "nächster Versuch",
        "noun": "Gegenstand",
        "processed_at": "verarbeitet",
        "received_at": "gemeldet",
        "subject_id": "Kennung des Gegenstands",
    },
}


class Migration(migrations.Migration):

    dependencies = [
        ("donations", "0035_lines_that_come_back"),
    ]

    operations = [NameFields(_HEADS)]
