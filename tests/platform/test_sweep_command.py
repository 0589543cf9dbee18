"""`manage.py sweep`: one job by hand, at a moment of one's own choice."""

import zlib
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from foundation import sweeps
from foundation.models import SweepRun
from outbox.models import Message
from tests.processes import database_address

KEY = sweeps._signed(zlib.crc32(b"test.remembers"))


@pytest.fixture
def seen() -> object:
    """The moments that a sweep made for one test was given."""
    moments: list[datetime] = []
    sweeps.sweep("test.remembers", sweeps.every(60), timedelta(minutes=5))(
        lambda now: len(moments.append(now) or moments)
    )
    yield moments
    sweeps._sweeps.pop("test.remembers")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-01-05T12:00", datetime(2027, 1, 5, 11, 0, tzinfo=UTC)),
        ("2027-07-05T12:00", datetime(2027, 7, 5, 10, 0, tzinfo=UTC)),
        ("2027-01-05 12:00:30", datetime(2027, 1, 5, 11, 0, 30, tzinfo=UTC)),
        ("2027-01-05T12:00+00:00", datetime(2027, 1, 5, 12, 0, tzinfo=UTC)),
        ("2027-01-05T12:00Z", datetime(2027, 1, 5, 12, 0, tzinfo=UTC)),
        ("2027-10-31T02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    ],
)
def test_it_runs_as_if_it_were_that_moment(
    seen: list[datetime], capsys, written: str, meant: datetime
) -> None:
    call_command("sweep", "test.remembers", at=written)
    assert seen == [meant]
    assert SweepRun.objects.get(name="test.remembers").started_at == meant
    assert capsys.readouterr().out == "test.remembers: 1\n"


@pytest.mark.django_db
def test_without_a_moment_it_is_now(seen: list[datetime]) -> None:
    before = timezone.now()
    call_command("sweep", "test.remembers")
    assert before <= seen[0] <= timezone.now()


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["morgen", "2027-13-01T00:00", "12:00", "1e9", "2027-03-28T02:30"])
def test_what_is_no_moment_in_dueren_is_refused(seen: list[datetime], nonsense: str) -> None:
    with pytest.raises(CommandError, match=r"kein Zeitpunkt|gibt es hier nicht"):
        call_command("sweep", "test.remembers", at=nonsense)
    assert seen == []
    assert not SweepRun.objects.exists()


@pytest.mark.django_db
def test_an_unknown_name_is_answered_with_those_there_are(seen: list[datetime]) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("sweep", "outbox.send_deu")
    first, *names = str(refusal.value).splitlines()
    assert first == "Einen Auftrag 'outbox.send_deu' gibt es nicht. Es gibt (known sweeps):"
    assert {"  outbox.send_due", "  donations.check_ledger", "  volunteers.match"} <= set(names)
    assert refusal.value.returncode != 0
    assert seen == []


@pytest.mark.django_db
def test_in_production_only_the_plan_counts(seen: list[datetime], settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("sweep", "test.remembers")
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_one_that_runs_already_is_not_run_beside_itself(seen: list[datetime]) -> None:
    with psycopg.connect(database_address(connection.settings_dict["NAME"]), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(1, %s)", [KEY])
        with pytest.raises(CommandError, match="läuft gerade"):
            call_command("sweep", "test.remembers")
    assert seen == []


@pytest.mark.django_db
def test_a_mail_whose_time_has_not_come_goes_when_one_says_that_it_has(
    now: datetime, settings, tmp_path
) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    later = datetime(2027, 1, 5, 11, 0, tzinfo=UTC)
    Message.objects.create(
        key="later",
        template="test",
        to_email="a@example.org",
        subject="S",
        body_text="T",
        body_html="T",
        queued_at=now,
        due_at=later,
    )
    call_command("sweep", "outbox.send_due", at="2027-01-05T11:59")
    assert list(tmp_path.glob("*.eml")) == []
    call_command("sweep", "outbox.send_due", at="2027-01-05T12:00")
    assert len(list(tmp_path.glob("*.eml"))) == 1
