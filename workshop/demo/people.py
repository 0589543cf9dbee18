"""Invented people who pledge time, are asked, answer and come; everything through the services."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from foundation.actors import system
from foundation.clock import local_day
from foundation.times_of_week import WeeklyTime
from foundation.units import HOUR, MinuteOfDay
from programs.domain.choices import Field, Language, Skill
from programs.domain.rhythms import minutes_per_week
from programs.models import District, Role
from programs.selectors.visibility import public_roles, roles_with_place
from volunteers.domain.availability import suggested_for
from volunteers.forms.wishes import hours_for
from volunteers.models import Assignment, Offer, Placement, Volunteer
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.clearances import record_clearance
from volunteers.services.hours import record_attendance
from volunteers.services.placements import confirm_placement
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.self_commitments import commitment_to_sign, sign
from volunteers.services.wishes import Wishes
from workshop.demo.tasks import FIRST_NAMES

ACTOR = system("demo")
COMES_FROM_A_TASK, OPENS_MORE, SPEAKS_IT = 0.35, 0.2, 0.8
_PARTS = ((8, 12), (8, 15), (12, 18), (15, 18), (15, 21), (18, 21))


def address(seed: int, number: int) -> str:
    """Return the invented mailbox of person `number`."""
    return f"freiwillig-{seed}-{number}@demo.example"


def pledge_time(seed: int, number: int, draw: Random, *, now: datetime) -> None:
    """Let person `number` pledge time and confirm; a person who is there already stays as they are.

    They answer as people do: every third comes from a task and says what it asks, most of the others leave
    out whatever they may leave out.
    """
    email = address(seed, number)
    role = _role(draw) if draw.random() < COMES_FROM_A_TASK else None
    wishes = wishes_for(role, draw) if role else wishes_of_own(districts(), draw)
    if Volunteer.objects.filter(mailbox__email=email).exists():
        return
    pledge = record_pledge(invented(seed, number), wishes, now=now, wanted=role)
    confirm_pledge(pledge, now=now)


def invented(seed: int, number: int) -> Person:
    """Return who person `number` is."""
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} (Demo {number + 1})"
    return Person(name, address(seed, number), last_name="Beispiel", is_demo=True)


def free_roles() -> QuerySet[Role]:
    """Return the roles of invented tasks that have a place left."""
    free = public_roles().filter(roles_with_place(), opportunity__is_demo=True)
    return free.select_related("opportunity__district").order_by("pk")


def districts() -> list[District]:
    """Return where people may live."""
    return list(District.objects.defer("geometry").order_by("pk"))


def _role(draw: Random) -> Role | None:
    rows = free_roles()
    count = rows.count()
    return rows[draw.randrange(count)] if count else None


def wishes_for(role: Role, draw: Random) -> Wishes:
    """The form as the task fills it, with an answer to each thing its role asks."""
    task = role.opportunity
    answers: dict[str, list[str]] = {"yes": [], "learn": [], "no": []}
    for skill in role.skills:
        answers[draw.choices(tuple(answers), (7, 2, 1))[0]].append(skill)
    return Wishes(
        times=suggested_for(share.time for share in task.weekly_shares),
        fields=[task.field],
        districts=[task.district],
        hours_per_week=hours_for(minutes_per_week(task.weekly_shares)),
        skills=answers["yes"],
        learning_skills=answers["learn"],
        lacking_skills=answers["no"],
        languages=[language for language in role.languages if draw.random() < SPEAKS_IT],
    )


def wishes_of_own(homes: Sequence[District], draw: Random) -> Wishes:
    """The form of somebody who picked no task; most leave out whatever they may leave out."""
    times = []
    for weekday in sorted(draw.sample(range(7), k=draw.randint(2, 4))):
        first, last = draw.choice(_PARTS)
        times.append(WeeklyTime(weekday, MinuteOfDay(first * HOUR), MinuteOfDay(last * HOUR)))
    wishes = Wishes(
        times=times,
        fields=sorted(draw.sample(Field.values, k=draw.randint(1, 3))),
        home_district=draw.choice([None, draw.choice(homes)]),
    )
    if draw.random() > OPENS_MORE:
        return wishes
    return replace(
        wishes,
        hours_per_week=draw.choice((3, 4)),
        max_distance_km=10,
        skills=sorted(draw.sample(Skill.values, k=draw.randint(1, 3))),
        languages=sorted({Language.GERMAN.value, draw.choice(Language.values)}),
    )


def answer_offers(draw: Random, *, now: datetime, share: float = 0.8) -> int:
    """Let demo people answer their open questions, most with yes; return how many answered."""
    answered = 0
    waiting = Offer.objects.filter(status=Offer.Status.SENT, pledge__volunteer__is_demo=True).order_by("pk")
    for offer in waiting:
        mood = draw.random()
        if mood < share * 0.8:
            accept_offer(offer, now=now)
        elif mood < share:
            decline_offer(offer, reason=draw.choice(Offer.Decline.values), now=now)
        else:
            continue
        answered += 1
    return answered


def begin_placements(draw: Random, *, now: datetime, share: float = 0.9) -> None:
    """Let providers confirm demo people and inspect certificates where the task asks for it."""
    for placement in _placements(Placement.Status.AWAITING_CONFIRMATION):
        if draw.random() < share:
            confirm_placement(placement, actor=ACTOR, now=now)
    for placement in _placements(Placement.Status.AWAITING_CLEARANCE):
        if draw.random() < share:
            _sign(placement.volunteer, now)
            issued_on = local_day(now) - timedelta(days=draw.randint(5, 60))
            if placement.role.clearance_required:
                record_clearance(placement, certificate_on=issued_on, actor=ACTOR, now=now)


def _sign(volunteer: Volunteer, now: datetime) -> None:
    text = commitment_to_sign()
    if text is not None:
        sign(volunteer, version_read=text.pk, now=now)


def _placements(status: Placement.Status) -> list[Placement]:
    found = Placement.objects.filter(status=status, volunteer__is_demo=True)
    return list(found.select_related("volunteer", "opportunity").order_by("pk"))


def note_attendance(draw: Random, *, now: datetime) -> int:
    """Let providers note who came to dates that are over; return how many were noted."""
    over = Assignment.objects.filter(
        status=Assignment.Status.CONFIRMED,
        shift__ends_at__lte=now,
        volunteer__is_demo=True,
    ).select_related("shift")
    Status = Assignment.Status  # noqa: N806
    return sum(
        record_attendance(
            assignment,
            outcome=Status.ATTENDED if draw.random() < 0.9 else Status.EXCUSED,
            actor=ACTOR,
            now=now,
        )
        for assignment in over.order_by("pk")
    )
