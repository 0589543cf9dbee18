"""Two rows that are one person: the pledges go to one of them, and back if that was a mistake."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Greatest

from accounts.models import User
from foundation.actors import Actor, system
from foundation.history import note_act
from volunteers.models import (
    GuardianConsent,
    Offer,
    PersonMerge,
    Placement,
    StandInQuestion,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.doubles import has_been_somewhere, listed_people
from volunteers.services.answers import THERE, withdraw_offer
from volunteers.services.clearance_changes import follow_age
from volunteers.services.clearances import take_back_with_children
from volunteers.services.persons import lock_people
from volunteers.signals import pledge_changed

MERGED, PARTED = "merged", "parted"
MERGING = system("volunteers.merge_people")


class MergeRefusal(StrEnum):
    """Why two rows are not made one."""

    NOT_TWO = "not_two"
    HAS_BEEN_SOMEWHERE = "has_been_somewhere"
    GROUP_AND_PERSON = "group_and_person"


@transaction.atomic
def merge_people(
    kept: Volunteer, double: Volunteer, *, by: User, actor: Actor, now: datetime
) -> MergeRefusal | None:
    """Give all pledges of `double` to `kept` and list only `kept`; return why not, or None.

    What `double` did for a provider cannot be moved, for certificates and hours are of a person: then the
    other of the two is the one to keep. Questions that wait are answered by the links of `kept` from now on;
    those for what `kept` does already are taken back. What protects children holds if it does for either: to
    be under 18, and not to be asked with children, which the youth office alone takes back.
    """
    lock_people([kept.pk, double.pk])
    if kept.pk == double.pk or listed_people().filter(pk__in=[kept.pk, double.pk]).count() != 2:
        return MergeRefusal.NOT_TWO
    if kept.is_group != double.is_group:
        return MergeRefusal.GROUP_AND_PERSON
    if has_been_somewhere(double):
        return MergeRefusal.HAS_BEEN_SOMEWHERE
    pledges = list(TimePledge.objects.filter(volunteer=double).order_by("pk").values_list("pk", flat=True))
    merge = PersonMerge.objects.create(kept=kept, double=double, pledge_ids=pledges, at=now, by=by)
    _give(pledges, kept, now)
    _take_back_what_is_done(kept, now)
    _follow_what_protects(merge, now)
    for row, other in ((kept, double), (double, kept)):
        note_act(row, MERGED, str(other.pk), actor=actor, now=now)
    return None


@transaction.atomic
def part_people(merge: PersonMerge, *, actor: Actor, now: datetime, was_mistaken: bool = True) -> bool:
    """Give back what a merge moved and has led nowhere since. False, changing nothing, if it was undone.

    If they were two people after all, the age that `kept` had is theirs again, unless they or another joined
    row say under 18, or something that was pledged as under 18 has led somewhere and stays.
    """
    lock_people([merge.kept_id, merge.double_id])
    if not PersonMerge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now):
        return False
    moved = TimePledge.objects.filter(pk__in=merge.pledge_ids, volunteer=merge.kept_id, placements=None)
    stands_in = StandInQuestion.objects.filter(pledge=OuterRef("pk"), assignment__isnull=False)
    moved = moved.filter(~Exists(stands_in))
    given = list(moved.order_by("pk").values_list("pk", flat=True))
    _give(given, merge.double, now)
    if was_mistaken and len(given) == len(merge.pledge_ids):
        _give_age_back(merge, now)
    for row, other in ((merge.kept, merge.double), (merge.double, merge.kept)):
        note_act(row, PARTED, str(other.pk), actor=actor, now=now)
    return True


def keep_own_age(volunteer_id: int) -> None:
    """Remember that the person has said how old they are: no parted row changes that any more."""
    PersonMerge.objects.filter(kept=volunteer_id, took_age=True).update(took_age=False)


def _follow_what_protects(merge: PersonMerge, now: datetime) -> None:
    kept, double = (Volunteer.objects.get(pk=pk) for pk in (merge.kept_id, merge.double_id))
    if kept.is_adult and not double.is_adult:
        PersonMerge.objects.filter(pk=merge.pk).update(took_age=True)
        Volunteer.objects.filter(pk=kept.pk).update(is_adult=False)
    if not (kept.is_adult and double.is_adult):
        _let_nobody_agree_for_themselves(kept, double, now)
        follow_age(kept.pk, now)
    if not (kept.is_asked_with_children and double.is_asked_with_children):
        Volunteer.objects.filter(pk=kept.pk).update(is_asked_with_children=False)
        take_back_with_children(kept.pk, now)


def _let_nobody_agree_for_themselves(kept: Volunteer, double: Volunteer, now: datetime) -> None:
    """A guardian's consent from the mailbox of the joined row is the person's own."""
    own = GuardianConsent.objects.filter(placement__volunteer=kept, mailbox=double.mailbox_id)
    own.filter(given_at=None).delete()
    own.filter(withdrawn_at=None).update(withdrawn_at=Greatest(Value(now), F("given_at")))


def _give_age_back(merge: PersonMerge, now: datetime) -> None:
    """Another joined row that says under 18 takes the place of the one that leaves."""
    if not PersonMerge.objects.filter(pk=merge.pk, took_age=True).update(took_age=False):
        return
    standing = PersonMerge.objects.filter(kept=merge.kept_id, undone_at=None, double__is_adult=False)
    other = standing.order_by("pk").first()
    if other is not None:
        PersonMerge.objects.filter(pk=other.pk).update(took_age=True)
    elif Volunteer.objects.filter(pk=merge.kept_id, erased_at=None).update(is_adult=True, born_in=None):
        follow_age(merge.kept_id, now)


def _give(pledge_ids: list[int], person: Volunteer, now: datetime) -> None:
    TimePledge.objects.filter(pk__in=pledge_ids).update(volunteer=person)
    for pledge in TimePledge.objects.filter(pk__in=pledge_ids).select_related("volunteer__mailbox"):
        pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)


def _take_back_what_is_done(person: Volunteer, now: datetime) -> None:
    placed = Placement.objects.filter(volunteer=person, status__in=Placement.HOLDING)
    there = Offer.objects.filter(
        pledge__volunteer=person, status=Offer.Status.SENT, opportunity__in=placed.values("opportunity")
    )
    for offer in there.select_related("pledge").order_by("opportunity_id"):
        withdraw_offer(offer, actor=MERGING, reason=THERE, now=now)
