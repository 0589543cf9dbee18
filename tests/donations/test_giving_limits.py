"""What the road of money bears: limits for testers of stolen cards, none for the honest, few queries."""

from typing import Any

import pytest
from django.test import Client

from donations.models import Donation
from foundation import limit_values
from foundation.clock import utc_now
from foundation.limits import take
from outbox.models import Message
from programs.models import Fund
from tests.donations.stripe_process import StripeProcess
from tests.donations.visits import details_address, filled, give
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


def test_all_online_payments_together_have_a_brake_and_transfers_stay_open(
    fund: Fund, stripe: StripeProcess
) -> None:
    for _ in range(limit_values.ONLINE_GIFTS_IN_ALL.capacity - 2):
        take(limit_values.ONLINE_GIFTS_IN_ALL, "all", now=utc_now())
    answers = [
        give(Client(REMOTE_ADDR=f"203.0.113.{number}"), email=f"a{number}@example.org").status_code
        for number in range(3)
    ]
    assert answers == [303, 303, 429]
    late = give(Client(REMOTE_ADDR="203.0.113.9"), email="b@example.org", method="transfer")
    assert late.status_code == 303


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
