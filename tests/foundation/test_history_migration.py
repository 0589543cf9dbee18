"""A database of the time before the one history keeps every row and every hand."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from foundation.models import Event

BEFORE = [("foundation", "0001_initial")]
MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OLD = [
    ("opportunity", 1, "draft", "in_review", "user:12", ""),
    ("donation", 2, "pledged", "received", "stripe", "2500 Cent zugesagt"),
    ("recurringdonation", 3, "active", "cancelled", "donor", ""),
    ("timepledge", 4, "unconfirmed", "open", "volunteer", ""),
    ("placement", 5, "active", "ended", "system", "not_needed"),
    ("offer", 6, "sent", "expired", "user:oops", ""),
    ("assignment", 7, "confirmed", "attended", "user:9", ""),
    ("ghost", 8, "", "there", "", ""),
]
NEW = [
    ("programs", "opportunity", 1, "draft", "in_review", "user", 12, "", ""),
    ("donations", "donation", 2, "pledged", "received", "stripe", None, "", "2500 Cent zugesagt"),
    ("donations", "recurringdonation", 3, "active", "cancelled", "citizen", None, "donor", ""),
    ("volunteers", "timepledge", 4, "unconfirmed", "open", "citizen", None, "volunteer", ""),
    ("volunteers", "placement", 5, "active", "ended", "system", None, "system", "not_needed"),
    ("volunteers", "offer", 6, "sent", "expired", "system", None, "user:oops", ""),
    ("volunteers", "assignment", 7, "confirmed", "attended", "user", 9, "", ""),
    ("", "ghost", 8, "", "there", "system", None, "", ""),
]


def migrate(*targets: tuple[str, str | None]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))


@pytest.mark.django_db(transaction=True)
def test_every_transition_becomes_a_line() -> None:
    """Takes ten seconds: it goes back to the schema of that time and forth again through every migration."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    migrate(*BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO foundation_transition (noun, object_id, from_status, to_status, actor, reason,"
                " happened_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [(*row, MOMENT) for row in OLD],
            )
    finally:
        migrate(*newest)
    columns = ("app_label", "model", "object_id", "from_status", "to_status")
    hand = ("actor_kind", "actor_user", "actor_role", "reason")
    assert list(Event.objects.order_by("object_id").values_list(*columns, *hand)) == NEW
    assert set(Event.objects.values_list("at", "kind")) == {(MOMENT, "transition")}
