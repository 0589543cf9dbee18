"""The clock of the searches for stand-ins: who is asked next, how many at once, when the provider is told."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from citizens.services.letters import write
from foundation.transitions import move
from programs.models import ShiftRole
from programs.selectors.visibility import is_public
from volunteers.domain.stand_ins import HORIZON, LOOK_AGAIN, Pace, answer_by, pace
from volunteers.domain.states import STAND_IN_QUESTION_MOVES, STAND_IN_SEARCH_MOVES
from volunteers.models import StandInQuestion, StandInSearch, TimePledge, Volunteer
from volunteers.selectors.stand_ins import stand_in_candidates
from volunteers.services.links import stand_in_url
from volunteers.services.persons import lock_unheld_people
from volunteers.services.stand_ins import (
    SEARCHING,
    end_search,
    follow_released_stand_ins,
    tell_that_none_is_found,
)
from volunteers.wording.mails import STAND_IN
from volunteers.wording.stand_ins import Over

Status = StandInSearch.Status
Asked = StandInQuestion.Status


def find_stand_ins(now: datetime) -> int:
    """Take every search one step further that is due; return how many people were asked.

    Several workers may do so side by side: a search, and whoever is asked, that another one holds at this
    moment is left to it. The next date is looked at first.
    """
    follow_released_stand_ins(now)
    due = StandInSearch.objects.filter(
        Q(look_at__lte=now) | Q(absent__shift__starts_at__lte=now),
        status=Status.SEARCHING,
        absent__shift__starts_at__lte=now + HORIZON,
    )
    keys = due.order_by("absent__shift__starts_at", "pk").values_list("pk", flat=True)
    return sum(_step(pk, now) for pk in list(keys))


@transaction.atomic
def _step(pk: int, now: datetime) -> int:
    rows = StandInSearch.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("absent__shift__opportunity__provider", "absent__placement", "absent__role")
    search = rows.filter(pk=pk, status=Status.SEARCHING).first()
    if search is None:
        return 0
    because = _needs_nobody(search, now)
    if because is not None:
        end_search(search, because, now)
        return 0
    _let_expire(search, now)
    shift = search.absent.shift
    how = pace(shift.starts_at - now)
    waiting = search.questions.filter(status=Asked.SENT).count()
    asked, held = _ask(search, how, how.at_once - waiting, now) if how and waiting < how.at_once else (0, 0)
    if not waiting and not asked and not held:
        _give_up(search, now)
    elif not held:
        _look_later(search, now)
    return asked


def _needs_nobody(search: StandInSearch, now: datetime) -> Over | None:
    shift = search.absent.shift
    if shift.starts_at <= now:
        return Over.BEGUN
    if shift.is_cancelled:
        return Over.CANCELLED
    if not is_public(shift.opportunity):
        return Over.NOT_PUBLIC
    seats = ShiftRole.objects.get(shift=shift, role=search.absent.role_id)
    return Over.FULL if seats.is_full else None


def _let_expire(search: StandInSearch, now: datetime) -> None:
    for question in search.questions.filter(status=Asked.SENT, expires_at__lte=now).order_by("pk"):
        move(question, STAND_IN_QUESTION_MOVES, Asked.EXPIRED, actor=SEARCHING, now=now)


def _ask(search: StandInSearch, how: Pace, count: int, now: datetime) -> tuple[int, int]:
    """Ask the first `count`; return how many, and how many of them others hold or have asked just now."""
    first = stand_in_candidates(search, now)[:count]
    if not first:
        return 0, 0
    unheld = lock_unheld_people(TimePledge.objects.filter(pk__in=first).values("volunteer_id"))
    own = TimePledge.objects.filter(pk__in=first, volunteer__in=unheld).values_list("pk", flat=True)
    keys = stand_in_candidates(search, now, only=list(own))
    pledges = TimePledge.objects.select_related("volunteer__mailbox").in_bulk(keys)
    for key in keys:
        _put(search, pledges[key], how, now)
    return len(keys), len(first) - len(keys)


def _put(search: StandInSearch, pledge: TimePledge, how: Pace, now: datetime) -> None:
    shift = search.absent.shift
    question = StandInQuestion.objects.create(
        search=search,
        pledge=pledge,
        status_changed_at=now,
        sent_at=now,
        expires_at=answer_by(now, shift.starts_at, how),
        asked_for=shift.starts_at,
    )
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_asked_at=now)
    write(
        pledge.volunteer.mailbox,
        key=f"stand_in.asked:{question.pk}",
        mail=STAND_IN,
        context={
            "volunteer": pledge.volunteer,
            "opportunity": shift.opportunity,
            "title": search.absent.title,
            "shift": shift,
            "question": question,
            "answer_url": stand_in_url(question, now),
        },
        now=now,
    )


def _look_later(search: StandInSearch, now: datetime) -> None:
    """Look again when the next answer is due, at the latest when there may be somebody new to ask."""
    waiting = search.questions.filter(status=Asked.SENT).order_by("expires_at")
    ends = waiting.values_list("expires_at", flat=True).first()
    search.look_at = min(now + LOOK_AGAIN, ends or now + LOOK_AGAIN)
    search.save(update_fields=["look_at"])


def _give_up(search: StandInSearch, now: datetime) -> None:
    if move(search, STAND_IN_SEARCH_MOVES, Status.EXHAUSTED, actor=SEARCHING, now=now):
        tell_that_none_is_found(search, now, rests=False)
