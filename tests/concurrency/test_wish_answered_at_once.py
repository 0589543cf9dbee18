"""One treasurer issues a receipt while another answers the wish with no: the giver gets one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from django.db import connections, transaction

from donations.receipts.models import Receipt, WishRefusal
from donations.receipts.services.issuing import issue
from donations.receipts.services.wishes import refuse_wish
from outbox.models import Message
from programs.models import Membership
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.donations.receipts.bodies import city, hand, make_issuer, wished_gift
from tests.factories import make_fund, make_provider, make_user

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_who_is_second_is_told_that_the_wish_is_answered() -> None:
    fund = make_fund(provider=make_provider("Stadt", issuer_kind="jpoer"))
    make_issuer(fund.provider, city(fund), NOW)
    gift = wished_gift(fund, at=NOW - timedelta(days=90))
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))

    def refuse() -> bool:
        try:
            return refuse_wish(gift, "elsewhere", refused_by=other, actor=hand(other), now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            issue([gift.pk], actor=hand(one), now=NOW)
            refusing = pool.submit(refuse)
            while not refusing.done() and not somebody_waits():
                sleep(0.01)
            assert not refusing.done()
        assert refusing.result(timeout=60) is False
    assert Receipt.objects.count() == 1
    assert not WishRefusal.objects.exists()
    assert not Message.objects.filter(template="receipt_refused").exists()
