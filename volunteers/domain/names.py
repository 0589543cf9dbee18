"""What can be the name of a person.

Names go into mails: letters of every script are welcome, web addresses and control characters are not.
"""

import re
import unicodedata

_ALSO = frozenset(" -'’.·")
_LIKE_A_WEB_ADDRESS = re.compile(r"\.\w\w")


def is_personal_name(text: str) -> bool:
    """Tell whether `text` has a letter and beside letters only their marks and the signs names have."""
    kinds = [unicodedata.category(character)[0] for character in text if character not in _ALSO]
    return "L" in kinds and set(kinds) <= {"L", "M"} and not _LIKE_A_WEB_ADDRESS.search(text)
