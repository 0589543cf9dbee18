"""`manage.py match` and its report."""

from io import BytesIO, StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from outbox.models import Message
from tests.factories import make_opportunity
from tests.volunteers.pledging import mails, make_pledge
from volunteers.models import Availability, MatchRecord, MatchRun, Offer, TimePledge

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


def test_a_run_is_repeated_bit_by_bit_whatever_became_of_its_rows() -> None:
    make_rows()
    report()
    run = MatchRun.objects.get()
    Availability.objects.all().delete()
    before = list(Offer.objects.values()), list(TimePledge.objects.values()), Message.objects.count()

    text = report("--replay", str(run.pk))

    assert text.endswith("Vorschläge: 1. Dieselbe Antwort, Bit für Bit.\n")
    assert f"Prüfsumme der Eingaben: {run.inputs_hash}\n" in text
    assert (
        list(Offer.objects.values()),
        list(TimePledge.objects.values()),
        Message.objects.count(),
    ) == before
    assert MatchRun.objects.get().finished_at == run.finished_at


def test_a_record_holds_no_name_and_no_address() -> None:
    make_rows()
    report()
    content = bytes(MatchRecord.objects.get().content)
    with np.load(BytesIO(content)) as columns:
        raw = b"".join(column.tobytes() for column in columns.values())
        kinds = {column.dtype.kind for column in columns.values()}
    assert kinds == {"i", "f", "b"}
    assert b"Adile" not in raw
    assert b"example" not in raw


def test_other_inputs_and_another_answer_end_with_an_error() -> None:
    make_rows()
    report()
    make_pledge(utc_now(), first_name="Cem", email="cem@example.org", times=[MONDAY], languages=["tr"])
    report()
    first, second = MatchRun.objects.order_by("pk")
    MatchRecord.objects.filter(run=first).update(content=second.record.content)
    with pytest.raises(CommandError, match=r"^Die Antwort ist eine andere: inputs$"):
        report("--replay", str(first.pk))
    assert "Bit für Bit" in report("--replay", str(second.pk))


def test_a_damaged_record_is_no_answer() -> None:
    make_rows()
    report()
    MatchRecord.objects.update(content=b"PK")
    with pytest.raises(CommandError, match="aus einer anderen Version oder sind beschädigt"):
        report("--replay", str(MatchRun.objects.get().pk))


def test_a_run_without_record_cannot_be_repeated() -> None:
    run = MatchRun.objects.create(started_at=utc_now())
    for number in (run.pk, run.pk + 1):
        with pytest.raises(CommandError, match=rf"Zu einem Abgleich {number} sind keine Eingaben"):
            report("--replay", str(number))


def test_a_rehearsal_writes_no_record_and_cannot_be_a_repetition() -> None:
    make_rows()
    report("--dry-run")
    assert not MatchRecord.objects.exists()
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("match", "--dry-run", "--replay", "1")
