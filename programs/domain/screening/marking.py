"""A text cut at its findings, so that each can be shown where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from programs.domain.screening.findings import Finding


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether something was found in them."""

    text: str
    is_found: bool


def pieces(text: str, findings: Iterable[Finding]) -> list[Piece]:
    """Return all of `text` in order; places that overlap are one piece."""
    cut: list[Piece] = []
    done = 0
    for start, end in _merged((finding.start, finding.end) for finding in findings):
        cut += [Piece(text[done:start], False), Piece(text[start:end], True)]
        done = end
    return [piece for piece in [*cut, Piece(text[done:], False)] if piece.text]


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
