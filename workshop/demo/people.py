"""Invented people who pledge time, are asked, answer and come; everything through the services."""

from datetime import datetime, timedelta
from random import Random

from foundation.clock import local_day
from foundation.weekly_times import WeeklyTime
from programs.domain.choices import Field, Language, Skill
from programs.models import District
from volunteers.models import Assignment, Offer, Placement, Volunteer
from volunteers.services.clearances import record_clearance
from volunteers.services.hours import record_attendance
from volunteers.services.offers import accept_offer, decline_offer
from volunteers.services.placements import confirm_placement
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes
from workshop.demo.tasks import FIRST_NAMES

ACTOR = "system"
_PARTS = ((7, 12), (8, 12), (9, 15), (13, 18), (14, 18), (15, 19), (16, 21))


def address(seed: int, number: int) -> str:
    """Return the invented mailbox of person `number`."""
    return f"freiwillig-{seed}-{number}@demo.example"


def pledge_time(seed: int, number: int, draw: Random, *, now: datetime) -> None:
    """Let person `number` pledge time and confirm; a person who is there already stays as they are."""
    email = address(seed, number)
    wishes = _wishes(draw)
    if Volunteer.objects.filter(email=email).exists():
        return
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} (Demo {number + 1})"
    pledge = record_pledge(Person(name, email, last_name="Beispiel", is_demo=True), wishes, now=now)
    confirm_pledge(pledge, now=now)


def _wishes(draw: Random) -> Wishes:
    districts = list(District.objects.defer("geometry").order_by("pk"))
    home = draw.choice(districts)
    weekdays = sorted(draw.sample(range(7), k=draw.randint(3, 5)))
    times = []
    for weekday in weekdays:
        first, last = draw.choice(_PARTS)
        times.append(WeeklyTime(weekday, first * 60, last * 60))
    return Wishes(
        times=times,
        fields=sorted(draw.sample(Field.values, k=draw.randint(1, 3))),
        home_district=home,
        max_distance_km=draw.choice((5, 8, 10)),
        hours_per_week=draw.randint(2, 5),
        skills=sorted(draw.sample(Skill.values, k=draw.randint(4, 8))),
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
            issued_on = local_day(now) - timedelta(days=draw.randint(5, 60))
            record_clearance(placement, certificate_on=issued_on, actor=ACTOR, now=now)


def _placements(status: Placement.Status) -> list[Placement]:
    return list(Placement.objects.filter(status=status, volunteer__is_demo=True).order_by("pk"))


def note_attendance(draw: Random, *, now: datetime) -> int:
    """Let providers note who came to dates that are over; return how many were noted."""
    over = Assignment.objects.filter(
        status=Assignment.Status.CONFIRMED,
        shift__ends_at__lte=now,
        placement__volunteer__is_demo=True,
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
