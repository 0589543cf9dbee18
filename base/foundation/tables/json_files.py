"""JSON that others wrote, read within limits; its texts hold only what can be stored and shown."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from foundation.tables.table import BYTES_MAX, FileRefused

_NO_LETTER = re.compile("[\x00\ud800-\udfff]")
"""JSON can name them (`\\u0000`, half of a pair), no database and no page can hold them."""


def json_of(content: bytes, refusal: str) -> Any:
    """Return what a file says. Raises FileRefused, with `refusal` if it is no JSON."""
    if len(content) > BYTES_MAX:
        raise FileRefused(_("Diese Datei ist größer als 5 MB. Bitte teilen Sie sie auf."))
    try:
        return _readable(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise FileRefused(refusal) from error


def _readable(told: Any) -> Any:
    if isinstance(told, str):
        return _NO_LETTER.sub("", told)
    if isinstance(told, list):
        return [_readable(each) for each in told]
    if isinstance(told, dict):
        return {_readable(name): _readable(each) for name, each in told.items()}
    return told
