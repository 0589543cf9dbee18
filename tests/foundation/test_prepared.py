"""A question that is put together once still gets the answer of today."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from foundation.prepared import number_of, rows, statement_of
from programs.models import District
from tests.factories import make_district

pytestmark = pytest.mark.django_db


@statement_of
def named(name: str, *, backwards: bool = False) -> QuerySet[District, Any]:
    found = District.objects.filter(name__startswith=name)
    return found.order_by("-name" if backwards else "name").values_list("name", "latitude")


def test_rows_that_come_change_and_go_are_told_as_they_are() -> None:
    assert rows(named("Nord")) == []
    north = make_district("Nordstadt", latitude=50.5)
    assert rows(named("Nord")) == [("Nordstadt", 50.5)]
    District.objects.filter(pk=north.pk).update(latitude=50.9)
    assert rows(named("Nord")) == [("Nordstadt", 50.9)]
    north.delete()
    assert rows(named("Nord")) == []
    assert number_of(named("Nord")) == 0


def test_each_question_has_an_answer_of_its_own() -> None:
    for name in ("Nord-Ost", "Nord-West", "Süd"):
        make_district(name)
    assert [row[0] for row in rows(named("Nord"))] == ["Nord-Ost", "Nord-West"]
    assert [row[0] for row in rows(named("Nord", backwards=True))] == ["Nord-West", "Nord-Ost"]
    assert [row[0] for row in rows(named("Süd"))] == ["Süd"]
    assert [number_of(named(name)) for name in ("Nord", "Süd", "West")] == [2, 1, 0]


def test_what_was_asked_stays_a_value_and_never_becomes_part_of_the_question() -> None:
    make_district("Nordstadt")
    for asked in ("' OR '1'='1", "%", "Nord' --", "\\"):
        assert rows(named(asked)) == []
        assert number_of(named(asked)) == 0


def test_counting_asks_once_and_brings_no_rows() -> None:
    make_district("Nordstadt")
    with CaptureQueriesContext(connection) as asked:
        assert number_of(named("Nord")) == 1
    assert [query["sql"].startswith("SELECT COUNT(*)") for query in asked.captured_queries] == [True]
