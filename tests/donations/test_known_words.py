"""Every column of the money that takes one of a few words is held to them by the database itself."""

import pytest
from django.apps import apps
from django.db import connection, models

pytestmark = pytest.mark.django_db

COLUMNS = [
    (model._meta.db_table, field.column, {str(value) for value, _label in field.flatchoices if value})
    for label in ("donations", "receipts")
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.concrete_fields
    if field.choices and isinstance(field, models.CharField)
]


def checks_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid = %s::regclass",
            [table],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def test_there_are_such_columns() -> None:
    assert ("donations_donation", "status") in {(table, column) for table, column, _words in COLUMNS}
    assert len(COLUMNS) > 20


@pytest.mark.parametrize(
    ("table", "column", "words"), COLUMNS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_one_check_names_all_of_its_words(table: str, column: str, words: set[str]) -> None:
    found = [each for each in checks_of(table) if column in each]
    assert any(all(f"'{word}'" in each for word in words) for each in found), found
