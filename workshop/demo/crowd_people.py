"""Very many invented people who pledge time and confirm, written many at once.

Values, moves and terms are those of the service; what it writes row by row is written in one statement for
all who confirm at the same moment. Nobody is thanked by mail: it would be thousands for what is long past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import uuid4

from django.db import transaction

from citizens.domain.addresses import as_sent
from citizens.models import Mailbox
from foundation.transitions import move_all
from foundation.working_days import end_of_working_day
from programs.models import District, Role
from volunteers.domain.availability import normal_windows
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.domain.states import TIME_PLEDGE_MOVES
from volunteers.models import Availability, TimePledge, Volunteer
from volunteers.services.persons import THE_PERSON
from volunteers.services.pledges import Person
from volunteers.services.wishes import Wishes, columns
from workshop.demo.people import COMES_FROM_A_TASK, invented, wishes_for, wishes_of_own


@dataclass(frozen=True)
class Pledging:
    """A form as somebody sends it."""

    person: Person
    wishes: Wishes
    wanted: Role | None


def form_of(
    seed: int, number: int, draw: Random, roles: Sequence[Role], homes: Sequence[District]
) -> Pledging:
    """Return what person `number` fills in: every third comes from one of the `roles`."""
    wanted = draw.choice(roles) if roles and draw.random() < COMES_FROM_A_TASK else None
    wishes = wishes_for(wanted, draw) if wanted else wishes_of_own(homes, draw)
    return Pledging(invented(seed, number), wishes, wanted)


@transaction.atomic
def pledge_together(forms: Sequence[Pledging], *, now: datetime) -> int:
    """Let all of them pledge and confirm at `now`; who is there already stays as they are."""
    addresses = [as_sent(form.person.email) for form in forms]
    known = set(Mailbox.objects.filter(email__in=addresses).values_list("email", flat=True))
    new = [form for form, email in zip(forms, addresses, strict=True) if email not in known]
    mailboxes = Mailbox.objects.bulk_create(
        Mailbox(email=as_sent(form.person.email), created_at=now, confirmed_at=now) for form in new
    )
    people = Volunteer.objects.bulk_create(
        Volunteer(
            first_name=form.person.first_name,
            last_name=form.person.last_name,
            mailbox=mailbox,
            is_demo=True,
            created_at=now,
            confirmed_at=now,
        )
        for form, mailbox in zip(new, mailboxes, strict=True)
    )
    pledges = TimePledge.objects.bulk_create(
        TimePledge(
            volunteer=person,
            wanted_role=form.wanted,
            wanted_opportunity=form.wanted.opportunity if form.wanted else None,
            status=TimePledge.Status.UNCONFIRMED,
            status_changed_at=now,
            created_at=now,
            submission=uuid4(),
            **columns(form.wishes),
        )
        for form, person in zip(new, people, strict=True)
    )
    _write_rows_around(pledges, [form.wishes for form in new])
    move_all(
        pledges,
        TIME_PLEDGE_MOVES,
        TimePledge.Status.OPEN,
        actor=THE_PERSON,
        now=now,
        confirmed_at=now,
        answer_due_at=end_of_working_day(now, ANSWER_WITHIN),
    )
    return len(new)


def _write_rows_around(pledges: Sequence[TimePledge], wishes: Sequence[Wishes]) -> None:
    near = TimePledge.districts.through
    near.objects.bulk_create(
        near(timepledge_id=pledge.pk, district_id=district.pk)
        for pledge, wish in zip(pledges, wishes, strict=True)
        for district in wish.districts
    )
    Availability.objects.bulk_create(
        Availability(
            pledge=pledge,
            weekday=window.weekday,
            start_minute=window.start_minute,
            end_minute=window.end_minute,
        )
        for pledge, wish in zip(pledges, wishes, strict=True)
        for window in normal_windows(wish.times)
    )
