"""`manage.py match` and its report."""

from io import StringIO

import pytest
from django.core.management import call_command

from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from tests.factories import make_opportunity
from tests.volunteers.pledging import mails, make_pledge
from volunteers.models import MatchRun, Offer, TimePledge

pytestmark = pytest.mark.django_db

MONDAY = WeeklyTime(0, 14 * 60, 18 * 60)
MONDAY_SLOT = (0, 15 * 60, 16 * 60)
TUESDAY_SLOT = (1, 15 * 60, 16 * 60)


def report(*arguments: str) -> str:
    out = StringIO()
    call_command("match", *arguments, stdout=out)
    return out.getvalue()


def make_rows() -> tuple[TimePledge, TimePledge]:
    now = utc_now()
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT], languages=["tr"])
    make_opportunity("Chor", slots=[TUESDAY_SLOT])
    fits = make_pledge(now, first_name="Adile", times=[MONDAY], languages=["tr"])
    fits_not = make_pledge(now, first_name="Bernd", email="bernd@example.org", times=[MONDAY])
    return fits, fits_not


def test_report_names_proposals_quality_and_obstacles() -> None:
    fits, _fits_not = make_rows()

    text = report()

    assert "Zusagen, die mitmachen: 2\n" in text
    assert "Angebote, die mitmachen: 2\n" in text
    assert "Freie Plätze: 2\n" in text
    assert "Mögliche Paare: 1\n" in text
    assert "Vorschläge: 1, davon selbst ausgesucht: 0\n" in text
    assert f"Adile (Zusage {fits.pk}) → Vorlesen: montags frei, spricht Türkisch" in text
    assert "Ohne Vorschlag: 1\n" in text
    assert "1 × die Zeiten passen nicht\n" in text
    assert "1 × eine nötige Sprache fehlt\n" in text
    assert "Gesendete Anfragen: 1\n" in text
    assert "@" not in text
    assert Offer.objects.get().status == "sent"


def test_report_says_what_was_reached_of_what_is_possible() -> None:
    make_rows()
    text = report()
    run = MatchRun.objects.get()
    percent = f"{100 * run.score / run.bound:.3f}".replace(".", ",")
    assert f"Punkte: {run.score:.0f} von höchstens {run.bound:.0f} ({percent} %)\n" in text
    assert f"Prüfsumme der Eingaben: {run.inputs_hash}\n" in text


def test_dry_run_writes_and_sends_nothing() -> None:
    make_rows()

    text = report("--dry-run")

    assert text.startswith("Probelauf: nichts wird gespeichert, nichts wird gesendet.\n")
    assert "Vorschläge: 1," in text
    assert not Offer.objects.exists()
    assert not MatchRun.objects.exists()
    assert not mails("offer").exists()


def test_report_of_nothing() -> None:
    text = report("--dry-run")
    assert "Vorschläge: 0, davon selbst ausgesucht: 0\n" in text
    assert "Punkte: 0 von höchstens 0 (100,000 %)\n" in text
    assert "Ohne Vorschlag: 0\n" in text


def test_place_that_went_to_somebody_else_is_named() -> None:
    now = utc_now()
    opportunity = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=1)
    for name in ("Adile", "Bernd"):
        make_pledge(now, first_name=name, email=f"{name}@example.org", times=[MONDAY], wanted=opportunity)
    text = report("--dry-run")
    assert "Vorschläge: 1, davon selbst ausgesucht: 1\n" in text
    assert "1 × der Platz ging an jemand anderen\n" in text
