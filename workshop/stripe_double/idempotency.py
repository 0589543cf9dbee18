"""``Idempotency-Key``: the same call gets the same answer, another call under the same key is refused."""

import hashlib
import json

from workshop.stripe_double.errors import ApiError
from workshop.stripe_double.forms import Form
from workshop.stripe_double.store import Json, Store

KEPT_SECONDS = 86_400
MAX_KEY_LENGTH = 255


def fingerprint(path: str, form: Form) -> str:
    return hashlib.sha256(json.dumps([path, form], sort_keys=True).encode()).hexdigest()


def recall(store: Store, key: str, print_of_call: str, now: int) -> tuple[int, Json] | None:
    """Return status and body of the answer kept for this key, if there is one.

    Raises:
        ApiError: the key is too long, or was used for a call with other parameters.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise ApiError(400, "invalid_request_error", "Idempotency keys take at most 255 characters.")
    store.execute("DELETE FROM answers WHERE created <= ?", now - KEPT_SECONDS)
    rows = store.execute("SELECT fingerprint, status, body FROM answers WHERE key = ?", key)
    if not rows:
        return None
    known, status, body = rows[0]
    if known != print_of_call:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used"
            f" with. Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise ApiError(400, "idempotency_error", message)
    return status, json.loads(body)


def keep(store: Store, key: str, print_of_call: str, now: int, status: int, body: Json) -> None:
    statement = (
        "INSERT OR IGNORE INTO answers (key, fingerprint, created, status, body) VALUES (?, ?, ?, ?, ?)"
    )
    store.execute(statement, key, print_of_call, now, status, json.dumps(body))
