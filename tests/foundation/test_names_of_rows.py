"""Rows whose name holds a moment tell it as clocks here show it, not as it is stored."""

from datetime import UTC, datetime

import pytest
from django.db.models import Model

from donations.models import LedgerCheckpoint, StatementImport, StripeCursor
from outbox.models import Outage
from programs.models import DatesToFollow, Fund, Opportunity, Provider, Shift
from volunteers.models import MatchRun, Weighting

NEARLY_MIDNIGHT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
TASK = Opportunity(title="Vorlesen")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Outage(since=NEARLY_MIDNIGHT), "02.07.2026 00:30"),
        (Shift(opportunity=TASK, starts_at=NEARLY_MIDNIGHT), "Vorlesen 02.07.2026"),
        (DatesToFollow(opportunity=TASK, since=NEARLY_MIDNIGHT), "Vorlesen: 02.07.2026 00:30"),
        (MatchRun(started_at=NEARLY_MIDNIGHT, proposed=3), "02.07.2026 00:30: 3"),
        (Weighting(set_at=NEARLY_MIDNIGHT), "02.07.2026"),
        (
            StatementImport(provider=Provider(name="Lesefreunde"), imported_at=NEARLY_MIDNIGHT),
            "Lesefreunde 02.07.2026 00:30",
        ),
        (LedgerCheckpoint(fund=Fund(name="Ranzen"), taken_at=NEARLY_MIDNIGHT), "Ranzen: 02.07.2026 00:30"),
        (StripeCursor(account="acct_1", caught_up_to=NEARLY_MIDNIGHT), "acct_1: 02.07.2026 00:30"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Model) else "",
)
def test_a_row_is_called_by_the_local_day_and_time(row: Model, name: str) -> None:
    assert str(row) == name
