"""When somebody cannot come, others are asked for that one date; when it is settled, nobody is left asking.

Lock order: the person, the date, the search, its questions.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from citizens.services.letters import write
from foundation.actors import system
from foundation.transitions import move
from programs.domain.changed_dates import ChangedDate
from programs.models import ShiftRole
from programs.selectors.visibility import public_opportunities
from volunteers.domain.stand_ins import SETTLE
from volunteers.domain.states import STAND_IN_QUESTION_MOVES, STAND_IN_SEARCH_MOVES
from volunteers.models import Assignment, Placement, StandInQuestion, StandInSearch, TimePledge
from volunteers.services.coordination_mail import tell_about_date
from volunteers.wording.mails import STAND_IN_MISSING, STAND_IN_OVER
from volunteers.wording.stand_ins import Over

SEARCHING = system("volunteers.find_stand_ins")
Status = StandInSearch.Status
Asked = StandInQuestion.Status


def start_search(absent: Assignment, now: datetime) -> bool:
    """Look for somebody who takes the date that `absent` has given back; False if nobody is needed there.

    Nobody alone stands in for several: of a group the provider learns that it has to look.
    """
    shift = absent.shift
    if absent.heads > 1:
        return False
    if shift.is_cancelled or shift.starts_at <= now:
        return False
    if not public_opportunities().filter(pk=shift.opportunity_id).exists():
        return False
    if StandInSearch.objects.filter(absent=absent, status__in=StandInSearch.OPEN).exists():
        return False
    StandInSearch.objects.create(absent=absent, status_changed_at=now, created_at=now, look_at=now + SETTLE)
    return True


def end_searches(absent: Assignment, because: Over, now: datetime) -> None:
    """End what is being looked for instead of `absent`, and tell those who were asked."""
    for search in StandInSearch.objects.filter(absent=absent, status__in=StandInSearch.OPEN):
        end_search(search, because, now)


def end_search(search: StandInSearch, because: Over, now: datetime) -> bool:
    """End one search. False if it was settled before."""
    if not move(search, STAND_IN_SEARCH_MOVES, Status.ENDED, actor=SEARCHING, now=now, reason=because):
        return False
    withdraw_questions(search, because, now)
    if because == Over.NOT_PUBLIC:
        tell_that_none_is_found(search, now, rests=True)
    return True


def tell_that_none_is_found(search: StandInSearch, now: datetime, *, rests: bool) -> None:
    """Tell the provider once, as promised when the search began; `rests`: nobody is looked for there now."""
    tell_about_date(
        search.absent,
        key=f"stand_in.missing:{search.pk}",
        mail=STAND_IN_MISSING,
        context={"asked": search.questions.count(), "rests": rests},
        now=now,
    )


def withdraw_questions(search: StandInSearch, because: Over, now: datetime) -> None:
    """Take back what has no answer, and say kindly why to whoever may still think about it."""
    _withdraw(search.questions.all(), because, now)


def _withdraw(questions: QuerySet[StandInQuestion], because: Over, now: datetime) -> None:
    rows = questions.filter(status__in=[Asked.SENT, Asked.EXPIRED]).select_related(
        "pledge__volunteer__mailbox", "search__absent__role", "search__absent__shift__opportunity"
    )
    for question in rows.order_by("pk"):
        was_sent = question.status == Asked.SENT
        moved = move(
            question, STAND_IN_QUESTION_MOVES, Asked.WITHDRAWN, actor=SEARCHING, now=now, reason=because
        )
        if moved and was_sent:
            _tell_that_it_is_over(question, because, now)


@transaction.atomic
def withdraw_questions_to(pledge: TimePledge, now: datetime) -> None:
    """Ask nothing of somebody who does not look for anything any more; the next person is asked at once.

    A late yes does not count any more either.
    """
    for question in pledge.stand_in_questions.filter(status__in=[Asked.SENT, Asked.EXPIRED]).order_by("pk"):
        if move(question, STAND_IN_QUESTION_MOVES, Asked.WITHDRAWN, actor=SEARCHING, now=now):
            StandInSearch.objects.filter(pk=question.search_id).update(look_at=now)


@transaction.atomic
def withdraw_questions_with_children(volunteer_id: int, because: Over, now: datetime) -> None:
    """Take back what the person is asked to do with children, and say so kindly; others are asked at once."""
    asked = StandInQuestion.objects.filter(
        pledge__volunteer=volunteer_id, search__absent__role__contact_with_minors=True
    )
    _withdraw(asked, because, now)
    StandInSearch.objects.filter(questions__in=asked, status=Status.SEARCHING).update(look_at=now)


@transaction.atomic
def withdraw_questions_to_minor(volunteer_id: int, now: datetime) -> None:
    """Ask somebody under age for no date of others: no guardian agrees to a single one."""
    asked = StandInQuestion.objects.filter(pledge__volunteer=volunteer_id)
    _withdraw(asked, Over.NOT_ASKED, now)
    StandInSearch.objects.filter(questions__in=asked, status=Status.SEARCHING).update(look_at=now)


def follow_changed_dates(changes: Collection[ChangedDate], now: datetime) -> None:
    """End the search for a date that is cancelled; for one that was moved, begin anew at its new time.

    For one that takes place after all those are looked for who are missing still.
    """
    concerned = _open().filter(absent__shift__in=[change.shift_id for change in changes])
    for search in concerned:
        is_off = search.absent.shift.is_cancelled
        if end_search(search, Over.CANCELLED if is_off else Over.MOVED, now) and not is_off:
            start_search(search.absent, now)
    if revived := [change.shift_id for change in changes if change.was_cancelled]:
        _search_again(Q(shift__in=revived), now)


def follow_released_stand_ins(now: datetime) -> None:
    """Look for somebody else where who stood in cannot come at the new time of the date."""
    released = Assignment.objects.filter(
        placement=None, status=Assignment.Status.RELEASED, searches=None, shift__starts_at__gt=now
    )
    for key in list(released.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            unheld = released.select_for_update(of=("self",), skip_locked=True)
            stand_in = unheld.select_related("shift").filter(pk=key).first()
            if stand_in is not None:
                start_search(stand_in, now)


def follow_public(opportunity_ids: Collection[int], now: datetime) -> None:
    """Look for nobody at a task that is not public any more: closed, paused, or of a stopped provider.

    Where it is public again those are looked for anew who are missing still.
    """
    hidden = _open().filter(
        ~Q(absent__shift__opportunity__in=public_opportunities()),
        absent__shift__opportunity__in=opportunity_ids,
    )
    for search in hidden:
        end_search(search, Over.NOT_PUBLIC, now)
    _search_again(Q(shift__opportunity__in=opportunity_ids), now)


def _search_again(concerned: Q, now: datetime) -> None:
    """Look for who takes the dates that take place again, where a seat is free and nobody is looked for."""
    searches = StandInSearch.objects.filter(absent=OuterRef("pk"))
    free = ShiftRole.objects.filter(
        shift=OuterRef("shift"), role=OuterRef("role"), places_taken__lt=F("places")
    )
    missing = Assignment.objects.filter(
        concerned,
        Exists(free),
        ~Exists(searches.filter(status__in=[*StandInSearch.OPEN, Status.FOUND])),
        Q(placement=None) | Q(placement__status=Placement.Status.ACTIVE),
        status=Assignment.Status.EXCUSED,
        shift__starts_at__gt=now,
        shift__is_cancelled=False,
    )
    for absent in missing.select_related("shift").order_by("pk"):
        start_search(absent, now)


def _open() -> QuerySet[StandInSearch]:
    rows = StandInSearch.objects.filter(status__in=StandInSearch.OPEN)
    rows = rows.select_related("absent__shift__opportunity__provider", "absent__placement", "absent__role")
    return rows.order_by("pk")


def _tell_that_it_is_over(question: StandInQuestion, because: Over, now: datetime) -> None:
    volunteer = question.pledge.volunteer
    write(
        volunteer.mailbox,
        key=f"stand_in.over:{question.pk}",
        mail=STAND_IN_OVER,
        context={
            "volunteer": volunteer,
            "title": question.search.absent.title,
            "because": because.label,
            "asked_for": question.asked_for,
        },
        now=now,
    )
