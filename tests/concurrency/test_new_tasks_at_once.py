"""Two new tasks of one title at the same moment, as by a second click: two addresses, and no fault."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connections, transaction

from foundation.clock import utc_now
from programs.models import Opportunity
from programs.services.opportunities import create_opportunity
from tests.api.scenes import make_house, said_of_a_task
from tests.concurrency.test_looked_at_again import somebody_waits
from wirbrauchensie.api.v1.own.reading import task_form
from wirbrauchensie.api.v1.own.serializers import TaskSerializer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_of_two_new_tasks_gets_an_address_of_its_own() -> None:
    house = make_house()
    said = TaskSerializer(data=said_of_a_task())
    assert said.is_valid(), said.errors
    form = task_form(dict(said.validated_data), house.provider)

    def write() -> Opportunity:
        try:
            return create_opportunity(house.provider, form.described(), author=None, now=utc_now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = create_opportunity(house.provider, form.described(), author=None, now=utc_now())
            writing = pool.submit(write)
            while not writing.done() and not somebody_waits():
                sleep(0.01)
            assert not writing.done()
        second = writing.result(timeout=60)
    assert (first.slug, second.slug) == ("vorlesen", "vorlesen-2")
