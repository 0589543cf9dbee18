"""Stripe's form encoding: ``line_items[0][price_data][currency]=eur`` becomes nested dictionaries."""

import re
from typing import Any
from urllib.parse import parse_qsl

from workshop.stripe_double.errors import invalid

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
MAX_FIELDS = 1000
MAX_DEPTH = 6

Form = dict[str, Any]


def decode(encoded: str) -> Form:
    """Return nested dictionaries with text leaves; ``a[]`` and ``a[0]`` count as keys "0", "1", …

    Raises:
        ApiError: the text is no valid form, or one name is used as a value and as a group.
    """
    try:
        pairs = parse_qsl(
            encoded, keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise invalid("Invalid form encoding.", param="body") from error
    form: Form = {}
    for key, value in pairs:
        _put(form, key, value)
    return form


def _put(form: Form, key: str, value: str) -> None:
    match = KEY.match(key)
    if match is None:
        raise invalid(f"Invalid parameter name: {key}", param=key)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > MAX_DEPTH:
        raise invalid(f"Too deeply nested: {key}", param=key)
    group = form
    for name in path[:-1]:
        group = group.setdefault(name or str(len(group)), {})
        if not isinstance(group, dict):
            raise invalid(f"Invalid object: {key}", param=key)
    last = path[-1] or str(len(group))
    if isinstance(group.get(last), dict):
        raise invalid(f"Invalid object: {key}", param=key)
    group[last] = value
