"""What can be the name of a person.

Names go into mails: letters of every script are welcome, web addresses and control characters are not.
"""

import unicodedata

_ALSO = frozenset(" -'’.·")


def is_personal_name(text: str) -> bool:
    """Tell whether `text` has a letter and beside letters only their marks and the signs names have."""
    kinds = [unicodedata.category(character)[0] for character in text if character not in _ALSO]
    return "L" in kinds and set(kinds) <= {"L", "M"}
