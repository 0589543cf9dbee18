"""Many rows at once arrive as they were meant, or not at all."""

from datetime import datetime
from json import dumps

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation import bulk
from foundation.bulk import copy_like, set_each
from volunteers.models import MatchRun

pytestmark = pytest.mark.django_db

HARD = 'Ein\tTab, ein \\, "Anführung", \\N, ein Umbruch\nund ein Ende\r\\.'


def test_each_line_is_a_row_like_the_template(now: datetime) -> None:
    like = MatchRun(started_at=now, volunteers=7, inputs_hash="abc")
    weights = {"ä": [1, None, "x\\y\t\n"]}
    lines = [(HARD, dumps(weights), 0.1), ("", dumps({}), -3.5)]
    assert copy_like(like, ("error", "weights", "score"), lines) == 2
    one, other = MatchRun.objects.order_by("pk")
    assert (one.error, one.weights, one.score) == (HARD, weights, 0.1)
    assert (other.error, other.weights, other.score) == ("", {}, -3.5)
    for row in (one, other):
        assert (row.started_at, row.volunteers, row.inputs_hash) == (now, 7, "abc")
        assert (row.finished_at, row.edges, row.bound) == (None, 0, 0.0)
    assert like.pk is None


def test_a_line_that_is_refused_refuses_all(now: datetime) -> None:
    with pytest.raises(DataError), transaction.atomic():
        copy_like(MatchRun(started_at=now), ("error",), [("kurz",), ("x" * 301,)])
    assert MatchRun.objects.count() == 0


def test_no_lines_write_nothing(now: datetime) -> None:
    assert copy_like(MatchRun(started_at=now), ("error",), []) == 0
    set_each(MatchRun, "score", {})
    assert MatchRun.objects.count() == 0


def test_lines_may_come_one_after_the_other_and_are_all_written(now: datetime) -> None:
    count = bulk.AT_ONCE + 1
    assert copy_like(MatchRun(started_at=now), ("edges",), ((number,) for number in range(count))) == count
    assert sorted(MatchRun.objects.values_list("edges", flat=True)) == list(range(count))


def test_each_row_gets_its_own_number_in_one_statement_and_no_other_is_touched(now: datetime) -> None:
    copy_like(MatchRun(started_at=now, score=0.5), ("edges",), [(number,) for number in range(300)])
    keys = dict(MatchRun.objects.values_list("edges", "pk"))
    values = {keys[number]: number / 3 for number in range(0, 300, 2)}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        set_each(MatchRun, "score", values)
    assert len(queries) == 1
    scores = dict(MatchRun.objects.values_list("edges", "score"))
    assert scores == {number: number / 3 if number % 2 == 0 else 0.5 for number in range(300)}


def test_numbers_beyond_32_bits_arrive_whole(now: datetime) -> None:
    run = MatchRun.objects.create(started_at=now)
    set_each(MatchRun, "bound", {run.pk: (1 << 40) + 1})
    run.refresh_from_db()
    assert run.bound == (1 << 40) + 1
