"""Whether receipts are issued for a purpose, and what has become of a wish for one.

Who issues them registers; as long as nobody has, none are.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.db.models import Expression, JSONField, Value
from django.db.models.functions import Coalesce

from programs.models import Fund

AreIssued = Callable[[Fund, date], bool]


class _Issuer(NamedTuple):
    are_issued: AreIssued
    answer: Expression


_issuers: dict[str, _Issuer] = {}


def register(name: str, are_issued: AreIssued, answer: Expression) -> None:
    """Make an issuer known, with what it says of a gift (`answer`); registered again it replaces itself."""
    _issuers[name] = _Issuer(are_issued, answer)


def are_issued_for(fund: Fund, day: date) -> bool:
    """Whether somebody issues receipts for gifts to `fund`, as things stand on `day`."""
    return any(each.are_issued(fund, day) for each in _issuers.values())


def answer() -> Expression:
    """Return what a gift has got instead of its wish, to be read with the gift; None as long as nothing.

    `state` is issued, draft (it waits for a signature) or refused; a receipt has `pk` and `number`.
    """
    answers = [each.answer for each in _issuers.values()]
    return Coalesce(Value(None), Value(None), *answers, output_field=JSONField())
