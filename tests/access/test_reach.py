"""How far a role reaches: coordinators of the youth office the whole city, all others their own provider."""

import pytest

from programs.access import providers_of, sees_whole_city, within_reach
from programs.models import Fund, Membership, Provider
from tests.factories import make_fund, make_provider, make_user, make_youth_office

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def houses() -> dict[str, Provider]:
    return {"own": make_provider(), "other": make_provider(), "office": make_youth_office()}


REACH = {
    (Role.COORDINATOR, "own"): {"own"},
    (Role.COORDINATOR, "office"): {"own", "other", "office"},
    (Role.TREASURER, "own"): {"own"},
    (Role.TREASURER, "office"): {"office"},
    (Role.OWNER, "own"): {"own"},
    (Role.OWNER, "office"): {"office"},
    (Role.SAFEGUARDING_OFFICER, "own"): {"own"},
    (Role.SAFEGUARDING_OFFICER, "office"): {"office"},
}


@pytest.mark.parametrize("is_deputy", [False, True])
@pytest.mark.parametrize(("role", "home"), REACH)
def test_a_role_reaches_exactly_these_providers(
    houses: dict[str, Provider], role: Membership.Role, home: str, is_deputy: bool
) -> None:
    user = make_user(role, houses[home])
    Membership.objects.filter(user=user).update(is_deputy=is_deputy)
    for asked in Role:
        expected = REACH[role, home] if asked == role else set()
        found = set(providers_of(user, asked))
        assert found == {houses[name] for name in expected}, asked
    assert sees_whole_city(user) is ((role, home) == (Role.COORDINATOR, "office"))


@pytest.mark.parametrize(("role", "home"), REACH)
def test_rows_are_cut_to_the_same_reach(
    houses: dict[str, Provider], role: Membership.Role, home: str
) -> None:
    for name, house in houses.items():
        make_fund(slug=name, provider=house)
    user = make_user(role, houses[home])
    rows = Fund.objects.filter(within_reach(user, "provider", role))
    assert set(rows.values_list("slug", flat=True)) == REACH[role, home]


def test_roles_in_two_houses_do_not_mix(houses: dict[str, Provider]) -> None:
    user = make_user(Role.TREASURER, houses["own"])
    Membership.objects.create(user=user, provider=houses["office"], role=Role.COORDINATOR)
    assert set(providers_of(user, Role.TREASURER)) == {houses["own"]}
    assert set(providers_of(user, Role.COORDINATOR)) == set(houses.values())
    assert set(providers_of(user, Role.SAFEGUARDING_OFFICER)) == set()


def test_an_operator_reaches_all_but_the_clearances(houses: dict[str, Provider]) -> None:
    operator = make_user(is_superuser=True)
    assert set(providers_of(operator, Role.TREASURER)) == set(houses.values())
    assert set(providers_of(operator, Role.SAFEGUARDING_OFFICER)) == set()
