"""When a certificate may be inspected, how long the inspection counts, when its row must go.

§ 72a SGB VIII; the months and years are practice and configuration, given in by the caller.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

LONGEST_KEPT = relativedelta(months=6)
"""§ 72a Abs. 5 SGB VIII: at the latest so long after the last exercise, whatever is configured or agreed."""

REMINDED_BEFORE = (30, 90)
"""Days before a new certificate is due on which the person is reminded of it, shortest first."""


class CertificateRefusal(StrEnum):
    """Why a certificate cannot be accepted."""

    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    OTHER_CERTIFICATE = "other_certificate"


@dataclass(frozen=True)
class InspectedUse:
    """What an inspected activity was used for.

    `last_on`: when the person last came, None for never; `stands_since_on`: since when the running placement
    stands as it does, or the later day on which it begins; None if none runs. `is_asked_no_more`: one runs,
    and asks for no certificate any more.
    """

    certificate_on: date
    last_on: date | None
    stands_since_on: date | None
    is_asked_no_more: bool = False


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

    def correction_refusal(
        self, recorded_on: date, certificate_on: date, today: date
    ) -> CertificateRefusal | None:
        """Return why `recorded_on` cannot have been a typing error for `certificate_on`, or None.

        When it was inspected is not kept; both days then lay within the months a certificate may be old.
        """
        if certificate_on > today:
            return CertificateRefusal.IN_FUTURE
        months = relativedelta(months=self.certificate_months)
        if not recorded_on - months <= certificate_on <= recorded_on + months:
            return CertificateRefusal.OTHER_CERTIFICATE
        return None

    def counts(self, certificate_on: date, today: date) -> bool:
        """Tell whether the inspection of this certificate still counts today."""
        return today < self.due_on(certificate_on)

    def due_on(self, certificate_on: date) -> date:
        """Return the first day on which the inspection of this certificate does not count any more."""
        return certificate_on + relativedelta(years=self.renewal_years)

    def must_go(self, last_activity_on: date, today: date) -> bool:
        """Tell whether the row of somebody last active on that day must be deleted today."""
        return last_activity_on + relativedelta(months=self.kept_months) <= today

    def reminder(self, certificate_on: date, today: date) -> int | None:
        """Return which of REMINDED_BEFORE is on: the shortest that has begun, None before and once due."""
        left = (self.due_on(certificate_on) - today).days
        return next((days for days in REMINDED_BEFORE if 0 < left <= days), None)

    def days_to_remind_of(self, today: date) -> tuple[date, date]:
        """Return the first and last day of certificates that may have to be reminded of today."""
        years = relativedelta(years=self.renewal_years)
        # Up to a day too many on either side because of 29 February; `reminder` decides each.
        return today - years - timedelta(days=1), today + timedelta(days=max(REMINDED_BEFORE) + 1) - years

    def is_over(self, use: InspectedUse, today: date) -> bool:
        """Tell whether the row must be deleted today: never exercised and not going to be, or not for months.

        While a placement runs nobody knows that the last time was the last: only the law's own term counts. A
        certificate inspected after the last time was inspected for the times to come. Where none is asked for
        any more, what comes is no exercise of what it was inspected for, and nothing is left to be proved.
        """
        if use.is_asked_no_more:
            return True
        if use.stands_since_on is None:
            return use.last_on is None or self.must_go(use.last_on, today)
        if use.last_on is None:
            return use.stands_since_on + LONGEST_KEPT <= today
        due_on = use.last_on + LONGEST_KEPT
        # What stands since a day on which the row had to be gone rests on a newer inspection.
        if use.certificate_on > use.last_on or use.stands_since_on >= due_on:
            due_on = max(use.last_on, use.stands_since_on) + LONGEST_KEPT
        return due_on <= today
