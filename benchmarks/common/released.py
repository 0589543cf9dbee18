"""A release in the history for tasks that a benchmark puts in as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

_RELEASED = """
INSERT INTO foundation_event (
    at, kind, app_label, model, object_id, from_status, to_status, reason,
    actor_kind, actor_user, actor_role, route
)
SELECT status_changed_at, 'transition', 'programs', 'opportunity', id, 'in_review', 'published', '',
    'user', %s, 'coordinator', ''
FROM programs_opportunity WHERE id = ANY(%s)
"""


def note_releases(keys: Sequence[int]) -> None:
    """Write, in the transaction that puts them in, that a second person released these tasks."""
    from accounts.models import User

    reader, _is_new = User.objects.get_or_create(email="bench-reader@example.org")
    with connection.cursor() as cursor:
        cursor.execute(_RELEASED, [reader.pk, list(keys)])
        cursor.execute("ANALYZE foundation_event")  # each of these tasks is looked up there
