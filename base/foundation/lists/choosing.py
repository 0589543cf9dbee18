"""Rows of a list that somebody ticked, to do the same with all of them."""

import re

from django.http import QueryDict

CHOSEN, SURE = "chosen", "sure"
MOST_AT_ONCE = 100
_SHORT_NUMBER = re.compile(r"[0-9]{1,15}")


def chosen_keys(posted: QueryDict) -> list[int]:
    """Return the keys that were ticked, at most a hundred; what is none is passed over."""
    ticked = posted.getlist(CHOSEN)[:MOST_AT_ONCE]
    return [int(each) for each in ticked if _SHORT_NUMBER.fullmatch(each)]
