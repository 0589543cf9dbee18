"""Answers of those who were asked to stand in: the first yes takes the seat, the next read it kindly."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from citizens.services.letters import write
from foundation.transitions import move
from programs.services.seats import give_back_seat, take_seat
from volunteers.domain.states import STAND_IN_QUESTION_MOVES, STAND_IN_SEARCH_MOVES
from volunteers.models import Assignment, StandInQuestion, StandInSearch
from volunteers.selectors.coming import may_come_on
from volunteers.services.calendar import date_attachment
from volunteers.services.coordination_mail import tell_about_date
from volunteers.services.links import person_calendar_url
from volunteers.services.persons import THE_PERSON, lock_owner
from volunteers.services.seats import is_bound
from volunteers.services.stand_ins import end_search, withdraw_questions
from volunteers.wording.mails import STAND_IN_CONFIRMED, STAND_IN_FOUND
from volunteers.wording.stand_ins import Over

Asked = StandInQuestion.Status


class Yes(StrEnum):
    """What became of a yes; all but TAKEN are normal and change nothing about the date."""

    TAKEN = "taken"
    TOO_LATE = "too_late"
    ELSEWHERE = "elsewhere"
    MAY_NOT = "may_not"


@transaction.atomic
def accept_stand_in(question: StandInQuestion, *, now: datetime) -> Yes:
    """Take the date, if nobody was faster: the seat by conditional UPDATE, the search by its move.

    A second yes of the same person changes nothing and is TAKEN again.
    """
    lock_owner(question.pledge_id)
    question = _read(question.pk)
    shift, volunteer_id = question.search.absent.shift, question.pledge.volunteer_id
    if question.status == Asked.ACCEPTED:
        return Yes.TAKEN
    if not question.may_be_accepted(now):
        return Yes.TOO_LATE
    if (
        is_bound(volunteer_id, shift)
        or Assignment.objects.filter(volunteer=volunteer_id, shift=shift).exists()
    ):
        return Yes.ELSEWHERE
    if not may_come_on(question.pledge.volunteer, question.search.absent.role, shift, None):
        return Yes.MAY_NOT
    if not take_seat(shift.pk, question.search.absent.role_id):
        end_search(question.search, Over.FULL, now)
        return Yes.TOO_LATE
    question = _held(question)
    if not question.may_be_accepted(now):
        give_back_seat(shift.pk, question.search.absent.role_id)
        return Yes.TOO_LATE
    move(question.search, STAND_IN_SEARCH_MOVES, StandInSearch.Status.FOUND, actor=THE_PERSON, now=now)
    _take(question, now)
    return Yes.TAKEN


@transaction.atomic
def decline_stand_in(question: StandInQuestion, *, now: datetime) -> None:
    """Say no; the next person is asked with the next sweep. An answer given stays."""
    lock_owner(question.pledge_id)
    question = _read(question.pk)
    if question.waits and move(
        question, STAND_IN_QUESTION_MOVES, Asked.DECLINED, actor=THE_PERSON, now=now, answered_at=now
    ):
        StandInSearch.objects.filter(pk=question.search_id).update(look_at=now)


def _held(question: StandInQuestion) -> StandInQuestion:
    """Return the question as it is once its search is held: the clock may have moved both meanwhile."""
    StandInSearch.objects.select_for_update().get(pk=question.search_id)
    return _read(question.pk)


def _read(pk: int) -> StandInQuestion:
    rows = StandInQuestion.objects.select_related(
        "search__absent__shift__opportunity__provider",
        "search__absent__placement",
        "search__absent__role",
        "pledge__volunteer__mailbox",
    )
    return rows.get(pk=pk)


def _take(question: StandInQuestion, now: datetime) -> None:
    search, volunteer = question.search, question.pledge.volunteer
    shift = search.absent.shift
    assignment = Assignment.objects.create(
        volunteer=volunteer, shift=shift, role=search.absent.role, status_changed_at=now
    )
    move(
        question,
        STAND_IN_QUESTION_MOVES,
        Asked.ACCEPTED,
        actor=THE_PERSON,
        now=now,
        answered_at=now,
        assignment=assignment,
    )
    withdraw_questions(search, Over.FOUND, now)
    write(
        volunteer.mailbox,
        key=f"stand_in.confirmed:{question.pk}",
        mail=STAND_IN_CONFIRMED,
        context={
            "volunteer": volunteer,
            "opportunity": shift.opportunity,
            "title": assignment.title,
            "shift": shift,
            "calendar_url": person_calendar_url(volunteer, now),
        },
        now=now,
        attachment=date_attachment(assignment, now),
    )
    tell_about_date(
        search.absent, key=f"stand_in.found:{search.pk}", mail=STAND_IN_FOUND, context={}, now=now
    )
