"""Places are taken and given back by one statement that looks at everything at the moment it acts."""

import pytest

from programs.models import Opportunity, Provider
from programs.services.places import give_back_place, take_place
from tests.factories import make_opportunity, role_of

pytestmark = pytest.mark.django_db


def taken(opportunity: Opportunity) -> int:
    return role_of(opportunity).places_taken


def test_the_last_place_is_taken_once() -> None:
    opportunity = make_opportunity(places=2)
    assert [take_place(role_of(opportunity).pk) for _try in range(3)] == [True, True, False]
    assert taken(opportunity) == 2


@pytest.mark.parametrize("status", ["draft", "in_review", "paused", "closed"])
def test_no_place_is_taken_on_a_task_that_is_not_public(status: str) -> None:
    opportunity = make_opportunity(places=2, status=status)
    assert not take_place(role_of(opportunity).pk)
    assert taken(opportunity) == 0


def test_no_place_is_taken_at_a_provider_that_is_not_verified() -> None:
    opportunity = make_opportunity(places=2)
    Provider.objects.update(is_verified=False)
    assert not take_place(role_of(opportunity).pk)
    assert taken(opportunity) == 0


def test_no_place_is_taken_on_a_task_that_is_gone() -> None:
    assert not take_place(999_999)


@pytest.mark.parametrize("status", ["published", "paused", "closed"])
def test_a_place_is_given_back_whatever_became_of_the_task(status: str) -> None:
    opportunity = make_opportunity(places=2)
    take_place(role_of(opportunity).pk)
    Opportunity.objects.update(status=status)
    give_back_place(role_of(opportunity).pk)
    assert taken(opportunity) == 0


def test_no_more_is_given_back_than_was_taken() -> None:
    opportunity = make_opportunity(places=2)
    give_back_place(role_of(opportunity).pk)
    assert taken(opportunity) == 0
