"""Putting questions: each holds the place it asks for, or it is not put.

Many are put at once, in a fixed number of queries for each chunk. Several workers do it side by side: each
takes people and roles that nobody else holds, and waits for none.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from citizens.services.letters import Letter, write_all
from foundation.actors import system
from foundation.clock import local_day
from foundation.transitions import move_all
from foundation.working_days import end_of_working_day
from programs.services.places import free_places_locked, hold_places, lock_unheld_roles
from volunteers.domain.commitments import Commitment, clash
from volunteers.domain.states import OFFER_MOVES
from volunteers.domain.waves import while_it_helps
from volunteers.models import AvailabilityException, Offer, TimePledge, Volunteer
from volunteers.selectors.commitments import commitments, taken_on
from volunteers.selectors.contact import contacts
from volunteers.selectors.waves import Haste, in_haste, last_dates
from volunteers.services.links import offer_url
from volunteers.services.persons import lock_people, lock_unheld_people
from volunteers.services.waves import asked_together, share_places
from volunteers.wording.mails import OFFER

SWEEP = system("volunteers.send_offers")
PEOPLE_AT_ONCE = 100
MOST_AT_WORK = 5  # four sweeps side by side, and a run


class SendOutcome(StrEnum):
    """What became of a proposed question; all but SENT are normal and change nothing for the person."""

    SENT = "sent"
    NOT_PROPOSED = "not_proposed"
    NOT_LOOKING = "not_looking"
    CONTACT_BUDGET = "contact_budget"
    NO_ROOM = "no_room"
    NO_PLACE = "no_place"


def send_proposed(now: datetime) -> int:
    """Put every proposed question that can be put; return how many. What cannot be put is withdrawn.

    Whom or whose place another worker or somebody's act holds at this moment is left to whoever comes next:
    that worker, or the next run of the sweep.
    """
    sent = 0
    while (outcomes := _send_chunk(now)) is not None:
        sent += sum(outcome == SendOutcome.SENT for outcome in outcomes.values())
    return sent


@transaction.atomic
def _send_chunk(now: datetime) -> dict[int, SendOutcome] | None:
    """Return the outcome by key of the question; None if there is nobody left to ask."""
    questions = _questions_to_put()
    return _send(_proposed().filter(pk__in=questions), now) if questions else None


def _questions_to_put() -> list[int]:
    """Lock the earliest proposed questions' people and roles that nobody else holds; return these questions.

    The role comes first, so that a worker who finds it held keeps nobody from the others. Nothing waits here.
    """
    proposed = Offer.objects.filter(status=Offer.Status.PROPOSED).order_by("pk")
    waiting = proposed.values_list("pledge__volunteer_id", flat=True)[: PEOPLE_AT_ONCE * MOST_AT_WORK]
    people = list(dict.fromkeys(waiting))
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        theirs = proposed.filter(pledge__volunteer__in=people[first : first + PEOPLE_AT_ONCE])
        rows = list(theirs.values_list("pk", "role_id", "pledge__volunteer_id"))
        roles = lock_unheld_roles({role for _key, role, _person in rows})
        free = [(key, person) for key, role, person in rows if role in roles]
        locked = lock_unheld_people({person for _key, person in free})
        if questions := [key for key, person in free if person in locked]:
            return questions
    return []


@transaction.atomic
def send_offers(offer_ids: Collection[int], *, now: datetime) -> dict[int, SendOutcome]:
    """Hold a place for each, mail the question with its reasons and its end; or withdraw the proposal.

    Everything is looked at again under the people's locks: since the run somebody may have withdrawn, said
    yes to something else, or the place may be gone.
    """
    lock_people(Offer.objects.filter(pk__in=offer_ids).values("pledge__volunteer"))
    outcomes = _send(_proposed().filter(pk__in=offer_ids), now)
    return {key: outcomes.get(key, SendOutcome.NOT_PROPOSED) for key in offer_ids}


def send_offer(offer_id: int, *, now: datetime) -> SendOutcome:
    """Put one question, as `send_offers` does."""
    return send_offers([offer_id], now=now)[offer_id]


@transaction.atomic
def hold_for_yes(offer_id: int, *, now: datetime) -> SendOutcome:
    """Hold the place of one proposed question that the person has said yes to already.

    Nothing is mailed and no question of their week is used; all else is looked at as in `send_offers`.
    """
    lock_people(Offer.objects.filter(pk=offer_id).values("pledge__volunteer"))
    outcomes = _send(_proposed().filter(pk=offer_id), now, is_answered=True)
    return outcomes.get(offer_id, SendOutcome.NOT_PROPOSED)


def _proposed() -> QuerySet[Offer]:
    offers = Offer.objects.filter(status=Offer.Status.PROPOSED).order_by("pk")
    return offers.select_related(
        "pledge__volunteer__mailbox", "role", "opportunity__provider", "opportunity__district"
    ).prefetch_related("opportunity__series")


def _send(proposed: QuerySet[Offer], now: datetime, *, is_answered: bool = False) -> dict[int, SendOutcome]:
    """Judge, place and write; the people are locked. What `is_answered` already is not asked."""
    offers = list(proposed)
    desk = _desk(offers, now, is_answered=is_answered)
    outcomes = {offer.pk: desk.outcome(offer) for offer in offers}
    hold_places(desk.placed)
    share_places(desk.shared)
    _withdraw([offer for offer in offers if outcomes[offer.pk] != SendOutcome.SENT], outcomes, now)
    put = [offer for offer in offers if outcomes[offer.pk] == SendOutcome.SENT]
    _put(put, desk.haste, now)
    if not is_answered:
        _ask(put, now)
    return outcomes


@dataclass
class _Desk:
    """What is known while questions are judged one after the other: each that is put changes it for the next.

    away: pledges whose people are away today. budget: questions left by person. held: what they do or are
    asked for by person. asks: what each question asks for, in the order of its key. free: places left by
    role. placed: places that the questions put here hold, and shared those of them that are for several.
    haste: of tasks for which time is short. together: by role, the places that are shared already and by how
    many people. is_answered: nobody is asked, so no budget counts.
    """

    away: set[int]
    budget: dict[int, int]
    held: dict[int, list[Commitment]]
    asks: dict[int, Commitment]
    free: dict[int, int]
    placed: Counter[int]
    shared: Counter[int]
    haste: dict[int, Haste]
    together: dict[int, tuple[int, int]]
    is_answered: bool

    def outcome(self, offer: Offer) -> SendOutcome:
        """Return what becomes of `offer`, and take note of it if it is put."""
        refusal = self._refusal(offer)
        if refusal is not None:
            return refusal
        person, role = offer.pledge.volunteer_id, offer.role_id
        self.budget[person] -= 1
        self.held[person].append(self.asks[offer.pk])
        self._place(offer, role)
        return SendOutcome.SENT

    def _place(self, offer: Offer, role: int) -> None:
        """Keep a place for each head, unless it shares one with others."""
        kept, people = self.together.get(role, (0, 0))
        if not self._has_company(offer):
            self.free[role] -= _heads(offer)
            self.placed[role] += _heads(offer)
            if offer.is_shared:
                self.shared[role] += 1
                kept += 1
        if offer.is_shared:
            self.together[role] = (kept, people + 1)

    def _has_company(self, offer: Offer) -> bool:
        """Whether it shares a place that is kept already."""
        kept, people = self.together.get(offer.role_id, (0, 0))
        haste = self.haste.get(offer.opportunity_id)
        return offer.is_shared and haste is not None and people < kept * haste.people

    def _refusal(self, offer: Offer) -> SendOutcome | None:
        pledge = offer.pledge
        if pledge.status not in (TimePledge.Status.OPEN, TimePledge.Status.PLACED) or pledge.pk in self.away:
            return SendOutcome.NOT_LOOKING
        if offer.role.contact_with_minors and not pledge.volunteer.is_asked_with_children:
            return SendOutcome.NOT_LOOKING
        if not self.budget[pledge.volunteer_id] and not self.is_answered:
            return SendOutcome.CONTACT_BUDGET
        if clash(
            self.asks[offer.pk],
            self.held[pledge.volunteer_id],
            placements_wanted=pledge.placements_wanted,
            hours_per_week=pledge.hours_per_week,
        ):
            return SendOutcome.NO_ROOM
        if self.free.get(offer.role_id, 0) < _heads(offer) and not self._has_company(offer):
            return SendOutcome.NO_PLACE
        return None


def _heads(offer: Offer) -> int:
    """How many are asked: as many as come with the person now."""
    return offer.pledge.volunteer.heads


def _desk(offers: list[Offer], now: datetime, *, is_answered: bool) -> _Desk:
    people = {offer.pledge.volunteer_id for offer in offers}
    left = contacts(now, people)
    asked = commitments((offer.pledge_id, offer.opportunity_id) for offer in offers)
    free = free_places_locked({offer.role_id for offer in offers})
    shared = [offer for offer in offers if offer.is_shared]
    return _Desk(
        away=_away({offer.pledge_id for offer in offers}, now),
        budget={person: left.left(person) for person in people},
        held=taken_on(people),
        asks={offer.pk: ask for offer, ask in zip(offers, asked, strict=True)},
        free=free,
        placed=Counter(),
        shared=Counter(),
        haste=in_haste(now, {offer.opportunity_id for offer in shared}) if shared else {},
        together=asked_together({offer.role_id for offer in shared}) if shared else {},
        is_answered=is_answered,
    )


def _away(pledges: Collection[int], now: datetime) -> set[int]:
    today = local_day(now)
    away = AvailabilityException.objects.filter(pledge__in=pledges, from_on__lte=today, until_on__gte=today)
    return set(away.values_list("pledge_id", flat=True))


def _withdraw(offers: Iterable[Offer], outcomes: dict[int, SendOutcome], now: datetime) -> None:
    for reason in SendOutcome:
        refused = [offer for offer in offers if outcomes[offer.pk] == reason]
        move_all(refused, OFFER_MOVES, Offer.Status.WITHDRAWN, actor=SWEEP, now=now, reason=reason)


def _put(offers: list[Offer], haste: dict[int, Haste], now: datetime) -> None:
    usual = end_of_working_day(now, settings.OFFER_VALID_DAYS)
    last = last_dates(now, {offer.opportunity_id for offer in offers})
    alike: dict[tuple[datetime, int], list[Offer]] = defaultdict(list)
    for offer in offers:
        in_a_hurry = haste.get(offer.opportunity_id) if offer.is_shared else None
        end = in_a_hurry.answer_by if in_a_hurry else usual
        alike[while_it_helps(end, last.get(offer.opportunity_id), now), _heads(offer)].append(offer)
    for (end, heads), some in alike.items():
        changes: dict[str, Any] = {"sent_at": now, "expires_at": end, "heads": heads}
        move_all(some, OFFER_MOVES, Offer.Status.SENT, actor=SWEEP, now=now, **changes)


def _ask(offers: list[Offer], now: datetime) -> None:
    people = {offer.pledge.volunteer_id for offer in offers}
    Volunteer.objects.filter(pk__in=people).update(last_asked_at=now)
    write_all([_question(offer, now) for offer in offers], now=now)


def _question(offer: Offer, now: datetime) -> Letter:
    person = offer.pledge.volunteer
    return Letter(
        person.mailbox,
        OFFER,
        f"offer.sent:{offer.pk}",
        {
            "volunteer": person,
            "offer": offer,
            "opportunity": offer.opportunity,
            "offer_url": offer_url(offer, now),
        },
    )
