"""A Tätigkeit gets a new version while somebody describes a role with it: what holds then is what counts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep

import pytest
from django.db import connections, transaction

from programs.models import Membership
from programs.services.activities import mark_of, release_draft
from programs.services.roles import Need, with_activity_as_it_is
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.factories import make_activity, make_user, make_youth_office
from tests.programs.test_activities import draft


@pytest.mark.django_db(transaction=True)
def test_the_age_of_the_new_version_is_asked_for(now: datetime) -> None:
    office = make_youth_office()
    writer, second = (make_user(Membership.Role.SAFEGUARDING_OFFICER, office) for _ in range(2))
    activity = make_activity("Vorlesen", two_adults=True)
    written = draft(activity, writer, minimum_age="18")

    def described() -> int:
        try:
            with transaction.atomic():
                return with_activity_as_it_is(Need(3, minimum_age=16, activity=activity)).minimum_age
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert release_draft(activity, by=second, read=mark_of(written), now=now) is None
            running = pool.submit(described)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done()
        assert running.result(timeout=60) == 18
