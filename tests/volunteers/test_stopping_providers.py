"""The youth office stops a provider in one step, with reasons."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Membership, Provider
from programs.services.providers import stop_provider
from tests.factories import (
    make_coordinator,
    make_fund,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import make_pledge, make_sent_offer

pytestmark = pytest.mark.django_db
WHY = "Das Schutzkonzept ist seit zwei Jahren nicht überprüft."
LIST = "/koordination/traeger/"


@pytest.fixture
def provider() -> Provider:
    return make_provider("Haus am Markt", coordination_email="team@haus.example")


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture
def officer(office: Provider) -> User:
    return make_coordinator(office)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stop(user: User, provider: Provider, reasons: str = WHY) -> Any:
    return signed_in(user).post(f"{LIST}{provider.pk}/stoppen/", {"reasons": reasons})


def standing(provider: Provider) -> tuple[bool, str]:
    provider.refresh_from_db()
    return provider.is_verified, provider.stop_reasons


def mails() -> list[str]:
    return sorted(Message.objects.values_list("template", flat=True))


def test_everything_of_a_stopped_provider_is_gone_at_once(officer: User, provider: Provider) -> None:
    task, other = make_opportunity("Vorlesen", provider=provider), make_opportunity("Kochen")
    fund, others_fund = make_fund("Ranzen", provider=provider), make_fund("Bücher")
    offer = make_sent_offer(make_pledge(utc_now()), task, utc_now())
    assert stop(officer, provider).status_code == 302
    assert standing(provider) == (False, WHY)
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert Client().get(f"/zeit/{task.slug}/").status_code in (404, 410)
    tasks = Client().get("/zeit/").content.decode()
    assert f"/zeit/{task.slug}/" not in tasks
    assert f"/zeit/{other.slug}/" in tasks
    funds = Client().get("/spendenzwecke/").content.decode()
    assert f"/spendenzweck/{fund.slug}/" not in funds
    assert f"/spendenzweck/{others_fund.slug}/" in funds


def test_the_provider_reads_why_and_how_to_object(officer: User, provider: Provider) -> None:
    stop(officer, provider)
    (told,) = Message.objects.all()
    assert (told.template, told.to_email) == ("provider_stopped", "team@haus.example")
    assert told.subject == "Das Jugendamt hat Haus am Markt gestoppt"
    for body in (told.body_text, told.body_html):
        for words in (WHY, "/kontakt/", "innerhalb von sechs Monaten", "Der Weg zu den Gerichten"):
            assert words in body


def test_a_provider_without_an_address_is_told_through_the_operators_office(
    officer: User, settings: Any
) -> None:
    settings.OFFICE_EMAIL = "betrieb@example.org"
    stop(officer, make_provider(coordination_email=""))
    assert Message.objects.get().to_email == "betrieb@example.org"


def test_the_history_names_who_stopped_it_and_at_which_page(officer: User, provider: Provider) -> None:
    stop(officer, provider)
    line = lines_of(provider).filter(kind="changed").latest("id")
    assert (line.actor_user, line.route) == (officer.pk, "coordination_provider_stop")
    assert line.changes == {"is_verified": [True, False], "stop_reasons": ["", WHY]}


@pytest.mark.parametrize("reasons", ["", "   ", "x" * 2001, "Wegen Kevin (7) aus der Klasse 2b."])
def test_nothing_is_stopped_without_reasons_that_may_be_read(
    officer: User, provider: Provider, reasons: str
) -> None:
    page = stop(officer, provider, reasons)
    assert page.status_code == 422
    assert reasons.strip() in page.content.decode()
    assert standing(provider) == (True, "")
    assert mails() == []


def test_a_second_stop_changes_nothing(officer: User, provider: Provider) -> None:
    stop(officer, provider)
    answer = stop(officer, provider, "Etwas anderes.")
    assert answer.status_code == 422
    assert "Dieser Träger ist nicht geprüft" in answer.content.decode()
    assert standing(provider) == (False, WHY)
    assert mails() == ["provider_stopped"]


def test_the_office_never_stops_itself(officer: User, office: Provider) -> None:
    assert stop(officer, office).status_code == 404
    assert not stop_provider(office, reasons=WHY, now=utc_now())
    assert standing(office) == (True, "")
    assert mails() == []


def test_nobody_but_the_coordination_of_the_office_stops_anybody(
    office: Provider, officer: User, provider: Provider
) -> None:
    role = Membership.Role
    outsiders = [
        make_user(),
        make_coordinator(provider),
        make_coordinator(make_provider()),
        make_user(role.TREASURER, office),
        make_user(role.SAFEGUARDING_OFFICER, office),
    ]
    for user in outsiders:
        assert signed_in(user).get(LIST).status_code == 403
        assert stop(user, provider).status_code == 403
    anybody = Client().post(f"{LIST}{provider.pk}/stoppen/", {"reasons": WHY})
    assert anybody.status_code == 302
    assert anybody["Location"].startswith("/konto/login/")
    assert standing(provider) == (True, "")


def test_the_list_tells_who_is_verified_who_was_stopped_and_why(
    officer: User, office: Provider, provider: Provider
) -> None:
    other, never = make_provider("Anderer"), make_provider("Neuer", is_verified=False)
    stop(officer, provider)
    page = signed_in(officer).get(LIST)
    assert [each.pk for each in page.context["page"]] == [other.pk, provider.pk, never.pk]
    html = page.content.decode()
    assert WHY in html
    links = {each.pk for each in Provider.objects.all() if f"{LIST}{each.pk}/stoppen/" in html}
    assert links == {other.pk}


def test_verified_anew_nothing_is_left_of_the_reasons(officer: User, provider: Provider) -> None:
    task = make_opportunity(provider=provider)
    stop(officer, provider)
    operator = signed_in(make_user(is_superuser=True, is_staff=True))
    address = reverse("admin:programs_provider_change", args=[provider.pk])
    form = operator.get(address).context["adminform"].form
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert operator.post(address, {**said, **inline, "is_verified": "on"}).status_code == 302
    assert standing(provider) == (True, "")
    assert Client().get(f"/zeit/{task.slug}/").status_code == 200
