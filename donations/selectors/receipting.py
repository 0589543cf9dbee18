"""Whether receipts are issued for a purpose. Who issues them registers; as long as nobody has, none are."""

from collections.abc import Callable
from datetime import date

from programs.models import Fund

AreIssued = Callable[[Fund, date], bool]
_issuers: dict[str, AreIssued] = {}


def register(name: str, are_issued: AreIssued) -> None:
    """Make an issuer known; registered again it replaces itself."""
    _issuers[name] = are_issued


def are_issued_for(fund: Fund, day: date) -> bool:
    """Whether somebody issues receipts for gifts to `fund`, as things stand on `day`."""
    return any(are_issued(fund, day) for are_issued in _issuers.values())
