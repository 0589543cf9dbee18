"""People who offer time, in any number, and the pages that list them."""

import re
from datetime import datetime
from html import unescape

from django.db import connection
from django.test import Client

from accounts.models import User
from volunteers.models import TimePledge

PLEDGES = "/koordination/zusagen/"
OFFERS = "/koordination/anfragen/"
PLACEMENTS = "/koordination/einsaetze/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def many_pledges(like: TimePledge, count: int, now: datetime) -> None:
    """Add `count` open pledges of as many people at one mailbox, by the database itself.

    It counts them at once, as it would by itself a minute later: what it takes for an empty table is read
    row by row for minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH people AS (
                INSERT INTO volunteers_volunteer (first_name, last_name, mailbox_id, phone, is_adult,
                    created_at, confirmed_at, is_demo)
                SELECT 'Mensch' || n, 'Nummer', %s, '', true, %s, %s, false FROM generate_series(1, %s) AS n
                RETURNING id
            )
            INSERT INTO volunteers_timepledge (volunteer_id, fields, max_distance_km, hours_per_week,
                placements_wanted, skills, learning_skills, lacking_skills, languages, age_bands, note,
                status, status_changed_at, created_at, confirmed_at, answer_due_at)
            SELECT id, '{}', 5, 2, 1, '{}', '{}', '{}', '{}', '{}', '', 'open', %s, %s, %s, %s FROM people
            """,
            [like.volunteer.mailbox_id, now, now, count, now, now, now, like.answer_due_at],
        )
        cursor.execute("ANALYZE volunteers_volunteer, volunteers_timepledge")


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def names(html: str) -> list[str]:
    """Return who is listed, in this order."""
    found = re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', html)
    return [each.strip() for each in found]


def heads(html: str) -> dict[str, tuple[str, str]]:
    """Return of each head of the table where a click leads ("" for nowhere) and its `aria-sort`."""
    found = re.findall(
        r'<th scope="col"(?: class="numeric")?(?: aria-sort="(\w+)")?>'
        r'(?:<a class="sorter"[^>]* href="([^"]*)">)?([^<]+)',
        html,
    )
    return {label.strip(): (turn, order) for order, turn, label in found}
