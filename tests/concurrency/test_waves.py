"""A wave of three for one place, answered at once by real connections: one comes, nobody is lied to."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from foundation.sweeps import run
from tests.concurrency.test_last_place import all_at_once
from tests.volunteers.pledging import mails
from tests.volunteers.test_waves import crowd, fete, held, questions, states, wrong_places
from volunteers.models import Placement
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.match_runs import run_matching
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", range(3))
def test_of_three_for_one_place_one_comes(turn: int, now: datetime) -> None:
    task = fete(now, days=1)
    crowd(now, 3)
    run_matching(now)
    acts: list[Callable[[], object]] = [partial(accept_offer, each, now=now) for each in questions()]
    acts += [partial(run, "volunteers.expire_offers", now)]
    all_at_once(acts[:: 1 if turn % 2 else -1])
    assert states() == ["accepted", "withdrawn", "withdrawn"]
    assert (held(task), Placement.objects.count(), wrong_places()) == ((1, 0), 1, [])
    assert mails("offer_withdrawn").count() == 2


def test_nine_for_three_places_while_some_say_no_and_some_leave(now: datetime) -> None:
    task = fete(now, days=1, places=3)
    crowd(now, 9)
    run_matching(now)
    asked = questions()
    assert len(asked) == 9
    acts: list[Callable[[], object]] = [partial(accept_offer, each, now=now) for each in asked[:5]]
    acts += [partial(decline_offer, each, reason="time", now=now) for each in asked[5:7]]
    acts += [partial(withdraw_pledge, each.pledge, now=now) for each in asked[7:]]
    all_at_once(acts)
    assert (held(task), Placement.objects.count(), wrong_places()) == ((3, 0), 3, [])
    assert states().count("accepted") == 3
    assert "sent" not in states()
