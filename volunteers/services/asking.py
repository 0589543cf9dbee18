"""Asking a person by hand: the same question, states, places and budget as one the matcher proposed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from foundation.actors import Actor
from foundation.history import note_act
from programs.models import Role
from volunteers.models import Offer, TimePledge
from volunteers.services.fit import Standing
from volunteers.services.match_runs import alone
from volunteers.services.persons import lock_person
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.services.suggestions import Suggestion, suggestion
from volunteers.wording.obstacles import OVER
from volunteers.wording.reasons import BY_HAND

ASKED_BY_HAND = "asked_by_hand"
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
    with alone() as is_alone:
        if not is_alone:
            return Asked(AskOutcome.MATCHER_AT_WORK)
        try:
            return _ask(pledge, role, set(in_spite_of), actor, now)
        except _NotPut as refused:
            return Asked(AskOutcome.NOT_PUT, send=refused.outcome)


@transaction.atomic
def _ask(pledge: TimePledge, role: Role, in_spite_of: set[str], actor: Actor, now: datetime) -> Asked:
    lock_person(pledge.volunteer_id)
    found = suggestion(pledge.pk, role, now)
    if found is None:
        return Asked(AskOutcome.IN_THE_WAY, Standing(waiting=(OVER,)))
    if not _may_be_asked(found, in_spite_of):
        return Asked(AskOutcome.IN_THE_WAY, found.standing)
    offer = Offer.objects.create(
        pledge=pledge,
        role=role,
        status_changed_at=now,
        created_at=now,
        score=found.score,
        reasons=[*found.reasons, {"code": BY_HAND, "values": sorted(in_spite_of)}],
    )
    note_act(offer, ASKED_BY_HAND, ", ".join(sorted(in_spite_of)), actor=actor, now=now)
    outcome = send_offer(offer.pk, now=now)
    if outcome != SendOutcome.SENT:
        raise _NotPut(outcome)
    return Asked(AskOutcome.SENT)


def _may_be_asked(found: Suggestion, in_spite_of: set[str]) -> bool:
    if found.standing.is_open:
        return not in_spite_of
    return found.may_be_asked_anyway and in_spite_of == set(found.missing_codes)
