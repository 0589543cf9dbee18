"""Plain text as people type it, taken apart for the page."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or, with `is_list`, the points of a list."""

    lines: tuple[str, ...]
    is_list: bool = False


def blocks(text: str) -> list[Block]:
    """Split at blank lines; a part whose lines all begin with "•" or "- " is a list."""
    found: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", text.strip().replace("\r\n", "\n")):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines and all(line.startswith(("•", "- ")) for line in lines):
            found.append(Block(tuple(line[1:].strip() for line in lines), is_list=True))
        elif lines:
            found.append(Block((" ".join(lines),)))
    return found


def web_addresses(source: str) -> list[str]:
    """Return the complete web addresses of a note parted by ";"; the rest is for whoever keeps the data."""
    parts = (each.strip() for each in source.split(";"))
    return [part for part in parts if re.fullmatch(r"https?://[^\s…]+", part)]


def latest_year(text: str) -> str:
    """Return the last year a note like "2013–2019, undatiert" names, "" if it names none."""
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    return max(years, default="")
