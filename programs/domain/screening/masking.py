"""Covering in a foreign text what identifies a child or a family."""

from datetime import date

from programs.domain.screening.rule import screen


def masked(text: str, *, today: date) -> str:
    """Return `text` with every hard finding covered; it stays as long as it was."""
    shown = list(text)
    for finding in screen({"text": text}, today=today):
        if finding.is_hard:
            shown[finding.start : finding.end] = "▒" * (finding.end - finding.start)
    return "".join(shown)
