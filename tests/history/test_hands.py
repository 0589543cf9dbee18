"""A request tells the database whose it is; the name never reaches the next request."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from foundation.history import lines_of
from programs.models import Fund, Membership, Opportunity, Provider
from tests.factories import make_coordinator, make_fund, make_opportunity, make_user, make_youth_office

pytestmark = pytest.mark.django_db


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(client: Client, opportunity: Opportunity, **changed: Any) -> dict[str, Any]:
    form = client.get(reverse("coordination_opportunity_edit", args=[opportunity.pk])).context["form"]
    said = {name: form[name].value() for name in form.fields}
    return {**{name: value for name, value in said.items() if value not in (None, "", [])}, **changed}


def edit(client: Client, opportunity: Opportunity, **changed: Any) -> None:
    address = reverse("coordination_opportunity_edit", args=[opportunity.pk])
    answer = client.post(address, answers(client, opportunity, **changed))
    assert answer.status_code == 302, answer.context["form"].errors


def last_hand(row: Any) -> tuple[str, int | None, str, str]:
    event = lines_of(row).filter(kind="changed").latest("id")
    return event.actor_kind, event.actor_user, event.actor_role, event.route


@pytest.fixture
def opportunity() -> Opportunity:
    return make_opportunity("Vorlesen", places=2)


def test_a_coordinator_is_named_with_role_and_address(opportunity: Opportunity) -> None:
    user = make_coordinator(opportunity.provider)
    Membership.objects.create(user=user, provider=opportunity.provider, role="treasurer")
    edit(as_user(user), opportunity, places="4")
    assert last_hand(opportunity) == (
        "user",
        user.pk,
        "coordinator, treasurer",
        "coordination_opportunity_edit",
    )


def test_moves_name_the_widest_role_that_opened_the_door(opportunity: Opportunity) -> None:
    office = make_coordinator(make_youth_office())
    operator = make_user(is_superuser=True, is_staff=True)
    own = make_coordinator(opportunity.provider)
    for user, step in ((own, "pausieren"), (office, "fortsetzen"), (operator, "beenden")):
        as_user(user).post(reverse("coordination_opportunity_step", args=[opportunity.pk, step]))
    moves = lines_of(opportunity).filter(kind="transition").order_by("id")
    _release, *later = moves.values_list("to_status", "actor_user", "actor_role")
    assert later == [
        ("paused", own.pk, "coordinator"),
        ("published", office.pk, "youth_office"),
        ("closed", operator.pk, "operator"),
    ]


def test_an_operator_is_named_in_the_administration() -> None:
    operator, fund = make_user(is_superuser=True, is_staff=True), make_fund("Ranzen", target_cents=100_000)
    address = reverse("admin:programs_fund_change", args=[fund.pk])
    client = as_user(operator)
    form = client.get(address).context["adminform"].form
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    formset = {"updates-TOTAL_FORMS": "0", "updates-INITIAL_FORMS": "0"}
    assert client.post(address, {**said, **formset, "target_cents": "200000"}).status_code == 302
    assert Fund.objects.get().target_cents == 200_000
    assert last_hand(fund) == ("user", operator.pk, "operator", "admin:programs_fund_change")


def test_the_next_request_on_the_same_connection_is_nobodys(opportunity: Opportunity) -> None:
    edit(as_user(make_coordinator(opportunity.provider)), opportunity, places="4")
    Client().post(reverse("contact"), {})
    Provider.objects.update(note="direkt")
    assert last_hand(opportunity.provider) == ("system", None, "database", "")


@pytest.mark.parametrize("status", [403, 404, 405, 422])
def test_a_refused_request_leaves_no_name_behind(status: int, opportunity: Opportunity) -> None:
    user = make_coordinator(opportunity.provider)
    client = as_user(user)
    address = {
        403: reverse("coordination_clearances"),
        404: reverse("coordination_opportunity_step", args=[opportunity.pk, "fliegen"]),
        405: reverse("coordination_opportunities"),
        422: reverse("coordination_opportunity_edit", args=[opportunity.pk]),
    }[status]
    assert client.post(address, {}).status_code == status
    Opportunity.objects.update(site="direkt")
    assert last_hand(opportunity) == ("system", None, "database", "")


def test_a_view_that_fails_leaves_no_name_behind(opportunity: Opportunity) -> None:
    from wirbrauchensie.hands import SignedInHand

    def respond(request: HttpRequest) -> HttpResponse:
        hand.process_view(request)
        Opportunity.objects.update(site="im Fehler")
        raise ZeroDivisionError

    hand = SignedInHand(respond)
    request = HttpRequest()
    request.method, request.user = "POST", make_coordinator(opportunity.provider)
    with pytest.raises(ZeroDivisionError):
        hand(request)
    assert last_hand(opportunity)[:2] == ("user", request.user.pk)
    Opportunity.objects.update(site="direkt")
    assert last_hand(opportunity) == ("system", None, "database", "")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_and_strangers_cost_no_query(
    method: str, opportunity: Opportunity, django_assert_num_queries: Any
) -> None:
    from wirbrauchensie.hands import SignedInHand

    user = make_coordinator(opportunity.provider)
    hand = SignedInHand(lambda request: HttpResponse())
    for verb, person in ((method, user), ("POST", AnonymousUser())):
        request = HttpRequest()
        request.method, request.user = verb, person
        request.hand = None
        with django_assert_num_queries(0):
            hand.process_view(request)
