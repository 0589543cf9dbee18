"""Many rows at once arrive as they were meant, or not at all."""

from datetime import datetime
from json import dumps

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation import bulk
from foundation.bulk import among, copy_like, set_each
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


def test_what_the_template_says_arrives_in_every_row_as_if_it_had_been_saved(now: datetime) -> None:
    said = {"started_at": now, "error": HARD, "weights": {"ä": [1, None, "x\\y\t\n"]}, "score": 0.1}
    MatchRun.objects.create(**said)
    assert copy_like(MatchRun(**said), ("edges",), [(0,), (0,)]) == 2
    saved, *copied = MatchRun.objects.order_by("pk").values()
    assert len(copied) == 2
    assert [row | {"id": saved["id"]} for row in copied] == [saved, saved]


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


def test_very_many_keys_are_one_parameter_of_a_lookup(now: datetime) -> None:
    copy_like(MatchRun(started_at=now), ("edges",), [(number,) for number in range(30)])
    keys = list(MatchRun.objects.order_by("pk").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        found = list(MatchRun.objects.filter(pk__in=among([1 << 62, *keys[7:20]])).order_by("pk"))
        assert not MatchRun.objects.filter(pk__in=among([])).exists()
    assert [run.pk for run in found] == keys[7:20]
    rows, params = MatchRun.objects.filter(pk__in=among(keys)).query.sql_with_params()
    assert (rows.count("%s"), params) == (1, (keys,))
    assert len(queries) == 2
