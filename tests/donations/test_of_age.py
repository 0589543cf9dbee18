"""Nobody below 18 gives a mandate here, or more than a small gift, without somebody who cares for them."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from citizens.services.mailboxes import mailbox_for
from donations.models import Donation
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from foundation.clock import utc_now
from foundation.limit_values import GIFTS_PER_CLIENT
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund
from tests.donations.visits import details_address, filled
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
ASKED = "Ich bin mindestens 18 Jahre alt"
ONLINE = ["card", "sepa_debit", "paypal"]


@pytest.fixture(autouse=True)
def _online(settings: Any) -> None:
    settings.STRIPE_METHODS = ONLINE


def text(page: bytes) -> str:
    return " ".join(page.decode().replace("\xa0", " ").split())


def what(cents: int, *, monthly: bool = False) -> dict[str, str]:
    euro, rest = divmod(cents, 100)
    own = {"betrag": "own", "eigener_betrag": f"{euro},{rest:02}"}
    return {**own, "rhythmus": "monatlich" if monthly else "einmal"}


@pytest.mark.parametrize(
    ("cents", "method", "monthly"),
    [(5_001, "transfer", False), (200, "sepa_debit", False), (200, "card", True), (5_000_000, "card", False)],
)
def test_is_asked_for_debits_monthly_and_larger_gifts_and_nothing_is_kept_without(
    browser: Client, fund: Fund, cents: int, method: str, monthly: bool
) -> None:
    address = details_address(**what(cents, monthly=monthly))
    answers = filled(browser, address, method=method, of_age="")
    page = browser.post(address, answers)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["of_age"]
    assert "Wer jünger ist, kann kleinere Beträge einmal geben" in text(page.content)
    assert (Donation.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(("cents", "method"), [(5_000, "transfer"), (100, "transfer")])
def test_a_small_gift_is_nobody_s_business(browser: Client, fund: Fund, cents: int, method: str) -> None:
    address = details_address(**what(cents))
    answers = filled(browser, address, method=method)
    del answers["of_age"]
    assert browser.post(address, answers).status_code == 303
    assert Donation.objects.get().amount_cents == cents


def test_with_the_word_of_the_giver_it_goes_through_and_the_word_is_not_stored(
    browser: Client, fund: Fund
) -> None:
    address = details_address(**what(10_000))
    assert browser.post(address, filled(browser, address, method="transfer")).status_code == 303
    assert Donation.objects.get().amount_cents == 10_000
    assert not [each.name for each in Donation._meta.get_fields() if "age" in each.name.split("_")]


@pytest.mark.parametrize(
    ("methods", "cents", "monthly", "reason"),
    [
        (["card", "paypal"], 5_000, False, ""),
        (["card", "paypal"], 5_001, False, "Spenden über 50 €"),
        (ONLINE, 2_500, False, "eine Lastschrift"),
        (["card"], 500, True, "eine Dauerspende"),
    ],
)
def test_the_page_asks_only_where_it_counts_and_says_for_what(
    browser: Client,
    fund: Fund,
    settings: Any,
    methods: list[str],
    cents: int,
    monthly: bool,
    reason: str,
) -> None:
    settings.STRIPE_METHODS = methods
    shown = text(browser.get(details_address(**what(cents, monthly=monthly))).content)
    assert (ASKED in shown) == bool(reason)
    assert "freiwillig" not in shown.partition(ASKED)[2].partition("</label>")[0]
    assert f"Nötig für {reason}. Gespeichert wird es nicht." in shown or not reason


def test_how_much_is_small_is_the_city_s_to_say(browser: Client, fund: Fund, settings: Any) -> None:
    settings.MINOR_GIFT_MAX_CENTS = Cents(2_000)
    address = details_address(**what(2_500))
    assert browser.post(address, filled(browser, address, method="transfer", of_age="")).status_code == 422


def test_no_other_way_in_forgets_to_ask(fund: Fund) -> None:
    chosen: dict[str, Any] = {"visit": uuid4(), "fund": fund, "text_version": 1, "email": "a@example.org"}
    for more in ({"amount_cents": 200, "rhythm": "year"}, {"amount_cents": 5_001}):
        with pytest.raises(PledgeRefused) as refused:
            pledge_gift(Choice(method="card", **chosen, **more), client=None, now=utc_now())
        assert refused.value.reason is Refusal.NOT_OF_AGE
    assert Donation.objects.count() == 0


FAMILY = "familie@example.org"


def known(first_name: str, last_name: str, *, is_adult: bool = False, is_confirmed: bool = True) -> None:
    now = utc_now()
    Volunteer.objects.create(
        first_name=first_name,
        last_name=last_name,
        mailbox=mailbox_for(FAMILY, now),
        is_adult=is_adult,
        created_at=now,
        confirmed_at=now if is_confirmed else None,
    )


def sent(browser: Client, what_: dict[str, str], **answers: str) -> tuple[int, str]:
    address = details_address(**what_)
    page = browser.post(
        address, filled(browser, address, **{"method": "transfer", "email": FAMILY, **answers})
    )
    return page.status_code, text(page.content)


@pytest.mark.parametrize(
    ("minor", "name", "status"),
    [
        (("Lena", "Aksoy"), "Lena Aksoy", 422),
        (("Lena", "Aksoy"), "AKSOY, Lena", 422),
        (("Lena", "Aksoy"), "Lena", 422),
        (("Lena", "Aksoy"), "Lena Sophie Aksoy", 422),
        (("Lena", ""), "lena aksoy", 422),
        (("Lena-Marie", "Aksoy"), "Lena Marie Aksoy", 422),
        (("Lena", "Aksoy"), "", 422),
        (("Lena", "Aksoy"), "Sabine Aksoy", 303),
        (("Lena", "Aksoy"), "Magdalena Aksoy", 303),
        (("Lena", "Aksoy"), "Lena Peters", 303),
        (("Lena", "Aksoy"), "Aksoy", 303),
    ],
)
def test_a_minor_who_is_known_here_is_told_from_the_family_by_the_name(
    browser: Client, fund: Fund, minor: tuple[str, str], name: str, status: int
) -> None:
    known(*minor)
    answered, shown = sent(browser, what(10_000), name=name, email="Familie@Example.org")
    assert answered == status
    assert ("Bitte geben Sie den Vor- und Nachnamen dieser Person ein" in shown) == (status == 422)
    assert (Donation.objects.count(), Message.objects.count() > 0) == (
        (0, False) if status == 422 else (1, True)
    )


@pytest.mark.parametrize(("method", "monthly"), [("sepa_debit", False), ("card", True)])
def test_a_known_minor_gives_no_mandate(browser: Client, fund: Fund, method: str, monthly: bool) -> None:
    known("Lena", "Aksoy")
    answered, _shown = sent(browser, what(500, monthly=monthly), name="Lena Aksoy", method=method)
    assert (answered, Donation.objects.count()) == (422, 0)


def test_a_known_minor_gives_what_is_small_and_nobody_else_is_asked(browser: Client, fund: Fund) -> None:
    known("Lena", "Aksoy")
    assert sent(browser, what(5_000), name="Lena Aksoy")[0] == 303
    Volunteer.objects.update(is_adult=True)
    assert sent(browser, what(10_000), name="Lena Aksoy")[0] == 303
    known("Mia", "Aksoy", is_confirmed=False)
    assert sent(browser, what(20_000), name="Mia Aksoy")[0] == 303
    assert sorted(Donation.objects.values_list("amount_cents", flat=True)) == [5_000, 10_000, 20_000]


def test_trying_out_who_is_known_counts_like_giving(browser: Client, fund: Fund) -> None:
    known("Lena", "Aksoy")
    address = details_address(**what(10_000))
    answers = filled(browser, address, method="transfer", email=FAMILY)
    tried = [browser.post(address, answers).status_code for _each in range(GIFTS_PER_CLIENT.capacity + 1)]
    assert (set(tried[:-1]), tried[-1], Donation.objects.count()) == ({422}, 429, 0)
