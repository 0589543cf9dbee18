"""Asking a person by hand, or placing one who said yes already.

The same question, states, places and budget as one that the matcher proposed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from foundation.actors import Actor
from foundation.history import note_act
from programs.models import Role
from volunteers.models import Offer, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.fit import Standing
from volunteers.services.match_runs import alone
from volunteers.services.persons import lock_owner
from volunteers.services.questions import SendOutcome, hold_for_yes, send_offer
from volunteers.services.suggestions import Suggestion, suggestion
from volunteers.wording.obstacles import OVER
from volunteers.wording.reasons import BY_HAND

ASKED_BY_HAND = "asked_by_hand"
PLACED_BY_HAND = "placed_by_hand"
NOTHING = Standing()


class AskOutcome(StrEnum):
    """What became of it; all but SENT change nothing."""

    SENT = "sent"
    MATCHER_AT_WORK = "matcher_at_work"
    IN_THE_WAY = "in_the_way"
    NOT_PUT = "not_put"


@dataclass(frozen=True)
class Asked:
    """`standing` tells what is in the way, `send` why the question was not put."""

    outcome: AskOutcome
    standing: Standing = NOTHING
    send: SendOutcome | None = None


class _NotPut(Exception):
    def __init__(self, outcome: SendOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def ask_by_hand(
    pledge: TimePledge, role: Role, *, in_spite_of: Collection[str] = (), actor: Actor, now: datetime
) -> Asked:
    """Ask the person of `pledge` for a role, unless a gate is closed that nobody may open.

    `in_spite_of` names the soft gates that are closed and may stay so: exactly these, no others. Who asked,
    and in spite of what, is noted in the history of the question. While the matcher or somebody else asks,
    nothing is done: of two who ask at once only one is right about what is free.
    """
    return _alone(_Wish(pledge, role, set(in_spite_of), actor, now))


def place_by_hand(
    pledge: TimePledge,
    role: Role,
    *,
    said_yes_by: str,
    in_spite_of: Collection[str] = (),
    actor: Actor,
    now: datetime,
) -> Asked:
    """Place a person who said yes (`said_yes_by`: how) without being asked first; gates as in `ask_by_hand`.

    Their yes stands in the question as any other; the provider is asked to confirm.
    """
    return _alone(_Wish(pledge, role, set(in_spite_of), actor, now, said_yes_by))


@dataclass(frozen=True)
class _Wish:
    pledge: TimePledge
    role: Role
    in_spite_of: set[str]
    actor: Actor
    now: datetime
    said_yes_by: str = ""


def _alone(wish: _Wish) -> Asked:
    with alone() as is_alone:
        if not is_alone:
            return Asked(AskOutcome.MATCHER_AT_WORK)
        try:
            return _ask(wish)
        except _NotPut as refused:
            return Asked(AskOutcome.NOT_PUT, send=refused.outcome)


@transaction.atomic
def _ask(wish: _Wish) -> Asked:
    pledge, role, now = wish.pledge, wish.role, wish.now
    lock_owner(pledge.pk)
    found = suggestion(pledge.pk, role, now)
    if found is None:
        return Asked(AskOutcome.IN_THE_WAY, Standing(waiting=(OVER,)))
    if not _may_be_asked(found, wish.in_spite_of):
        return Asked(AskOutcome.IN_THE_WAY, found.standing)
    offer = Offer.objects.create(
        pledge=pledge,
        role=role,
        status_changed_at=now,
        created_at=now,
        score=found.score,
        reasons=[*found.reasons, {"code": BY_HAND, "values": sorted(wish.in_spite_of)}],
    )
    noted = PLACED_BY_HAND if wish.said_yes_by else ASKED_BY_HAND
    note_act(offer, noted, ", ".join(sorted(wish.in_spite_of)), actor=wish.actor, now=now)
    outcome = hold_for_yes(offer.pk, now=now) if wish.said_yes_by else send_offer(offer.pk, now=now)
    if outcome != SendOutcome.SENT:
        raise _NotPut(outcome)
    if wish.said_yes_by:
        accept_offer(offer, now=now, actor=wish.actor, answered_by=wish.said_yes_by)
    return Asked(AskOutcome.SENT)


def _may_be_asked(found: Suggestion, in_spite_of: set[str]) -> bool:
    if found.standing.is_open:
        return not in_spite_of
    return found.may_be_asked_anyway and in_spite_of == set(found.missing_codes)
