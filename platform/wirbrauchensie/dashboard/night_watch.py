"""The scheduled jobs in plain words: what each does, how it stands, and what to do when it does not run."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation import sweeps
from foundation.formats import ago
from foundation.models import SweepRun

TITLES = {
    "citizens.answer_link_requests": _("Angeforderte Links schicken"),
    "citizens.delete_unused": _("Ungenutzte Postfächer löschen"),
    "citizens.move_unopposed": _("Adressen wechseln, wenn niemand widerspricht"),
    "citizens.note_bounces": _("Unzustellbare Adressen vermerken"),
    "citizens.settle_address_changes": _("Liegengebliebene Adressänderungen vergessen"),
    "connections.look_at_certificates": _("Nachsehen, wie lange die Zertifikate gelten"),
    "donations.ask_about_pending": _("Bei Stripe nach laufenden Zahlungen fragen"),
    "donations.book_lines": _("Kontoauszüge verbuchen"),
    "donations.catch_up": _("Versäumte Meldungen von Stripe nachholen"),
    "donations.check_ledger": _("Bücher prüfen"),
    "donations.look_after_recurring": _("Dauerspenden: zurückgenommene Mandate, ablaufende Karten"),
    "donations.process_events": _("Meldungen von Stripe verarbeiten"),
    "donations.read_inbox": _("Kontoauszüge aus dem Ordner einlesen"),
    "donations.reconcile": _("Stripe, Bank und Bücher vergleichen"),
    "donations.send_refunds": _("Freigegebene Erstattungen bei Stripe auslösen"),
    "donations.unpaid": _("An offene Überweisungen erinnern"),
    "figures.count": _("Zahlen der Stadtteile zählen"),
    "foundation.heartbeat": _("Herzschlag: Uhr, Warteschlange und Datenbank arbeiten zusammen"),
    "foundation.purge": _("Sitzungen und Zähler aufräumen"),
    "foundation.purge_history": _("Alten Verlauf löschen"),
    "outbox.empty_old_messages": _("Alte E-Mails leeren"),
    "outbox.give_up_on_lost": _("Abgerissene Sendungen kennzeichnen"),
    "outbox.send_due": _("E-Mails senden"),
    "programs.purge_absences": _("Alte Abwesenheiten vergessen"),
    "programs.purge_api_answers": _("Antworten der Schnittstelle vergessen"),
    "programs.close_expired": _("Engagementangebote beenden, die nicht mehr gelten"),
    "programs.purge_imports": _("Vorschauen eingelesener Dateien vergessen"),
    "programs.purge_webhook_deliveries": _("Meldungen an Programme vergessen"),
    "programs.send_webhooks": _("Meldungen an Programme senden"),
    "programs.purge_invitations": _("Erledigte Einladungen löschen"),
    "programs.purge_notices": _("Entschiedene Meldungen löschen"),
    "programs.roll_out_shifts": _("Kommende Termine anlegen"),
    "programs.follow_school_holidays": _("Termine nach geänderten Schulferien verlegen"),
    "receipts.issue_yearly": _("Zuwendungsbestätigungen des Vorjahres anlegen"),
    "receipts.note_payers": _("Abweichende Namen bei Überweisungen bemerken"),
    "receipts.purge": _("Zuwendungsbestätigungen nach zehn Jahren löschen"),
    "receipts.withdraw_untrue": _("Unrichtige Zuwendungsbestätigungen zurücknehmen"),
    "today.morning_mail": _("Morgens sagen, was wartet"),
    "volunteers.assign_shifts": _("Menschen auf Termine einteilen"),
    "volunteers.delete_unconfirmed": _("Unbestätigte Zusagen löschen"),
    "volunteers.end_placements": _("Abgelaufene Einsätze beenden"),
    "volunteers.end_dateless": _("Fragen, wer noch dabei ist"),
    "volunteers.escalate_unanswered": _("Zusagen ohne Antwort melden"),
    "volunteers.expire_offers": _("Unbeantwortete Anfragen beenden"),
    "volunteers.find_stand_ins": _("Ersatz für abgesagte Termine suchen"),
    "volunteers.follow_clearances": _("Führungszeugnisse nachhalten"),
    "volunteers.follow_needs": _("Nach geändertem Bedarf alle Menschen ansehen"),
    "volunteers.match": _("Menschen und Aufgaben zusammenbringen"),
    "volunteers.match_wanted": _("Nach Änderungen gleich nachfragen"),
    "volunteers.press_providers": _("Träger erinnern"),
    "volunteers.purge_clearances": _("Einsichtnahmen löschen"),
    "volunteers.purge_matching": _("Alte Anfragen löschen"),
    "volunteers.remind_of_clearances": _("An neue Führungszeugnisse erinnern"),
    "volunteers.remind_first_shift": _("An Termine erinnern"),
    "volunteers.resume_paused": _("Pausen beenden"),
    "volunteers.send_offers": _("Anfragen schicken"),
    "volunteers.tell_of_changed_dates": _("Geänderte Termine mitteilen"),
}

_CALL = _("Rufen Sie den Betrieb.")
_NOT_LOST = _("Nichts geht verloren: Sobald es wieder läuft, wird alles nachgeholt.")
_ADVICE = {
    "outbox": _("Antwortet der Mailserver? E-Mails warten so lange und gehen danach von selbst hinaus."),
    "connections": _(
        "Die Zertifikate, mit denen Datenbank und Warteschlange sich ausweisen, enden bald oder fehlen. Der "
        "Betrieb stellt neue aus (docs/operations.md, „Certificates“); bis dahin läuft alles weiter."
    ),
    "donations": _("Buchen Sie nichts von Hand, bis das geklärt ist; Zahlungen gehen nicht verloren."),
}
_COUNTED = {
    "NotBooked": ngettext_lazy(
        "%(number)d Meldung von Stripe lässt sich nicht buchen.",
        "%(number)d Meldungen von Stripe lassen sich nicht buchen.",
        "number",
    ),
    "FactsDiffered": ngettext_lazy(
        "Zu %(number)d Vorgang standen falsche Zahlen; sie sind berichtigt.",
        "Zu %(number)d Vorgängen standen falsche Zahlen; sie sind berichtigt.",
        "number",
    ),
    "NotReconciled": ngettext_lazy(
        "An %(number)d Stelle passen Stripe oder Bank und die Bücher nicht zusammen; „manage.py reconcile“ "
        "nennt sie dem Betrieb.",
        "An %(number)d Stellen passen Stripe oder Bank und die Bücher nicht zusammen; „manage.py reconcile“ "
        "nennt sie dem Betrieb.",
        "number",
    ),
}


@dataclass(frozen=True)
class Watched:
    """One job: `done` is when it last succeeded, in words; `state` is fine, late or failed."""

    name: str
    title: str
    done: str
    handled: int
    state: str
    advice: str


def watched(now: datetime) -> list[Watched]:
    """Return every job, those first that somebody must look after, then by title."""
    late = set(sweeps.late(now))
    records = {record.name: record for record in SweepRun.objects.all()}
    found = [
        _watched(each.name, records.get(each.name), each.name in late, now) for each in sweeps.all_sweeps()
    ]
    return sorted(found, key=lambda each: (each.state == "fine", each.title))


def advice_for(name: str) -> str:
    """Return what to do where the job of this name does not run."""
    return f"{_CALL} {_ADVICE.get(name.split('.')[0], _NOT_LOST)}"


def _watched(name: str, record: SweepRun | None, is_late: bool, now: datetime) -> Watched:
    state = "failed" if record and record.failed_at else "late" if is_late else "fine"
    done = ago(record.finished_at, now) if record and record.finished_at else str(_("noch nie"))
    advice = advice_for(name) if state != "fine" else ""
    if state == "failed" and record and (accounts := _with_refused_keys(record.error)):
        said = _("Stripe nimmt den Schlüssel nicht an; Konto: %(accounts)s.") % {"accounts": accounts}
        advice = f"{said} {advice}"
    if state == "failed" and record and (said := _counted(record.error)):
        advice = f"{said} {advice}"
    return Watched(name, str(TITLES.get(name, name)), done, record.handled if record else 0, state, advice)


def _with_refused_keys(error: str) -> str:
    """Name the accounts at Stripe whose keys are refused, as the sweep has said it at its end."""
    return ", ".join(re.findall(r"(\w+): ", error)) if error.startswith("KeyRefused(") else ""


def _counted(error: str) -> str:
    """Say of how many things a job that counts them has told at its end."""
    found = re.match(r"""(\w+)\(["'](\d+) """, error)
    if found is None or found[1] not in _COUNTED:
        return ""
    return str(_COUNTED[found[1]] % {"number": int(found[2])})
