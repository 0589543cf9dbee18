"""Very many invented people answer, are confirmed, bring what is asked and come, written many at once.

Moves, gates, places and values are those of the services. What a service does beyond that for a question
whose place is shared, or for somebody with several questions, it does itself, one by one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from foundation.actors import system
from foundation.clock import local_day
from foundation.transitions import move_all
from programs.services.places import give_back_held_places, lock_roles, take_held_place
from programs.services.seats import give_back_seat
from volunteers.domain.provider_clock import NOT_PRESSED
from volunteers.domain.states import ASSIGNMENT_MOVES, OFFER_MOVES, PLACEMENT_MOVES, TIME_PLEDGE_MOVES
from volunteers.models import (
    Assignment,
    Clearance,
    HoursEntry,
    Offer,
    Placement,
    SelfCommitment,
    TimePledge,
)
from volunteers.selectors.clearances import clearance_rules
from volunteers.selectors.gate import gates_of
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.hours import hours_of
from volunteers.services.persons import THE_PERSON, lock_people
from volunteers.services.placements import placement_of
from volunteers.services.self_commitments import commitment_to_sign
from workshop.demo.people import ACTOR
from workshop.demo.progress import Progress

AT_ONCE = 500
ATTENDS = 0.9


def pieces(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Return the keys in parts that are written together."""
    return (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))


