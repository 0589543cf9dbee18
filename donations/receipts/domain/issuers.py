"""Who may issue a Zuwendungsbestätigung on a day (RULES §2.2; § 63 Abs. 5 AO, to the day)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from dateutil.relativedelta import relativedelta

PUBLIC_LAW = "jpoer"
TAX_EXEMPT = "kstg_5_1_9"
EXEMPTION = "exemption"
STATUTES = "statutes"
# How old a notice may be on the day of the receipt: § 63 Abs. 5 Nr. 1 and Nr. 2 AO.
NOTICE_YEARS = {EXEMPTION: 5, STATUTES: 3}


class Lack(Enum):
    """What is missing before a body may issue."""

    NAME = auto()
    ADDRESS = auto()
    SIGNATORY = auto()
    PURPOSES = auto()
    TAX_OFFICE = auto()
    NOTICE = auto()
    NOTICE_TOO_OLD = auto()
    NOTICE_IN_FUTURE = auto()
    HAD_EXEMPTION = auto()
    SIGNATURE = auto()


@dataclass(frozen=True)
class Body:
    """What is known of a body; `had_exemption`: some earlier notice of it was a Freistellungsbescheid."""

    kind: str
    name: str
    street: str
    postcode: str
    town: str
    signatory: str
    purposes: frozenset[str]
    tax_office: str = ""
    tax_number: str = ""
    notice_kind: str = ""
    notice_on: date | None = None
    assessed_until: str = ""
    had_exemption: bool = False
    machine_notified_on: date | None = None
    has_signature: bool = False


def notice_valid_until(kind: str, notice_on: date) -> date:
    """Return the last day on which a receipt may rest on the notice; of a 29 February it is the 28th."""
    return notice_on + relativedelta(years=NOTICE_YEARS[kind])


def lacks(body: Body, day: date) -> list[Lack]:
    """Return why `body` may issue nothing on `day`; nothing if it may."""
    found = [
        lack
        for lack, is_there in (
            (Lack.NAME, body.name),
            (Lack.ADDRESS, body.street and body.postcode and body.town),
            (Lack.SIGNATORY, body.signatory),
            (Lack.PURPOSES, body.purposes),
            (Lack.TAX_OFFICE, body.tax_office or not _names_tax_office(body)),
            (Lack.SIGNATURE, body.has_signature or body.machine_notified_on is None),
        )
        if not is_there
    ]
    return found + (_lacks_of_notice(body, day) if body.kind == TAX_EXEMPT else [])


def _names_tax_office(body: Body) -> bool:
    return body.kind == TAX_EXEMPT or body.machine_notified_on is not None


def _lacks_of_notice(body: Body, day: date) -> list[Lack]:
    is_complete = body.tax_number and (body.notice_kind == STATUTES or body.assessed_until)
    if body.notice_kind not in NOTICE_YEARS or body.notice_on is None or not is_complete:
        return [Lack.NOTICE]
    if body.notice_on > day:
        return [Lack.NOTICE_IN_FUTURE]
    if body.notice_kind == STATUTES and body.had_exemption:
        return [Lack.HAD_EXEMPTION]
    return [Lack.NOTICE_TOO_OLD] if day > notice_valid_until(body.notice_kind, body.notice_on) else []
