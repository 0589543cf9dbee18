"""Statements that a banking program writes into a folder are taken over and moved to where they went."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donations.models import BankTransaction, StatementImport
from donations.services.bank.inbox import StatementsRefused, read_inbox
from foundation import sweeps
from programs.models import Fund
from tests.donations.statements.written import camt, entry
from tests.factories import make_provider

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, fund: Fund) -> Path:
    (tmp_path / fund.provider.slug).mkdir()
    return tmp_path


def put(folder: Path, name: str, content: str, *, minutes_ago: int = 5) -> Path:
    path = folder / name
    path.write_text(content)
    moment = (NOW - timedelta(minutes=minutes_ago)).timestamp()
    os.utime(path, (moment, moment))
    return path


def lying(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_a_statement_is_taken_over_once_and_lies_in_done(folder: Path, fund: Fund) -> None:
    put(folder, "stadt-dueren/a.xml", camt(entry(), entry("40.00")))
    assert read_inbox(folder, NOW) == 1
    assert sorted(BankTransaction.objects.values_list("amount_cents", flat=True)) == [2500, 4000]
    assert lying(folder) == ["stadt-dueren/done/a.xml", "stadt-dueren/done/a.xml.json"]
    told = json.loads((folder / "stadt-dueren/done/a.xml.json").read_text())
    assert told == {"lines": 2, "new": 2, "merged": 0, "flags": []}
    put(folder, "stadt-dueren/a.xml", camt(entry(), entry("40.00")))
    assert (read_inbox(folder, NOW), read_inbox(folder, NOW)) == (1, 0)
    assert BankTransaction.objects.count() == 2
    assert "stadt-dueren/done/20260310T090000-a.xml" in lying(folder)


def test_what_cannot_be_taken_over_lies_in_refused_with_its_reason_and_stops_nothing(
    folder: Path, fund: Fund
) -> None:
    put(folder, "stadt-dueren/a.xml", "kein Auszug", minutes_ago=9)
    put(folder, "stadt-dueren/b.xml", camt(entry(), iban="DE89370400440532013000"), minutes_ago=8)
    put(folder, "stadt-dueren/c.xml", camt(entry()))
    with pytest.raises(StatementsRefused, match=r"stadt-dueren/a\.xml") as refused:
        read_inbox(folder, NOW)
    assert "stadt-dueren/b.xml: ForeignAccount" in str(refused.value)
    assert BankTransaction.objects.count() == 1
    assert [name for name in lying(folder) if not name.endswith(".json")] == [
        "stadt-dueren/done/c.xml",
        "stadt-dueren/refused/a.xml",
        "stadt-dueren/refused/b.xml",
    ]
    reason = json.loads((folder / "stadt-dueren/refused/b.xml.json").read_text())
    assert reason["error"].startswith("ForeignAccount")
    assert read_inbox(folder, NOW) == 0


def test_each_refusal_is_told_in_the_log_with_the_body_and_in_all_a_thousand_signs(
    folder: Path, fund: Fund, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"{number:02}-{'lang' * 20}.xml" for number in range(12)]
    for name in names:
        put(folder, f"stadt-dueren/{name}", "kein Auszug")
    with pytest.raises(StatementsRefused) as refused:
        read_inbox(folder, NOW)
    assert len(str(refused.value)) == 1000
    first, second, *_others = str(refused.value).split("; ")
    assert first.startswith(f"stadt-dueren/{names[0]}: StatementRefused: ")
    assert second.startswith(f"stadt-dueren/{names[1]}: StatementRefused: ")
    told = [each.msg for each in caplog.records if each.name == "donations.services.bank.inbox"]
    assert [(each["event"], each["provider"]) for each in told] == [
        ("statement_refused", "stadt-dueren")
    ] * 12


def test_the_oldest_comes_first_and_a_file_is_quiet_after_a_minute(folder: Path, fund: Fund) -> None:
    put(folder, "stadt-dueren/a.xml", camt(entry("1.00")), minutes_ago=1)
    put(folder, "stadt-dueren/b.xml", camt(entry("2.00")), minutes_ago=2)
    moment = (NOW - timedelta(seconds=59)).timestamp()
    os.utime(put(folder, "stadt-dueren/c.xml", camt(entry("3.00"))), (moment, moment))
    assert read_inbox(folder, NOW) == 2
    assert list(BankTransaction.objects.order_by("pk").values_list("amount_cents", flat=True)) == [200, 100]


def test_what_is_still_written_hidden_linked_or_nobody_s_is_left_alone(
    folder: Path, fund: Fund, tmp_path_factory: pytest.TempPathFactory
) -> None:
    make_provider("Verein", slug="verein")
    outside = put(tmp_path_factory.mktemp("outside"), "x.xml", camt(entry()))
    put(folder, "stadt-dueren/half.xml", camt(entry()), minutes_ago=0)
    put(folder, "stadt-dueren/.hidden.xml", camt(entry()))
    put(folder, "nobody.xml", camt(entry()))
    (folder / "stadt-dueren" / "link.xml").symlink_to(outside)
    (folder / "fremd").mkdir()
    put(folder, "fremd/a.xml", camt(entry()))
    assert read_inbox(folder, NOW) == 0
    assert (StatementImport.objects.count(), outside.exists()) == (0, True)


def test_the_sweep_looks_into_the_folder_that_is_set(folder: Path, fund: Fund, settings: object) -> None:
    put(folder, "stadt-dueren/a.xml", camt(entry()))
    settings.STATEMENT_FOLDER = None
    assert sweeps.run("donations.read_inbox", NOW) == 0
    settings.STATEMENT_FOLDER = folder
    assert sweeps.run("donations.read_inbox", NOW) == 1
