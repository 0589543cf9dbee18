"""What stands in the Zuwendungsempfängerregister is noted with who looked and when, and stops nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from donations.receipts.models import Receipt, RegisterCheck
from donations.receipts.services.issuing import issue
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from programs.access import Role
from programs.models import Fund, Provider
from tests.donations.money_scene import signed_in
from tests.donations.receipts.bodies import details, make_issuer, wished_gift
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
IBAN, OTHER_IBAN = "DE02120300000000202051", "DE89370400440532013000"
ISSUERS = "/koordination/bestaetigungen/aussteller/"


@pytest.fixture
def fund() -> Fund:
    return make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9", iban=IBAN))


@pytest.fixture
def treasurer(fund: Fund) -> Client:
    return signed_in(make_user(Role.TREASURER, fund.provider, name="Vera Kasse"))


def post(client: Client, provider: Provider, **answers: Any) -> HttpResponse:
    said = {"checked_on": str(local_day(utc_now())), "found": "iban", "iban": provider.iban, **answers}
    return client.post(reverse("coordination_register_check", args=[provider.pk]), said)


def errors(answer: HttpResponse) -> dict[str, list[str]]:
    assert (answer.status_code, RegisterCheck.objects.count()) == (422, 0)
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


def test_the_checklist_says_who_looked_when_and_what_stood_there(fund: Fund, treasurer: Client) -> None:
    assert "Im Zuwendungsempfängerregister hat noch niemand nachgesehen." in text(treasurer.get(ISSUERS))
    page = text(treasurer.get(reverse("coordination_register_check", args=[fund.provider_id])))
    assert "DE02 1203 0000 0000 2020 51" in page.replace("\xa0", " ")
    for day, found in (("2026-03-02", "nothing"), ("2026-03-09", "iban")):
        assert post(treasurer, fund.provider, checked_on=day, found=found).status_code == 303
    newest, before = RegisterCheck.objects.all()
    assert (newest.checked_on, newest.found, newest.iban) == (date(2026, 3, 9), "iban", IBAN)
    assert (before.checked_on, before.found) == (date(2026, 3, 2), "nothing")
    (line,) = lines_of(newest)
    assert (line.changes, line.actor_user) == ({"register": [None, "checked"]}, newest.checked_by_id)
    said = "nachgesehen am 09.03.2026 von Vera Kasse: Eintrag gefunden, die IBAN steht dort."
    listed = text(treasurer.get(ISSUERS))
    assert (said in listed, "seitdem eine andere" in listed) == (True, False)
    page = text(treasurer.get(reverse("coordination_register_check", args=[fund.provider_id])))
    assert "02.03.2026, Vera Kasse: kein Eintrag gefunden" in page


def test_another_account_is_looked_up_again(fund: Fund, treasurer: Client) -> None:
    post(treasurer, fund.provider)
    Provider.objects.update(iban=OTHER_IBAN)
    assert "Die Bankverbindung ist seitdem eine andere." in text(treasurer.get(ISSUERS))
    fund.provider.refresh_from_db()
    post(treasurer, fund.provider, found="entry")
    assert "Die Bankverbindung ist seitdem eine andere." not in text(treasurer.get(ISSUERS))


@pytest.mark.parametrize("found", [None, "nothing", "entry"])
def test_a_missing_entry_keeps_nobody_from_issuing(fund: Fund, treasurer: Client, found: str | None) -> None:
    """RULES §10: the register has gaps and constitutes nothing."""
    now = utc_now()
    make_issuer(fund.provider, details(fund, notice_on=local_day(now)), now)
    if found:
        post(treasurer, fund.provider, found=found)
    page = treasurer.get(ISSUERS)
    assert [body.is_ready for body in page.context["bodies"]] == [True]
    gift = wished_gift(fund, at=now - timedelta(days=1))
    assert issue([gift.pk], actor=system("test"), now=now).status == Receipt.Status.ISSUED


def test_what_cannot_be_is_refused(fund: Fund, treasurer: Client) -> None:
    tomorrow = str(local_day(utc_now()) + timedelta(days=1))
    future = errors(post(treasurer, fund.provider, checked_on=tomorrow))
    assert future == {"checked_on": ["Dieser Tag liegt in der Zukunft."]}
    empty = errors(post(treasurer, fund.provider, checked_on="", found=""))
    assert empty == {
        "checked_on": ["Bitte geben Sie den Tag ein."],
        "found": ["Bitte wählen Sie, was dort steht."],
    }
    changed = errors(post(treasurer, fund.provider, iban=OTHER_IBAN))
    said = "Die Bankverbindung ist inzwischen eine andere. Bitte sehen Sie noch einmal nach."
    assert changed == {"__all__": [said]}
    Provider.objects.update(iban="")
    fund.provider.refresh_from_db()
    none = errors(post(treasurer, fund.provider))
    assert none == {"found": ["Für diesen Träger ist noch keine Bankverbindung eingetragen."]}
    assert post(treasurer, fund.provider, found="nothing").status_code == 303
    for wrong in ({"found": "iban"}, {"found": "maybe"}):
        with pytest.raises(IntegrityError, match="register_check_known"), transaction.atomic():
            RegisterCheck.objects.update(**wrong)
