"""A provider that keeps somebody waiting is reminded, then a second person there, then the youth office."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from foundation.actors import Actor
from foundation.chunks import in_chunks
from foundation.clock import end_of_day, local_day
from foundation.history import note_act
from foundation.working_days import last_day_due
from programs.models import Membership, Provider
from volunteers.domain.provider_clock import AGAIN_AFTER, FIRST_AFTER, Pressed
from volunteers.models import Placement
from volunteers.selectors.gate import lacking_for_officers
from volunteers.services.coordination_mail import tell_addresses, tell_coordination, tell_officers
from volunteers.wording.mails import PLACEMENT_OVERDUE

Role = Membership.Role
REMINDED = "reminded_by_hand"
PLACEMENTS_AT_ONCE = 50


def press_providers(now: datetime) -> int:
    """Remind whoever is next for each placement that waits too long; return how many were pressed.

    Several workers may press side by side: what somebody holds at this moment is left to the next run.
    """
    every = Placement.objects.all()
    overdue = [placement.pk for placement in _overdue(every, now)]
    return in_chunks(every, overdue, PLACEMENTS_AT_ONCE, partial(_press_some, now=now))


def _press_some(placements: Collection[int], now: datetime) -> int:
    youth_office = Provider.objects.filter(is_youth_office=True).first()
    overdue = list(_overdue(Placement.objects.filter(pk__in=placements), now))
    return sum(_press(placement, youth_office, now) for placement in overdue)


def remind_by_hand(placements: Collection[Placement], *, actor: Actor, now: datetime) -> int:
    """Remind the coordination of each that waits for its confirmation; return how many were reminded.

    One is reminded once a day at most, however often it is asked for. The clock goes on as it does.
    """
    return sum(_remind(placement, actor, now) for placement in placements if placement.awaits_confirmation)


@transaction.atomic
def _remind(placement: Placement, actor: Actor, now: datetime) -> bool:
    written = tell_coordination(
        placement.opportunity.provider,
        key=f"placement.overdue:{placement.pk}:{local_day(now):%Y%m%d}:by_hand",
        mail=PLACEMENT_OVERDUE,
        context=_context(placement),
        now=now,
    )
    if written:
        note_act(placement, REMINDED, "", actor=actor, now=now)
    return written


def _overdue(placements: QuerySet[Placement], now: datetime) -> Iterator[Placement]:
    """Nobody is pressed to do what they may not do: a provider has to be verified to answer."""
    for status in FIRST_AFTER:
        waiting = placements.filter(status=status, opportunity__provider__is_verified=True)
        waiting = waiting.select_related("role", "opportunity__provider")
        if status == Placement.Status.AWAITING_CLEARANCE:
            waiting = lacking_for_officers(waiting, local_day(now))
        yield from _since(waiting.filter(pressed=0), "status_changed_at", FIRST_AFTER[status], now)
        pressed = waiting.filter(pressed__gt=0, pressed__lt=Pressed.YOUTH_OFFICE)
        yield from _since(pressed, "pressed_at", AGAIN_AFTER[status], now)


def _since(rows: QuerySet[Placement], column: str, days: int, now: datetime) -> QuerySet[Placement]:
    return rows.filter(**{f"{column}__lt": end_of_day(last_day_due(now, days))}).order_by("pk")


def _press(placement: Placement, youth_office: Provider | None, now: datetime) -> bool:
    second = _second_people(placement.opportunity.provider)
    step = Pressed(placement.pressed + 1)
    if step == Pressed.SECOND_PERSON and not second:
        step = Pressed.YOUTH_OFFICE
    as_read = Placement.objects.filter(pk=placement.pk, status=placement.status, pressed=placement.pressed)
    if not as_read.update(pressed=step, pressed_at=now):
        return False
    told: dict[str, Any] = {
        "key": f"placement.overdue:{placement.pk}:{placement.status_changed_at:%Y%m%d%H%M%S%f}:{step}",
        "mail": PLACEMENT_OVERDUE,
        "context": _context(placement),
        "now": now,
    }
    if step == Pressed.YOUTH_OFFICE:
        tell_coordination(youth_office, **told)
    elif step == Pressed.SECOND_PERSON:
        tell_addresses(second, **told)
    elif placement.awaits_clearance:
        tell_officers(placement.opportunity.provider, **told)
    else:
        tell_coordination(placement.opportunity.provider, **told)
    return True


def _second_people(provider: Provider) -> list[str]:
    """Return the addresses of those who coordinate there beside the one that was told first."""
    others = Membership.objects.filter(provider=provider, role=Role.COORDINATOR, user__is_active=True)
    others = others.exclude(user__email__iexact=provider.coordination_email)
    return list(others.order_by("pk").values_list("user__email", flat=True))


def _context(placement: Placement) -> dict[str, object]:
    return {
        "opportunity": placement.opportunity,
        "title": placement.title,
        "since_on": local_day(placement.status_changed_at),
        "url": settings.PUBLIC_BASE_URL + reverse("coordination_placement", args=[placement.pk]),
    }
