"""No index of ours is the beginning of another: each costs every row that is written. And none is missing."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db
# The unique ones stay, whatever else begins with their columns: they refuse rows.
REPEATED = """
SELECT one.indexrelid::regclass::text, other.indexrelid::regclass::text
FROM pg_index AS one
JOIN pg_class AS its ON its.oid = one.indexrelid
JOIN pg_index AS other ON other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
JOIN pg_class AS whose ON whose.oid = other.indexrelid AND whose.relam = its.relam
WHERE one.indrelid::regclass::text = ANY (%s) AND NOT one.indisunique
    AND one.indexprs IS NULL AND other.indexprs IS NULL
    AND pg_get_expr(one.indpred, one.indrelid) IS NOT DISTINCT FROM pg_get_expr(other.indpred, other.indrelid)
    AND (other.indkey::text || ' ') LIKE (one.indkey::text || ' %%')
    AND (other.indclass::text || ' ') LIKE (one.indclass::text || ' %%')
    AND (other.indoption::text || ' ') LIKE (one.indoption::text || ' %%')
    AND (other.indkey::text <> one.indkey::text OR other.indisunique OR other.indexrelid < one.indexrelid)
ORDER BY 1, 2
"""


def repeated() -> list[tuple[str, str]]:
    """Return the indexes that another one makes needless, with that one."""
    own = [
        each._meta.db_table for each in apps.get_models() if not each.__module__.startswith(("django", "all"))
    ]
    assert len(own) > 80
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, [own])
        return cursor.fetchall()


def test_no_index_begins_another_one() -> None:
    assert repeated() == []


@pytest.mark.parametrize("columns", ["opportunity_id", "opportunity_id, starts_at"])
def test_one_that_does_is_found(columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX needless ON programs_shift ({columns})")
    assert repeated() == [("needless", "shift_once")]


def test_whatever_index_or_constraint_a_model_names_is_in_the_database() -> None:
    """A migration that drops an index of a foreign key takes those with it that keep its rows unique."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'i' UNION SELECT conname FROM pg_constraint"
        )
        there = {name for (name,) in cursor.fetchall()}
    named = {
        each.name for model in apps.get_models() for each in (*model._meta.constraints, *model._meta.indexes)
    }
    assert len(named) > 200
    assert named - there == set()


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        ("outbox_message", "(status) WHERE (NOT "),
        ("outbox_message", "(due_at, id) WHERE "),
        ("outbox_message", "(upper((to_email)::text)) WHERE "),
        ("donations_donation", "(pledged_at)"),
        ("donations_donation", "(received_at)"),
        ("volunteers_hoursentry", "(worked_on)"),
    ],
)
def test_what_was_slow_over_a_million_rows_has_its_index(table: str, asked: str) -> None:
    """Without these, sweeps and figures read whole tables and were cancelled at the limit of a statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        found = [text.partition(" USING btree ")[2] for (text,) in cursor.fetchall()]
    assert [text for text in found if text == asked or (asked.endswith(" ") and text.startswith(asked))]
