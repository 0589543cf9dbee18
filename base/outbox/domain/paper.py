"""Where there is no e-mail address: what would be a mail is a letter that somebody prints and posts."""

from uuid import UUID

PAPER = "@brief.invalid"  # RFC 2606: never resolves


def paper_address(number: UUID) -> str:
    """Return what stands where an address would be, different for everybody who is written to on paper."""
    return f"{number.hex}{PAPER}"


def is_on_paper(address: str) -> bool:
    """Whether what is written to `address` goes out as a letter."""
    return address.endswith(PAPER)
