"""Gifts that a public body passes on to a tax-exempt one, whose notice it has seen (RULES §2.2, §2.4 A)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from donations.receipts.domain.issuers import notice_valid_until


@dataclass(frozen=True)
class Recipient:
    """Who gets what was given for a purpose, and the notice that the passing body has seen."""

    name: str
    tax_office: str
    tax_number: str
    notice_kind: str
    notice_on: date

    def counts_on(self, day: date) -> bool:
        """Whether a receipt of `day` may rest on the notice (§ 63 Abs. 5 AO)."""
        return self.notice_on <= day <= notice_valid_until(self.notice_kind, self.notice_on)


def stored(recipient: Recipient) -> dict[str, str]:
    """Return it as JSON."""
    return asdict(recipient) | {"notice_on": recipient.notice_on.isoformat()}


def read(said: Mapping[str, Any]) -> Recipient:
    """Return what `stored` made."""
    return Recipient(**{**said, "notice_on": date.fromisoformat(said["notice_on"])})


def recipient_of(forwarding: Mapping[str, Mapping[str, Any]], fund_id: int) -> Recipient | None:
    """Return who gets what is given for the purpose; None if the body uses it itself."""
    said = forwarding.get(str(fund_id))
    return read(said) if said else None
