"""Erasing finds a word in a long history by an index, however it is written."""

import pytest
from django.db import connection

from foundation.clock import utc_now
from foundation.doors.erasure import forget_words, lines_that_tell
from foundation.models import Event

pytestmark = pytest.mark.django_db


def line(reason: str = "", **changes: list[str]) -> Event:
    return Event(
        at=utc_now(),
        kind="changed",
        app_label="programs",
        model="opportunity",
        object_id=1,
        changes=changes or None,
        reason=reason,
        actor_kind="system",
    )


def told(reason: str = "", **changes: list[str]) -> Event:
    event = line(reason, **changes)
    event.save()
    return event


def test_the_history_is_not_read_from_end_to_end() -> None:
    Event.objects.bulk_create(
        line(f"{number:x} sagt etwas anderes als {number * 7919:x}") for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('event_told')")
        cursor.execute("ANALYZE foundation_event")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = lines_that_tell(["Kanarienfeder", "kanarie@example.org"]).explain()
    assert plan.count("Bitmap Index Scan on event_told") == 2


@pytest.mark.parametrize("written", ["Grün-Weiß", "GRÜN-WEIß", "grün-weiß"])
def test_a_word_is_found_in_reason_and_change_in_any_case(written: str) -> None:
    lines = [told(reason=f"Herr {written} rief an"), told(task=["alt", f"mit {written}."]), told("anderes")]
    assert forget_words(["Grün-Weiß"]) == 2
    for line in lines:
        line.refresh_from_db()
    assert [(line.reason, line.changes) for line in lines] == [("", None), ("", None), ("anderes", None)]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_signs_of_a_search_are_letters_like_any_other(sign: str) -> None:
    other = told(reason="ganz anderes")
    assert forget_words([f"a{sign}b"]) == 0
    line = told(reason=f"sagt a{sign}b heute")
    assert forget_words([f"a{sign}b"]) == 1
    line.refresh_from_db()
    other.refresh_from_db()
    assert (line.reason, other.reason) == ("", "ganz anderes")
