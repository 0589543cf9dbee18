"""Who is placed at a provider at which nobody may begin for now hears of it, and when that is over."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from citizens.services.letters import Letter, write_all
from outbox.domain.catalogue import Mail
from outbox.services.queue import was_told
from programs.selectors.verification import verification_turns
from volunteers.models import Placement
from volunteers.services.settled import begin_settled, end_settled
from volunteers.wording.mails import PLACEMENT_GOES_ON, PLACEMENT_RESTS, PLACEMENT_RESTS_NO_MORE

Status = Placement.Status
NOT_BEGUN = Q(status=Status.AWAITING_CONFIRMATION) | Q(status=Status.AWAITING_CLEARANCE, from_on=None)


def tell_placed(opportunity_ids: Collection[int], now: datetime) -> None:
    """Write to everybody placed there once for each time the provider loses its verification or has it back.

    Called whenever tasks change. It rests for who has not begun, and goes on for who is active; who began and
    waits for a clearance has heard of that. That it is over is told to whom the beginning was told; a letter
    that nobody has posted by then is not printed any more.
    """
    turns = verification_turns(opportunity_ids)
    placed = Placement.objects.filter(
        opportunity__in=opportunity_ids, opportunity__provider__in=turns, status__in=Placement.HOLDING
    )
    rows = placed.select_related("volunteer__mailbox", "role", "opportunity__provider").order_by("pk")
    resting, verified = (rows.filter(opportunity__provider__is_verified=value) for value in (False, True))
    letters = [*_of_begin(resting, turns), *_of_end(verified, turns)] if turns else []
    write_all(letters, now=now)


def _of_begin(placed: QuerySet[Placement], turns: dict[int, list[int]]) -> Iterator[Letter]:
    for mail, concerned in ((PLACEMENT_RESTS, NOT_BEGUN), (PLACEMENT_GOES_ON, Q(status=Status.ACTIVE))):
        for placement in placed.filter(concerned):
            end_settled(placement)
            yield _letter(placement, mail, turns[placement.opportunity.provider_id][0])


def _of_end(placed: QuerySet[Placement], turns: dict[int, list[int]]) -> Iterator[Letter]:
    stopped = {provider: known for provider, known in turns.items() if len(known) > 1}
    rows = list(placed.filter(opportunity__provider__in=stopped)) if stopped else []
    told_by = {
        placement: [
            _key(placement, mail, stopped[placement.opportunity.provider_id][1])
            for mail in (PLACEMENT_RESTS, PLACEMENT_GOES_ON)
        ]
        for placement in rows
    }
    told = was_told(key for keys in told_by.values() for key in keys)
    for placement, keys in told_by.items():
        if not told.isdisjoint(keys) and not begin_settled(placement):
            yield _letter(placement, PLACEMENT_RESTS_NO_MORE, stopped[placement.opportunity.provider_id][0])


def _letter(placement: Placement, mail: Mail, turn: int) -> Letter:
    return Letter(
        placement.volunteer.mailbox,
        mail,
        _key(placement, mail, turn),
        {
            "volunteer": placement.volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
            "has_begun": placement.from_on is not None,
            "awaits_confirmation": placement.awaits_confirmation,
        },
    )


def _key(placement: Placement, mail: Mail, turn: int) -> str:
    return mail.key.replace("*", f"{placement.pk}:{turn}")