def keys_of(rows: QuerySet[Any]) -> list[int]:
    """Return the keys of these rows in order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


def open_questions() -> list[int]:
    """Return the questions that invented people have to answer."""
    return keys_of(Offer.objects.filter(status=Offer.Status.SENT, pledge__volunteer__is_demo=True))


def answer_together(draw: Random, progress: Progress, *, now: datetime, share: float = 0.8) -> None:
    """Let invented people answer their open questions: most of `share` with yes, the rest with no."""
    for some in pieces(open_questions()):
        _answer(some, draw, now, share)
        progress.add(len(some))


@transaction.atomic
def _answer(keys: Sequence[int], draw: Random, now: datetime, share: float) -> None:
    rows = Offer.objects.filter(pk__in=keys, status=Offer.Status.SENT)
    lock_people(rows.values("pledge__volunteer"))
    asked = Offer.objects.filter(
        pledge__volunteer__in=rows.values("pledge__volunteer"), status=Offer.Status.SENT
    )
    lock_roles(asked.values("role"))
    questions = Counter(asked.values_list("pledge__volunteer_id", flat=True))
    yes: list[Offer] = []
    no: dict[str, list[Offer]] = defaultdict(list)
    too_late: list[Offer] = []
    related = ("pledge__volunteer", "role", "opportunity__provider", "opportunity__district")
    for offer in rows.select_related(*related).order_by("pk"):
        mood, reason = draw.random(), draw.choice(Offer.Decline.values)
        if mood >= share:
            continue
        is_plain = not offer.is_shared and questions[offer.pledge.volunteer_id] == 1
        if is_plain and offer.ran_out(now):
            too_late.append(offer)
        elif mood < share * 0.8:
            if is_plain and offer.may_be_accepted(now):
                yes.append(offer)
            else:
                accept_offer(offer, now=now)
        elif is_plain:
            no[reason].append(offer)
        else:
            decline_offer(offer, reason=reason, now=now)
    _say_yes(yes, now)
    for reason, offers in no.items():
        said = {"answered_at": now, "decline_reason": reason}
        _give_up(offers, Offer.Status.DECLINED, actor=THE_PERSON, now=now, reason=reason, **said)
    _give_up(too_late, Offer.Status.EXPIRED, actor=system("volunteers.expire_offers"), now=now)


def _say_yes(offers: Sequence[Offer], now: datetime) -> None:
    for role, heads in _places(offers).items():
        take_held_place(role, heads)
    move_all(offers, OFFER_MOVES, Offer.Status.ACCEPTED, actor=THE_PERSON, now=now, answered_at=now)
    Placement.objects.bulk_create(placement_of(offer, now) for offer in offers)


def _give_up(offers: Sequence[Offer], to: str, **how: Any) -> None:
    move_all(offers, OFFER_MOVES, to, **how)
    for role, heads in _places(offers).items():
        give_back_held_places(role, heads)


def _places(offers: Sequence[Offer]) -> Counter[int]:
    held: Counter[int] = Counter()
    for offer in offers:
        held[offer.role_id] += offer.heads
    return held


def _waiting(status: str, draw: Random, share: float) -> list[int]:
    found = Placement.objects.filter(
        status=status, volunteer__is_demo=True, opportunity__provider__is_verified=True
    )
    return [key for key in keys_of(found) if draw.random() < share]


def confirm_together(draw: Random, *, now: datetime, share: float = 0.9) -> None:
    """Let providers confirm whom they are waited for: who has all that is asked may come."""
    for some in pieces(_waiting(Placement.Status.AWAITING_CONFIRMATION, draw, share)):
        _confirm(some, now)


@transaction.atomic
def _confirm(keys: Sequence[int], now: datetime) -> None:
    rows = Placement.objects.filter(pk__in=keys, status=Placement.Status.AWAITING_CONFIRMATION)
    lock_people(rows.values("volunteer"))
    gates = gates_of(rows)
    placements = list(rows.select_related("pledge", "opportunity").order_by("pk"))
    settled = {row.pledge_id: row.pledge for row in placements if row.pledge.status == TimePledge.Status.OPEN}
    move_all(list(settled.values()), TIME_PLEDGE_MOVES, TimePledge.Status.PLACED, actor=ACTOR, now=now)
    today = local_day(now)
    lacking = [row for row in placements if gates[row.pk].missing(today)]
    ready = [row for row in placements if not gates[row.pk].missing(today)]
    waits = Placement.Status.AWAITING_CLEARANCE
    move_all(lacking, PLACEMENT_MOVES, waits, actor=ACTOR, now=now, **NOT_PRESSED)
    _activate(ready, now)


def bring_together(draw: Random, *, now: datetime, share: float = 0.9) -> None:
    """Let people sign and safeguarding officers see certificates; whoever lacks nothing more may come."""
    for some in pieces(_waiting(Placement.Status.AWAITING_CLEARANCE, draw, share)):
        _bring(some, draw, now)


@transaction.atomic
def _bring(keys: Sequence[int], draw: Random, now: datetime) -> None:
    rows = Placement.objects.filter(pk__in=keys, status=Placement.Status.AWAITING_CLEARANCE)
    lock_people(rows.values("volunteer"))
    placements = list(rows.select_related("role", "opportunity").order_by("pk"))
    people = sorted({row.volunteer_id for row in placements})
    _sign(people, now)
    today = local_day(now)
    certificates = [
        Clearance(
            volunteer_id=row.volunteer_id,
            opportunity_id=row.opportunity_id,
            certificate_on=today - timedelta(days=draw.randint(5, 60)),
        )
        for row in placements
        if row.role.clearance_required
    ]
    rules = clearance_rules()
    Clearance.objects.bulk_create(
        (each for each in certificates if rules.refusal(each.certificate_on, today) is None),
        update_conflicts=True,
        unique_fields=["volunteer", "opportunity"],
        update_fields=["certificate_on"],
    )
    waiting = Placement.objects.filter(volunteer__in=people, status=Placement.Status.AWAITING_CLEARANCE)
    gates = gates_of(waiting)
    ready = waiting.select_related("opportunity").order_by("pk")
    _activate([row for row in ready if not gates[row.pk].missing(today)], now)


def _sign(people: Sequence[int], now: datetime) -> None:
    text = commitment_to_sign()
    if text is not None:
        SelfCommitment.objects.bulk_create(
            (
                SelfCommitment(volunteer_id=person, declaration=text, signed_on=local_day(now))
                for person in people
            ),
            update_conflicts=True,
            unique_fields=["volunteer", "declaration"],
            update_fields=["signed_on"],
        )


def _activate(placements: Sequence[Placement], now: datetime) -> None:
    """Let them come from the day on which their task begins; their dates are given to all at once later."""
    by_day: dict[date, list[Placement]] = defaultdict(list)
    for row in placements:
        by_day[row.from_on or max(local_day(now), row.opportunity.starts_on)].append(row)
    for from_on, rows in by_day.items():
        active = Placement.Status.ACTIVE
        move_all(rows, PLACEMENT_MOVES, active, actor=ACTOR, now=now, from_on=from_on, **NOT_PRESSED)


def expected_until(now: datetime) -> QuerySet[Assignment]:
    """Return the dates that are over and of which nobody has noted who came."""
    return Assignment.objects.filter(
        status=Assignment.Status.CONFIRMED,
        shift__ends_at__lte=now,
        shift__is_cancelled=False,
        volunteer__is_demo=True,
    )


def attend_together(draw: Random, progress: Progress, *, now: datetime) -> None:
    """Let providers note on the day after each date who came, of dates until `now`."""
    by_day: dict[date, list[int]] = defaultdict(list)
    over = expected_until(now).order_by("shift__ends_at", "pk")
    for key, ends_at in over.values_list("pk", "shift__ends_at"):
        by_day[local_day(ends_at)].append(key)
    for day, keys in by_day.items():
        moment = now - timedelta(days=max((local_day(now) - day).days - 1, 0))
        for some in pieces(keys):
            _attend(some, draw, moment)
            progress.add(len(some))


@transaction.atomic
def _attend(keys: Sequence[int], draw: Random, now: datetime) -> None:
    rows = Assignment.objects.filter(pk__in=keys, status=Assignment.Status.CONFIRMED)
    lock_people(rows.values("volunteer"))
    came: list[Assignment] = []
    excused: list[Assignment] = []
    for row in rows.select_related("shift").order_by("shift_id", "role_id", "pk"):
        (came if draw.random() < ATTENDS else excused).append(row)
    noted: dict[str, Any] = {"actor": ACTOR, "now": now, "released_for": ""}
    move_all(came, ASSIGNMENT_MOVES, Assignment.Status.ATTENDED, **noted)
    move_all(excused, ASSIGNMENT_MOVES, Assignment.Status.EXCUSED, **noted)
    seats: Counter[tuple[int, int]] = Counter()
    for row in excused:
        seats[row.shift_id, row.role_id] += row.heads
    for (shift, role), heads in seats.items():
        give_back_seat(shift, role, heads)
    HoursEntry.objects.bulk_create(hours_of(row, row.heads, now) for row in came)
