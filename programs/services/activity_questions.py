""" "Passt zu keiner": a provider asks which activity a task is, the youth office answers."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest

from accounts.models import User
from foundation.actors import Actor
from foundation.transitions import move
from programs.access import office_actor
from programs.domain.activities import QUESTION_MOVES, QuestionStatus
from programs.domain.publishing import fingerprint
from programs.models import Activity, ActivityQuestion, Opportunity
from programs.signals import need_changed, need_changing


def ask_for_activity(opportunity: Opportunity, text: str, *, actor: Actor, now: datetime) -> None:
    """Put the question, or put it in other words; a question withdrawn by a choice is history.

    Called inside the transaction of the change.
    """
    waiting = open_question(opportunity)
    if waiting is not None and waiting.text == text:
        return
    if waiting is not None:
        move(waiting, QUESTION_MOVES, QuestionStatus.WITHDRAWN, actor=actor, now=now)
    ActivityQuestion.objects.create(opportunity=opportunity, text=text, status_changed_at=now, asked_at=now)


def withdraw_question(opportunity: Opportunity, *, actor: Actor, now: datetime) -> None:
    """Take the question back, because an activity was chosen."""
    waiting = open_question(opportunity)
    if waiting is not None:
        move(waiting, QUESTION_MOVES, QuestionStatus.WITHDRAWN, actor=actor, now=now)


def open_question(opportunity: Opportunity) -> ActivityQuestion | None:
    """Return what the youth office was asked about this task and has not answered."""
    return opportunity.activity_questions.filter(status=QuestionStatus.OPEN).first()


def mark_of_asked(opportunity: Opportunity) -> str:
    """Return a short mark of the words by which the office tells which activity a task is."""
    return fingerprint({name: getattr(opportunity, name) for name in ("title", "task", "site")})


@transaction.atomic
def answer_question(
    question: ActivityQuestion, *, activity: Activity | None, answer: str, read: str, by: User, now: datetime
) -> bool:
    """Answer in words, and say which activity it is, if it is one.

    What has no activity yet then has that one; whether it may be published a second person still decides.
    `read` is the mark of what `by` has read. False, changing nothing, if it was answered or the task was
    described otherwise meanwhile.
    """
    need_changing.send(sender=Opportunity, opportunity_ids=[question.opportunity_id])
    locked = (
        None if activity is None else Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    )
    row = Opportunity.objects.select_for_update(of=("self",)).get(pk=question.opportunity_id)
    waiting = open_question(row)
    if waiting is None or waiting.pk != question.pk or read != mark_of_asked(row):
        return False
    moved = move(
        waiting, QUESTION_MOVES, QuestionStatus.ANSWERED, actor=office_actor(by), now=now, answer=answer
    )
    if moved and locked is not None:
        least = locked.current.minimum_age if locked.current else 0
        row.roles.filter(activity=None).update(
            activity=locked,
            contact_with_minors=locked.contact_with_minors,
            clearance_required=locked.clearance_required,
            minimum_age=Greatest("minimum_age", least),
        )
        need_changed.send(sender=Opportunity, now=now, opportunity_ids=[row.pk])
    return moved
