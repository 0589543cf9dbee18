"""`manage.py screen` says of each file what would become of its text."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_provider

pytestmark = pytest.mark.django_db


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    call_command("screen", *arguments)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_of_json_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, question, good = (tmp_path / name for name in ("bad.txt", "question.txt", "good.txt"))
    bad.write_text("Tarek, der in der Karlstr. 8 wohnt, hat kein eigenes Bett.", encoding="utf-8")
    question.write_text("Fragen beantwortet Frau Weber.", encoding="utf-8")
    good.write_text("Kicker und Billard im Jugendtreff Gürzenich", encoding="utf-8")
    assert told(capsys, str(bad), str(question), str(good)) == [
        {
            "file": str(bad),
            "verdict": "refuse",
            "findings": [
                {"kind": "home", "excerpt": "Karlstr. 8"},
                {"kind": "unknown", "excerpt": "Tarek"},
                {"kind": "single", "excerpt": "kein eigenes Bett"},
            ],
        },
        {
            "file": str(question),
            "verdict": "ask",
            "findings": [{"kind": "person", "excerpt": "Frau Weber"}],
        },
        {"file": str(good), "verdict": "pass", "findings": []},
    ]


def test_what_is_kept_is_refused_for_hard_findings_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Fragen beantwortet Frau Weber.", encoding="utf-8")
    assert told(capsys, "--policy", "kept", str(path)) == [
        {"file": str(path), "verdict": "pass", "findings": []}
    ]
    path.write_text("Emre (8) braucht Nachhilfe.", encoding="utf-8")
    assert told(capsys, "--policy", "kept", str(path)) == [
        {"file": str(path), "verdict": "refuse", "findings": [{"kind": "child", "excerpt": "Emre (8)"}]}
    ]


def test_what_stands_in_the_rows_of_the_city_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Wir helfen im Haus Zwirbelklotz.", encoding="utf-8")
    assert told(capsys, str(path))[0]["verdict"] == "ask"
    make_provider(name="Haus Zwirbelklotz e. V.")
    assert told(capsys, str(path))[0]["verdict"] == "pass"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Düren".encode("latin-1"))
    for name in ("missing.txt", "latin.txt"):
        with pytest.raises(CommandError, match=name):
            call_command("screen", str(tmp_path / name))
