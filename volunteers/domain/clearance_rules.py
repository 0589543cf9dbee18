"""When a certificate may be inspected, how long the inspection counts, when its row must go.

§ 72a SGB VIII; the months and years are practice and configuration, given in by the caller.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class CertificateRefusal(StrEnum):
    """Why a certificate cannot be accepted."""

    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"


@dataclass(frozen=True)
class ClearanceRules:
    """`certificate_months`: oldest certificate at inspection; `renewal_years`: how long it counts;
    `kept_months`: how long after the last activity the row may be kept.
    """

    certificate_months: int
    renewal_years: int
    kept_months: int

    def refusal(self, certificate_on: date, today: date) -> CertificateRefusal | None:
        """Return why a certificate of this date cannot be inspected today, or None."""
        if certificate_on > today:
            return CertificateRefusal.IN_FUTURE
        if certificate_on < today - relativedelta(months=self.certificate_months):
            return CertificateRefusal.TOO_OLD
        return None

    def counts(self, certificate_on: date, today: date) -> bool:
        """Tell whether the inspection of this certificate still counts today."""
        return today < certificate_on + relativedelta(years=self.renewal_years)

    def must_go(self, last_activity_on: date, today: date) -> bool:
        """Tell whether the row of somebody last active on that day must be deleted today."""
        return last_activity_on + relativedelta(months=self.kept_months) <= today
