"""Plain text as people type it, taken apart for the page."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or, with `is_list`, the points of a list."""

    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Reference:
    """One source; `address` is empty unless it is a complete web address."""

    text: str
    address: str = ""


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


def references(source: str) -> list[Reference]:
    """Split a source note at ";"; a shortened address ("…") is shown but not linked."""
    return [
        Reference(part, part if re.fullmatch(r"https?://[^\s…]+", part) else "")
        for part in (each.strip() for each in source.split(";"))
        if part
    ]
