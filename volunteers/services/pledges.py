"""Pledging time: typed by anybody, confirmed by the owner of the mailbox, then open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import translation

from citizens.domain.addresses import as_sent
from citizens.models import Mailbox
from citizens.services.letters import write
from citizens.services.mailboxes import confirm, locked, mailbox_for
from foundation.actors import Actor
from foundation.submissions import act_of
from foundation.transitions import move
from foundation.working_days import end_of_working_day
from outbox.services.asked import take_mail
from outbox.services.queue import queue
from programs.models import Role
from volunteers.domain.promises import ANSWER_WITHIN
from volunteers.domain.states import TIME_PLEDGE_MOVES
from volunteers.models import TimePledge, Volunteer
from volunteers.selectors.people import is_spoken_for, somebody_is_silent_at
from volunteers.selectors.same_mailbox import listed_at, namesakes
from volunteers.services.clearance_changes import follow_age
from volunteers.services.fit import standings
from volunteers.services.links import confirm_url
from volunteers.services.merging import keep_own_age
from volunteers.services.persons import THE_PERSON
from volunteers.services.wishes import Wishes, columns, write_rows_around
from volunteers.signals import pledge_changed
from volunteers.wording.mails import PLEDGE_CONFIRM, PLEDGE_CONFIRMED

Status = TimePledge.Status


@dataclass(frozen=True)
class Person:
    """Who gives time, as typed; of a group its name, how many come, and whom to write to."""

    first_name: str
    email: str
    last_name: str = ""
    phone: str = ""
    is_adult: bool = True
    is_demo: bool = False
    group_name: str = ""
    heads: int = 1


def pledge_time(
    person: Person,
    wishes: Wishes,
    *,
    submission: UUID,
    client: str,
    now: datetime,
    wanted: Role | None = None,
) -> datetime:
    """Store what was typed and mail the link that confirms it, the same for known and unknown addresses.

    Returns when the mail leaves, `now` in ordinary times. The same form (`submission`) sent again with
    the same answers changes nothing; with others, a corrected address among them, it is a pledge of its own.
    Raises LimitReached.
    """
    submission = act_of(submission, person, wishes, wanted and wanted.pk)
    if TimePledge.objects.filter(submission=submission).exists():
        return now
    due_at = take_mail(client=client, to_email=as_sent(person.email), now=now)
    try:
        with transaction.atomic():
            pledge = record_pledge(person, wishes, submission=submission, now=now, wanted=wanted)
            queue(
                key=f"pledge.confirm:{pledge.pk}",
                mail=PLEDGE_CONFIRM,
                to_email=pledge.volunteer.email,
                context={"confirm_url": confirm_url(pledge, now)},
                now=now,
                due_at=due_at,
                written_for=pledge.volunteer.mailbox_id,
            )
    except IntegrityError:
        if not TimePledge.objects.filter(submission=submission).exists():
            raise
    return due_at


def record_pledge(
    person: Person,
    wishes: Wishes,
    *,
    now: datetime,
    submission: UUID | None = None,
    wanted: Role | None = None,
    mailbox: Mailbox | None = None,
) -> TimePledge:
    """Store an unconfirmed pledge of a person nobody knows yet; sends nothing.

    Without `mailbox` it is the one of the typed address.
    """
    volunteer = Volunteer.objects.create(
        first_name=person.first_name,
        last_name=person.last_name,
        mailbox=mailbox or mailbox_for(person.email, now),
        phone=person.phone,
        is_adult=person.is_adult,
        group_name=person.group_name,
        heads=person.heads,
        is_demo=person.is_demo,
        created_at=now,
    )
    pledge = TimePledge.objects.create(
        volunteer=volunteer,
        wanted_role=wanted,
        wanted_opportunity=wanted.opportunity if wanted else None,
        status_changed_at=now,
        created_at=now,
        submission=submission or uuid4(),
        **columns(wishes),
    )
    write_rows_around(pledge, wishes)
    return pledge


def renew_link(pledge: TimePledge, *, client: str, now: datetime) -> None:
    """Mail a new link to an address that has not confirmed yet, and keep what was typed as long again.

    Changes nothing if the pledge is not waiting any more. Raises LimitReached.
    """
    due_at = take_mail(client=client, to_email=pledge.volunteer.email, now=now)
    with transaction.atomic():
        waiting = TimePledge.objects.filter(pk=pledge.pk, status=Status.UNCONFIRMED)
        if waiting.update(link_renewed_at=now):
            queue(
                key=f"pledge.confirm:{pledge.pk}:{now:%Y%m%d%H%M%S%f}",
                mail=PLEDGE_CONFIRM,
                to_email=pledge.volunteer.email,
                context={"confirm_url": confirm_url(pledge, now)},
                now=now,
                due_at=due_at,
                written_for=pledge.volunteer.mailbox_id,
            )


@transaction.atomic
def ask_to_confirm_again(mailbox: Mailbox, now: datetime) -> None:
    """Mail new links for what was typed with this mailbox and not confirmed: the ones there were are void."""
    waiting = TimePledge.objects.select_for_update(of=("self",)).filter(
        volunteer__mailbox=mailbox, status=Status.UNCONFIRMED
    )
    with translation.override(mailbox.language):
        for pledge in waiting.select_related("volunteer__mailbox").order_by("pk"):
            TimePledge.objects.filter(pk=pledge.pk).update(link_renewed_at=now)
            queue(
                key=f"pledge.confirm:{pledge.pk}:{now:%Y%m%d%H%M%S%f}",
                mail=PLEDGE_CONFIRM,
                to_email=mailbox.email,
                context={"confirm_url": confirm_url(pledge, now)},
                now=now,
                written_for=mailbox.pk,
            )


@transaction.atomic
def confirm_pledge(
    pledge: TimePledge, *, now: datetime, is_known_person: bool | None = None, actor: Actor = THE_PERSON
) -> bool:
    """Open the pledge in the name of the mailbox's owner and say thank you.

    `is_known_person` is what they said when asked (`SharedMailboxForm`); without an answer (None) whoever has
    the first name and the age of somebody known at the mailbox is that person, and anybody else a person of
    their own. A group is known by its own name, whoever writes for it, and is nobody who comes alone. Returns
    False, changing nothing, if it is not waiting for a confirmation any more.
    """
    typed = pledge.volunteer
    if pledge.status != Status.UNCONFIRMED:
        return False
    locked(typed.mailbox_id)
    confirm(typed.mailbox_id, now)
    person = _confirmed_person(typed, now, is_known_person=is_known_person)
    moved = move(
        pledge,
        TIME_PLEDGE_MOVES,
        Status.OPEN,
        actor=actor,
        now=now,
        volunteer=person,
        confirmed_at=now,
        answer_due_at=end_of_working_day(now, ANSWER_WITHIN),
    )
    if not moved:
        return False
    if person.pk != typed.pk:
        typed.delete()
    write(
        person.mailbox,
        key=f"pledge.confirmed:{pledge.pk}",
        mail=PLEDGE_CONFIRMED,
        context={
            "volunteer": person,
            "wanted": pledge.wanted_opportunity,
            "standing": standings([pledge], now).get(pledge.pk),
            "answer_due_on": pledge.answer_due_on,
        },
        now=now,
    )
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
    return True


def _confirmed_person(typed: Volunteer, now: datetime, *, is_known_person: bool | None) -> Volunteer:
    """Return the person known at the mailbox; `typed` becomes one if there is none.

    Where no task with children is offered to somebody, another person at their mailbox changes nothing
    about that before the youth office has said so.

    Called with the mailbox locked, so that two confirmations at once make one person. Name, phone and age of
    a known person are what the owner of the mailbox just confirmed.
    """
    known = _known_person(typed, is_known_person=is_known_person)
    if known is None:
        typed.is_asked_with_children = not somebody_is_silent_at(typed.mailbox)
        Volunteer.objects.filter(pk=typed.pk, confirmed_at__isnull=True).update(
            confirmed_at=now, is_asked_with_children=typed.is_asked_with_children
        )
        typed.confirmed_at = now
        return typed
    if known.first_name.casefold() != typed.first_name.casefold():
        known.first_name = typed.first_name
    is_adult = typed.is_adult and not is_spoken_for(known, now)
    is_of_another_age = known.is_adult != is_adult
    known.phone = typed.phone or known.phone
    known.is_adult, known.heads = is_adult, typed.heads
    known.save(update_fields=["first_name", "phone", "is_adult", "heads"])
    keep_own_age(known.pk)
    if is_of_another_age:
        follow_age(known.pk, now)
    return known


def _known_person(typed: Volunteer, *, is_known_person: bool | None) -> Volunteer | None:
    people = list(listed_at(typed.mailbox).select_for_update(of=("self",)).exclude(pk=typed.pk))
    if typed.is_group:
        name = typed.group_name.casefold()
        return next((each for each in people if each.group_name.casefold() == name), None)
    alone = [each for each in people if not each.is_group]
    same = namesakes(typed, alone)
    if is_known_person is None:
        return next((each for each in same if each.is_adult == typed.is_adult), None)
    return next(iter(same or alone), None) if is_known_person else None


@transaction.atomic
def change_pledge(pledge: TimePledge, wishes: Wishes, *, now: datetime) -> None:
    """Write new wishes into a pledge that is not over; the next match reads them."""
    TimePledge.objects.filter(pk=pledge.pk).update(**columns(wishes))
    write_rows_around(pledge, wishes)
    pledge.refresh_from_db()
    pledge_changed.send(sender=TimePledge, pledge=pledge, now=now)
