from datetime import datetime

import pytest

from foundation.actors import staff, system
from foundation.models import Event
from foundation.transitions import IllegalMove, move
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import Opportunity
from tests.factories import make_opportunity


@pytest.mark.django_db
def test_a_move_changes_the_row_and_leaves_an_event(now: datetime) -> None:
    row = make_opportunity(status="published")
    assert move(row, OPPORTUNITY_MOVES, "paused", actor=staff(1, "coordinator"), now=now, reason="Ferien")
    row.refresh_from_db()
    assert (row.status, row.status_changed_at) == ("paused", now)
    event = Event.objects.get(object_id=row.pk, to_status="paused")
    assert (event.app_label, event.model, event.from_status, event.reason, event.at) == (
        "programs",
        "opportunity",
        "published",
        "Ferien",
        now,
    )
    assert (event.actor_kind, event.actor_user, event.actor_role) == ("user", 1, "coordinator")


@pytest.mark.django_db
def test_the_second_of_two_movers_gets_false_and_leaves_nothing(now: datetime) -> None:
    first = make_opportunity(status="published")
    second = Opportunity.objects.get(pk=first.pk)
    assert move(first, OPPORTUNITY_MOVES, "paused", actor=system("test"), now=now)
    before = Event.objects.count()
    assert not move(second, OPPORTUNITY_MOVES, "closed", actor=system("test"), now=now)
    assert Event.objects.count() == before
    assert Opportunity.objects.get(pk=first.pk).status == "paused"


@pytest.mark.django_db
def test_an_illegal_move_is_a_fault(now: datetime) -> None:
    row = make_opportunity(status="closed")
    with pytest.raises(IllegalMove):
        move(row, OPPORTUNITY_MOVES, "published", actor=system("test"), now=now)
