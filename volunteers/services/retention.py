"""How long it is kept what the matcher did and whom it asked without success."""

from datetime import datetime, timedelta

from foundation.batches import delete_in_batches
from volunteers.models import (
    Contact,
    GuardianConsent,
    MatchRecord,
    MatchRun,
    Offer,
    Placement,
    StandInQuestion,
    StandInSearch,
)

KEEP_RUNS = timedelta(days=400)  # a year to compare with
KEEP_RECORDS = timedelta(days=7)  # long enough to ask why, too short to be a register
KEEP_QUESTIONS = timedelta(days=730)  # until then nobody is asked the same again
KEEP_STAND_INS = timedelta(days=180)  # a season to see whether stand-ins are found
KEEP_CONSENTS = timedelta(days=365)  # RULES §4, the proof of a guardian's yes
KEEP_CONTACTS = timedelta(days=730)  # the trigger lets no younger one go

_NO_STAND_IN = [
    StandInQuestion.Status.DECLINED,
    StandInQuestion.Status.EXPIRED,
    StandInQuestion.Status.WITHDRAWN,
]
_CAME_TO_NOTHING = [Offer.Status.DECLINED, Offer.Status.EXPIRED, Offer.Status.WITHDRAWN]


def purge(now: datetime) -> int:
    """Delete old runs, what older ones were made from, old questions that led to no placement or stand-in
    with their searches, old contacts, guardians' consents a year after the placement; returns how many.
    """
    questions = Offer.objects.filter(
        status__in=_CAME_TO_NOTHING, status_changed_at__lt=now - KEEP_QUESTIONS, placement=None
    )
    records = MatchRecord.objects.filter(run__started_at__lt=now - KEEP_RECORDS)
    runs = MatchRun.objects.filter(started_at__lt=now - KEEP_RUNS)
    contacts = Contact.objects.filter(noted_at__lt=now - KEEP_CONTACTS)
    asked = StandInQuestion.objects.filter(status__in=_NO_STAND_IN, asked_for__lt=now - KEEP_STAND_INS)
    searches = StandInSearch.objects.filter(absent__shift__ends_at__lt=now - KEEP_STAND_INS, questions=None)
    consents = GuardianConsent.objects.filter(
        placement__status_changed_at__lt=now - KEEP_CONSENTS,
        placement__status__in=[Placement.Status.ENDED, Placement.Status.CANCELLED],
    )
    old = (questions, records, runs, asked, searches, contacts, consents)
    return sum(delete_in_batches(rows) for rows in old)
