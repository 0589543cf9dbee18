"""Creditor references (ISO 11649) that lead a transfer to its gift, made so that people can type them."""

import hashlib
import re
import secrets
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BODY_LENGTH = 10
CODE_LENGTH = len("RF00") + BODY_LENGTH
_SHAPE = re.compile(r"RF\d{2}[A-Z0-9]{1,21}", re.ASCII)
_OURS = re.compile(rf"(?=(RF\d{{2}}[{ALPHABET}]{{{BODY_LENGTH}}}))", re.ASCII)


def _remainder(text: str) -> int:
    """Return the number modulo 97, letters read as 10 (A) … 35 (Z)."""
    return int("".join(str(int(character, 36)) for character in text)) % 97


def reference_for(body: str) -> str:
    """Return `RF`, two check digits and `body` (1-21 of A-Z, 0-9). Raises ValueError for any other body."""
    check = 98 - _remainder(f"{body}RF00") if re.fullmatch(r"[A-Z0-9]{1,21}", body, re.ASCII) else 0
    if not check:
        raise ValueError(f"{body!r} cannot be the body of a creditor reference")
    return f"RF{check:02d}{body}"


def reference_of(public_id: UUID, attempt: int) -> str:
    """Return the reference of a gift: the same for the same gift, telling nothing about its public id.

    `attempt` counts up where another gift has it already.
    """
    digest = hashlib.sha256(f"{public_id}:{attempt}".encode()).digest()
    return reference_for("".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:BODY_LENGTH]))


def new_reference() -> str:
    """Return a reference that belongs to nothing yet."""
    return reference_for("".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH)))


def is_reference(text: str) -> bool:
    """True for a well-formed reference whose check digits are right; blanks and case are not forgiven."""
    return bool(_SHAPE.fullmatch(text)) and _remainder(text[4:] + text[:4]) == 1


def grouped(reference: str) -> str:
    """Return the reference in blocks of four, as it is printed."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def references_in(remittance: str) -> list[str]:
    """Return our valid references in a transfer's text, in order, each once.

    Banks break the text anywhere and payers add blanks, dots and small letters: all of it is skipped.
    """
    if len(remittance) < CODE_LENGTH:
        return []
    plain = re.sub(r"[^A-Z0-9]", "", remittance.upper())
    found = [candidate for candidate in _OURS.findall(plain) if is_reference(candidate)]
    return list(dict.fromkeys(found))


def codes_in(*texts: str) -> list[str]:
    """Return our valid references in these texts, in order, each once; none goes on in the next text."""
    return list(dict.fromkeys(code for text in texts for code in references_in(text)))
