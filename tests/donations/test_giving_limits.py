"""What the road of money bears: limits for testers of stolen cards, none for the honest, few queries."""

from typing import Any

import pytest
from django.test import Client

from donations.models import Donation
from foundation import limit_values
from foundation.clock import utc_now
from foundation.models import TokenBucket
from outbox.models import Message
from programs.models import Fund
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import details_address, filled, give, newest
from tests.factories import make_fund


def test_card_testing_from_one_connection_is_stopped(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    statuses = [
        give(browser, email=f"a{number}@example.org").status_code
        for number in range(limit_values.GIFTS_PER_CLIENT.capacity + 2)
    ]
    assert statuses == [303] * 20 + [429] * 2
    assert Donation.objects.count() == 20
    assert give(Client(REMOTE_ADDR="203.0.113.9"), email="ehrlich@example.org").status_code == 303


def test_dots_and_tags_do_not_make_another_mailbox(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    statuses = [
        give(Client(REMOTE_ADDR=f"203.0.113.{number}"), email=f"a.da+{number}@example.org").status_code
        for number in range(12)
    ]
    assert statuses == [303] * 10 + [429] * 2


def drain_the_brake() -> None:
    """Take what everybody may pay online in an hour, from networks that are known by then."""
    for network in range(1, 4):
        give(Client(REMOTE_ADDR=f"203.0.{network}.1"), email=f"known{network}@example.org")
    TokenBucket.objects.filter(key__startswith="gift_online:").update(tokens=0)


def test_under_attack_known_networks_wait_and_an_honest_giver_gets_through(
    fund: Fund, stripe: StripeProcess
) -> None:
    drain_the_brake()
    hostile = [
        give(Client(REMOTE_ADDR=f"203.0.{number % 3 + 1}.{number}"), email=f"a{number}@example.org")
        for number in range(4)
    ]
    assert {answer.status_code for answer in hostile} == {303}
    assert all("/spenden/gleich/" in answer["Location"] for answer in hostile)
    waits = Donation.objects.filter(payable_at__isnull=False).order_by("payable_at")
    assert [round((each.payable_at - each.pledged_at).total_seconds() / 12) for each in waits] == [1, 2, 3, 4]
    assert not waits.exclude(checkout_session_id=None).exists()
    honest = give(Client(REMOTE_ADDR="198.51.100.7"), email="ehrlich@example.org")
    assert honest.status_code == 303
    assert "/spenden/gleich/" not in honest["Location"]
    late = give(Client(REMOTE_ADDR="203.0.1.9"), email="b@example.org", method="transfer")
    assert "/spenden/ueberweisung/" in late["Location"]


def test_the_payment_page_opens_when_the_turn_has_come_and_not_before(
    browser: Client, fund: Fund, stripe: StripeProcess
) -> None:
    drain_the_brake()
    browser = Client(REMOTE_ADDR="203.0.1.7")
    address = details_address()
    answers = filled(browser, address)
    turn = browser.post(address, answers)["Location"]
    page = browser.get(turn)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store, private")
    assert 0 < int(page["Refresh"]) <= 12
    assert "Gleich sind Sie an der Reihe" in page.content.decode()
    assert "<form" not in page.content.decode().split("<main")[1]
    assert browser.post(turn)["Location"] == turn
    assert browser.post(address, answers)["Location"] == turn
    assert newest().checkout_session_id is None

    Donation.objects.filter(pk=newest().pk).update(payable_at=utc_now())
    page = browser.get(turn)
    assert "Refresh" not in page
    assert "Weiter zur Zahlung" in page.content.decode()
    paid = browser.post(turn)
    assert (paid.status_code, paid["Location"]) == (303, newest().checkout_url)


def test_whoever_has_no_patience_left_is_shown_the_filled_form_no_more_tries(
    fund: Fund, stripe: StripeProcess
) -> None:
    drain_the_brake()
    TokenBucket.objects.filter(key__startswith="gift_online:").update(tokens=-76)
    before = Donation.objects.count()
    assert give(Client(REMOTE_ADDR="203.0.1.7"), email="a@example.org").status_code == 429
    assert Donation.objects.count() == before


def test_a_turn_is_for_online_gifts_that_wait(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    give(browser, method="transfer")
    assert browser.get(f"/spenden/gleich/{newest().public_id}/").status_code == 404
    assert browser.get("/spenden/gleich/00000000-0000-4000-8000-000000000000/").status_code == 404
    give(browser, email="b@example.org")
    Donation.objects.filter(pk=newest().pk).update(status="lapsed")
    answer = browser.get(f"/spenden/gleich/{newest().public_id}/")
    assert answer["Location"] == f"/spenden/danke/{newest().public_id}/"


def test_strangers_who_give_in_my_name_do_not_keep_me_from_giving(fund: Fund, stripe: StripeProcess) -> None:
    for number in range(11):
        give(Client(REMOTE_ADDR=f"203.0.113.{number}"), email="ada@example.org")
    assert Donation.objects.count() == 10
    assert give(Client(REMOTE_ADDR="198.51.100.7"), email="ada@example.org").status_code == 303


def test_a_stranger_gets_at_most_two_mails_a_day_and_the_page_still_works(fund: Fund) -> None:
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        answer = give(browser, method="transfer", email=f"op.fer+{number}@example.org")
        assert browser.get(answer["Location"]).status_code == 200
    assert Message.objects.filter(due_at__lte=utc_now()).count() == 2
    assert Message.objects.count() == 4
    assert Donation.objects.count() == 5


def test_repeating_the_same_form_costs_nothing(browser: Client, fund: Fund, stripe: StripeProcess) -> None:
    address = details_address()
    answers = filled(browser, address)
    assert {browser.post(address, answers).status_code for _ in range(30)} == {303}


@pytest.mark.parametrize("many", [1, 25])
def test_the_screens_take_few_queries_however_many_purposes_there_are(
    browser: Client,
    fund: Fund,
    stripe: StripeProcess,
    many: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(many):
        make_fund(provider=fund.provider)
    with django_assert_max_num_queries(10):
        browser.get("/spenden/")
    with django_assert_max_num_queries(10):
        browser.get(details_address())
