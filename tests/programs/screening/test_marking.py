"""A text is shown whole, cut where something was found."""

from datetime import date

from programs.domain.screening import Finding, Kind, screen
from programs.domain.screening.marking import Piece, pieces
from programs.domain.screening.masking import masked

TODAY = date(2026, 3, 2)


def test_each_place_is_a_piece_and_nothing_is_lost() -> None:
    text = "Mit Xhevahire\nund Zoriana."
    cut = pieces(text, screen({"task": text}, today=TODAY))
    assert cut == [
        Piece("Mit ", False),
        Piece("Xhevahire", True),
        Piece("\nund ", False),
        Piece("Zoriana", True),
        Piece(".", False),
    ]


def test_places_that_overlap_are_one_piece() -> None:
    text = "Emre (8) wohnt im dritten Stock, Nordstr. 4"
    cut = pieces(text, screen({"task": text}, today=TODAY))
    assert "".join(piece.text for piece in cut) == text
    assert Piece("Emre (8)", True) in cut
    found = [Finding("text", Kind.SINGLE, "", *place) for place in [(2, 5), (3, 4), (4, 7), (7, 8)]]
    assert [(piece.text, piece.is_found) for piece in pieces("abcdefghij", found)] == [
        ("ab", False),
        ("cdefg", True),
        ("h", True),
        ("ij", False),
    ]


def test_a_text_without_findings_is_one_piece() -> None:
    assert pieces("Sie lesen vor.", []) == [Piece("Sie lesen vor.", False)]
    assert pieces("", []) == []


def test_only_what_identifies_a_child_is_masked() -> None:
    assert masked("Erika Beispiel, Spende", today=TODAY) == "Erika Beispiel, Spende"
    assert masked("für Emre (8) aus 3b", today=TODAY) == "für ▒▒▒▒▒▒▒▒ aus 3b"
    assert masked("", today=TODAY) == ""
