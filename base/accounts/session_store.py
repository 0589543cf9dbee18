"""Where sessions are kept: a row that says whose it is, so that it can be listed and ended."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import Session
from accounts.sessions import DEVICE, HANDLE, SEEN_AT, SIGNED_IN_AT


class SessionStore(db.SessionStore):
    """The stock store with a model of our own. Its name is part of what signs the data of a session."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of a session that holds `data`."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        if SESSION_KEY in data:
            row.user_id = int(data[SESSION_KEY])
            row.handle, row.device = data.get(HANDLE, ""), data.get(DEVICE, "")
            row.began_at, row.seen_at = _moment(data.get(SIGNED_IN_AT)), _moment(data.get(SEEN_AT))
        return row


def _moment(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)
