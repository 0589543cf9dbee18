"""What must hold before an Engagementangebot may be seen by citizens."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from programs.domain.refusals import Refusal
from programs.domain.screening import Finding


@dataclass(frozen=True)
class Decided:
    """What the youth office has decided about the kind of task.

    `has_activity`: which one it is; `asks`: whether the office was asked and has not answered; `minimum_age`:
    how old somebody has to be there, whatever the provider writes.
    """

    has_activity: bool
    asks: bool
    minimum_age: int


@dataclass(frozen=True)
class Safeguards:
    """What every provider has to have (§ 79a SGB VIII, § 11 Landeskinderschutzgesetz NRW)."""

    is_verified: bool
    has_concept: bool
    has_contact: bool


def obstacles(
    safeguards: Safeguards,
    findings: Iterable[Finding],
    *,
    decided: Decided,
    minimum_age: int,
    has_no_date: bool,
    ends_on: date | None,
    today: date,
) -> list[Refusal]:
    """Return every reason against publishing; empty if there is none."""
    reasons = {
        Refusal.IDENTIFIES_SOMEBODY: any(finding.is_hard for finding in findings),
        Refusal.PROVIDER_NOT_VERIFIED: not safeguards.is_verified,
        Refusal.NO_PROTECTION_CONCEPT: not safeguards.has_concept,
        Refusal.NO_SAFEGUARDING_CONTACT: not safeguards.has_contact,
        Refusal.ACTIVITY_ASKED: decided.asks,
        Refusal.NO_ACTIVITY: not decided.has_activity and not decided.asks,
        Refusal.YOUNGER_THAN_ACTIVITY: minimum_age < decided.minimum_age,
        Refusal.IS_OVER: (is_over := ends_on is not None and ends_on < today),
        Refusal.NO_DATE: has_no_date and not is_over,
    }
    return [reason for reason, holds in reasons.items() if holds]


def unread(
    findings: Sequence[Finding], *, wrote_it: bool, is_what_was_read: bool, hints_read: bool
) -> list[Refusal]:
    """Return every reason for which a release is not one by a second person who has read it."""
    asks = bool(findings) and not any(finding.is_hard for finding in findings)
    reasons = {
        Refusal.SAME_PERSON: wrote_it,
        Refusal.TEXT_CHANGED: not is_what_was_read,
        Refusal.HINTS_NOT_READ: asks and not hints_read,
    }
    return [reason for reason, holds in reasons.items() if holds]


def fingerprint(texts: Mapping[str, str]) -> str:
    """Return a short mark of exactly these texts, to tell whether the text released is the text read."""
    joined = "\x1f".join(f"{part}\x1e{text}" for part, text in sorted(texts.items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
