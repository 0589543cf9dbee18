"""The account that givers transfer to: every IBAN is checked, and a change needs a second person."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import Proposal
from donations.services.treasury.proposals import SamePerson, propose_account, recall, release
from foundation.history import lines_of
from foundation.ibans import is_iban, plain_iban
from programs.models import Fund, Membership, Provider
from tests.donations.visits import give, newest, text
from tests.factories import make_provider, make_user

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OLD, NEW = "DE02120300000000202051", "DE02500105170137075030"
REASON = "Bankwechsel, Vertrag vom 1. März"
Role = Membership.Role


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def other(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.mark.parametrize(
    "typed",
    [
        "DE89370400440532013000",
        " de89 3704 0044 0532 0130 00 ",
        "AT611904300234573201",
        "BE68539007547034",
        "NL91ABNA0417164300",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
    ],
)
def test_ibans_of_every_length_are_known(typed: str) -> None:
    assert is_iban(typed)
    assert plain_iban(typed) == "".join(typed.split()).upper()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "DE",
        "DE88370400440532013000",
        "DE89370400440532013001",
        "DE89370400440523013000",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "AT89370400440532013000",
        "XX89370400440532013000",
        "DE８９370400440532013000",
        "DE89-3704-0044-0532-0130-00",
        "370400440532013000DE89",
        "US64SVBKUS6S3300958879",
    ],
)
def test_wrong_digits_lengths_and_countries_are_none(typed: str) -> None:
    assert not is_iban(typed)


def test_two_people_change_the_account_and_both_values_stay_in_the_history(
    browser: Client, fund: Fund, one: User, other: User
) -> None:
    Provider.objects.filter(pk=fund.provider_id).update(iban=OLD, account_holder_name="Stadt Düren")
    address = f"/koordination/spenden/konto/{fund.provider_id}/"
    browser.force_login(one)
    assert f'href="{address}"' in text(browser.get("/koordination/spenden/buecher/"))
    assert "DE02 1203 0000 0000 2020 51" in text(browser.get(address))
    said: dict[str, Any] = {
        "iban": "DE02 5001 0517 0137 0750 30",
        "holder": "Stadtkasse Düren",
        "reason": REASON,
    }
    for wrong in ({**said, "iban": "DE02500105170137075031"}, {**said, "holder": ""}, {**said, "reason": ""}):
        assert browser.post(address, wrong).status_code == 422
    assert Proposal.objects.count() == 0
    assert browser.post(address, said).status_code == 303
    proposal = Proposal.objects.get()
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=AT)
    assert Provider.objects.get(pk=fund.provider_id).iban == OLD
    browser.force_login(other)
    page = text(browser.get("/koordination/spenden/buecher/"))
    assert "Neues Konto: DE02 5001 0517 0137 0750 30, Kontoinhaber: Stadtkasse Düren" in page
    assert "bisher: DE02 1203 0000 0000 2020 51" in page
    decide = f"/koordination/spenden/vorschlag/{proposal.pk}/"
    assert "Freigegeben." in text(browser.post(decide, {"entscheidung": "freigeben"}, follow=True))
    changed = Provider.objects.get(pk=fund.provider_id)
    assert (changed.iban, changed.account_holder_name) == (NEW, "Stadtkasse Düren")
    followed = lines_of(changed).filter(kind="changed").latest("pk")
    assert followed.changes["iban"] == [OLD, NEW]
    assert followed.changes["account_holder_name"] == ["Stadt Düren", "Stadtkasse Düren"]
    assert followed.actor_user == other.pk
    assert recall(proposal.pk, by=one, now=AT) is False
    give(browser, method="transfer")
    shown = text(browser.get(reverse("donate_transfer", args=[newest().public_id])))
    assert "DE02 5001 0517 0137 0750 30" in shown
    assert "Stadtkasse Düren" in shown


def test_a_foreign_treasurer_and_an_empty_account_change_nothing(
    browser: Client, fund: Fund, one: User
) -> None:
    browser.force_login(make_user(Role.TREASURER, make_provider("Verein")))
    assert browser.get(f"/koordination/spenden/konto/{fund.provider_id}/").status_code == 404
    for iban, holder in (("", "Stadt"), (NEW, "")):
        with pytest.raises(IntegrityError, match="proposal_is_about_something"), transaction.atomic():
            propose_account(fund.provider, iban, holder, REASON, by=one, now=AT)


def test_the_administration_writes_no_account_not_even_the_first(browser: Client, db: None) -> None:
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    provider = make_provider("Verein")
    address = reverse("admin:programs_provider_change", args=[provider.pk])

    def save(**said: str) -> int:
        page = browser.get(address)
        form = page.context["adminform"].form
        filled = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        return browser.post(address, {**filled, **inline, **said}).status_code

    for old, holder in (("", ""), (OLD, "Verein")):
        Provider.objects.filter(pk=provider.pk).update(iban=old, account_holder_name=holder)
        assert "schlägt es unter „Bücher und Freigaben“ vor" in text(browser.get(address))
        assert save(iban=NEW, account_holder_name="Jemand anders", note="neu") == 302
        provider.refresh_from_db()
        assert (provider.note, provider.iban, provider.account_holder_name) == ("neu", old, holder)


def test_two_people_say_the_first_account_too(fund: Fund, one: User, other: User) -> None:
    Provider.objects.filter(pk=fund.provider_id).update(iban="", account_holder_name="")
    proposal = propose_account(fund.provider, NEW, "Stadtkasse Düren", REASON, by=one, now=AT)
    with pytest.raises(SamePerson):
        release(proposal.pk, by=one, now=AT)
    assert Provider.objects.get(pk=fund.provider_id).iban == ""
    assert release(proposal.pk, by=other, now=AT) is True
    assert Provider.objects.get(pk=fund.provider_id).iban == NEW
