"""What somebody brings before they come: what a task asks for, and until when each counts."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from foundation.choices import TextChoices
from foundation.choices import noop as _
from volunteers.domain.minors import is_minor


class Need(TextChoices):
    """One thing that is missing; the youth office's activity or the person's age asks for it."""

    CERTIFICATE = "certificate", _("Führungszeugnis")
    SELF_COMMITMENT = "self_commitment", _("Selbstverpflichtung")
    CONSENT = "consent", _("Einverständnis einer sorgeberechtigten Person")
    MEASLES = "measles", _("Masernschutz")


def signature_until(signed_on: date, years: int) -> date:
    """Return the first day on which a signature of that day does not count any more."""
    return signed_on + relativedelta(years=years)


@dataclass(frozen=True)
class Gate:
    """What is asked of one person for one task, and what is there.

    Days are the first on which something does not count any more, None for what is not there;
    `over_night`: nobody under age does that, whatever they bring.
    """

    asks: frozenset[Need]
    is_adult: bool
    born_in: date | None
    over_night: bool
    certificate_until: date | None
    signature_until: date | None
    has_consent: bool
    has_measles_proof: bool

    def missing(self, day: date) -> list[Need]:
        """Return what is missing for coming on that day, in the order of `Need`."""
        there = {
            Need.CERTIFICATE: self.certificate_until is not None and day < self.certificate_until,
            Need.SELF_COMMITMENT: self.signature_until is not None and day < self.signature_until,
            Need.CONSENT: self.has_consent,
            Need.MEASLES: self.has_measles_proof,
        }
        asked = set(self.asks)
        if self.is_minor_on(day):
            asked.add(Need.CONSENT)
        return [need for need in Need if need in asked and not there[need]]

    def is_minor_on(self, day: date) -> bool:
        """Whether the person is under age on that day, as far as is known."""
        return is_minor(day, is_adult=self.is_adult, born_in=self.born_in)

    def lets_in(self, day: date) -> bool:
        """Whether the person may come on that day."""
        return not self.missing(day) and not (self.over_night and self.is_minor_on(day))
