"""Documents on paper and in archives: a typst template and data in, one accessible PDF out.

What people typed goes in as JSON and stays text: it is never part of the markup.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import typst


class NotDisplayable(Exception):
    """The text has characters that none of the typefaces has, such as emoji: no PDF/UA can be made of it."""


def typeset(name: str, data: Mapping[str, Any], *, now: datetime) -> bytes:
    """Return `templates/documents/<name>.typ` as PDF/A-2a and PDF/UA-1, with `data` in `sys.inputs.data`.

    Made in memory. The same data and `now` give the same bytes on every machine: only the typefaces that come
    with typst are used. Raises NotDisplayable.
    """
    import typst  # a compiler of 30 MB: only for a process that makes a document

    folder = Path(settings.BASE_DIR) / "templates" / "documents"
    try:
        made = typst.compile(
            folder / f"{name}.typ",
            root=folder,
            font_paths=_typefaces(),
            sys_inputs={"data": json.dumps(data)},
            # Kept for years (ISO 19005-2) and read aloud (ISO 14289-1), in one file.
            pdf_standards=["a-2a", "ua-1"],
            timestamp=now.replace(microsecond=0),
        )
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            raise NotDisplayable(name) from error
        raise
    assert isinstance(made, bytes)
    return made


@cache
def _typefaces() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False)


def is_picture(body: bytes) -> bool:
    """Whether `body` is a PNG that can stand in a document."""
    import typst

    if not body.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    try:
        made = typst.compile(
            b"#image(bytes(json(bytes(sys.inputs.data))))",
            sys_inputs={"data": json.dumps(list(body))},
            font_paths=_typefaces(),
        )
    except typst.TypstError:
        return False
    return bool(made)
