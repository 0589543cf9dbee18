"""Several people act on one text at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from django.db import connections

from foundation.models import Event
from programs.domain.publishing import fingerprint
from programs.domain.refusals import Refusal
from programs.models import Opportunity
from programs.services.opportunities import Task, change_opportunity
from programs.services.publishing import release, texts_of
from programs.services.roles import Need
from tests.factories import make_coordinator, make_opportunity, role_of

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], list[Refusal]]


def at_once(*acts: Act) -> list[list[Refusal]]:
    """Run every act on a connection of its own, started together."""
    start = Barrier(len(acts))

    def run(act: Act) -> list[Refusal]:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_eight_readers_release_once(now: datetime) -> None:
    waiting = make_opportunity(status="in_review")
    reader = make_coordinator(waiting.provider)
    read = fingerprint(texts_of(waiting))
    answers = at_once(*[lambda: release(waiting, by=reader, text_read=read, hints_read=True, now=now)] * 8)
    assert sorted(map(len, answers)) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert Event.objects.filter(to_status="published").count() == 1
    assert waiting.shifts.count() == 8


def test_a_text_changed_at_the_same_moment_is_never_public_unread(now: datetime) -> None:
    for _round in range(5):
        waiting = make_opportunity("Vorlesen", status="in_review")
        reader, author = (make_coordinator(waiting.provider) for _person in range(2))
        read = fingerprint(texts_of(waiting))
        task = Task(
            title="Etwas anderes",
            task=waiting.task,
            field=waiting.field,
            district=waiting.district,
            site=waiting.site,
            starts_on=date(2026, 1, 5),
            need=Need(places=1, activity=role_of(waiting).activity),
        )
        at_once(
            lambda row=waiting, by=reader, mark=read: release(
                row, by=by, text_read=mark, hints_read=True, now=now
            ),
            lambda row=waiting, by=author, new=task: change_opportunity(row, new, editor=by, now=now),
        )
        waiting.refresh_from_db()
        assert (waiting.title, waiting.status) == ("Etwas anderes", Opportunity.Status.IN_REVIEW)
