"""A JSON parser that refuses what the standard one trips over."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_HALF = re.compile("[\ud800-\udfff]")


class StrictJSONParser(JSONParser):
    """Turns absurdly deep nesting into a 400 and, being strict, refuses NaN, Infinity and broken texts."""

    strict = True

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            parsed = super().parse(stream, media_type=media_type, parser_context=parser_context)
        except RecursionError as error:
            raise ParseError(_("JSON ist zu tief verschachtelt.")) from error
        _refuse_unsayable(parsed)
        return parsed


def _refuse_unsayable(parsed: Any) -> None:
    """Refuse numbers such as 1e999, which Python reads as infinity, and texts with half a character.

    No answer could repeat either of them, not even to say what is wrong.
    """
    open_values = [parsed]
    while open_values:
        value = open_values.pop()
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            raise ParseError(_("JSON enthält eine Zahl, die zu groß ist."))
        if isinstance(value, str) and _HALF.search(value):
            raise ParseError(_("JSON enthält ein halbes Zeichen."))
        if isinstance(value, dict):
            open_values.extend([*value, *value.values()])
        elif isinstance(value, list):
            open_values.extend(value)
