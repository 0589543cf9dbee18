"""Rows of a list that somebody ticked, to do the same with all of them."""

import re

from django.http import QueryDict

CHOSEN, SURE = "chosen", "sure"
LISTED, ALL = "listed", "all"
LOOK = "look"
"""Sent by whoever has the form of an act before them, so that what is missing there is an error."""
MOST_AT_ONCE = 100
_SHORT_NUMBER = re.compile(r"[0-9]{1,15}")


def chosen_keys(posted: QueryDict) -> list[int]:
    """Return the keys that were ticked, or all of the page if that was; at most a hundred.

    What is no key is passed over.
    """
    ticked = posted.getlist(LISTED if ALL in posted else CHOSEN)[:MOST_AT_ONCE]
    return [int(each) for each in ticked if _SHORT_NUMBER.fullmatch(each)]
