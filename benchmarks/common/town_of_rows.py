"""A town with as many hours and gifts as one likes, written straight into the tables."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from donations.domain.accounts import Owner
from donations.models import Donor
from donations.services.books.accounts import accounts_of
from foundation.clock import local_day
from programs.models import District, Fund, Role
from volunteers.models import Placement
from workshop.demo.accounts import make_accounts
from workshop.demo.needs import publish_needs

TASKS = 56
YEARS = 3
EVERY_GROUP, HEADS = 50, 8

_MAILBOXES = """
INSERT INTO citizens_mailbox (email, language, unwanted, link_version, kind_versions, created_at)
SELECT %(kind)s || '-' || n || '@example.org', 'de', '{}', 1, '{}', %(now)s
FROM generate_series(0, %(count)s - 1) AS n ORDER BY n
"""
_DONORS = """
INSERT INTO donations_donor (mailbox_id, created_at, is_demo)
SELECT id, %(now)s, false FROM citizens_mailbox WHERE email LIKE 'giver-%%' ORDER BY id
"""
_HELPERS = """
WITH mailboxes AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM citizens_mailbox WHERE email LIKE 'helper-%%'
), people AS (
    INSERT INTO volunteers_volunteer (first_name, last_name, phone, mailbox_id, group_name, heads, created_at,
        confirmed_at, is_adult, is_demo)
    SELECT 'Kim', '', '', mailbox.id,
        CASE WHEN mod(n, %(group)s) = 0 THEN 'Gruppe ' || n ELSE '' END,
        CASE WHEN mod(n, %(group)s) = 0 THEN %(heads)s ELSE 1 END, %(now)s, %(now)s, true, false
    FROM mailboxes AS mailbox ORDER BY n
    RETURNING id, heads
), numbered AS (
    SELECT id, heads, row_number() OVER (ORDER BY id) - 1 AS n FROM people
), pledges AS (
    INSERT INTO volunteers_timepledge (volunteer_id, fields, max_distance_km, hours_per_week,
        placements_wanted, skills, learning_skills, lacking_skills, languages, age_bands, note, status,
        status_changed_at, created_at, confirmed_at, home_district_id)
    SELECT id, '{}', 5, 2, 1, '{}', '{}', '{}', '{}', '{}', '', 'placed', %(now)s, %(now)s,
        %(now)s::timestamptz - mod(n, %(days)s) * interval '1 day',
        (%(districts)s::bigint[])[1 + mod(n, cardinality(%(districts)s::bigint[]))]
    FROM numbered ORDER BY n
    RETURNING id, volunteer_id, confirmed_at
)
INSERT INTO volunteers_placement (volunteer_id, pledge_id, heads, role_id, opportunity_id, status, from_on,
    until_on, calendar_uid, status_changed_at, created_at, pressed)
SELECT person.id, pledge.id, person.heads, role.id, role.opportunity_id, 'ended',
    (pledge.confirmed_at AT TIME ZONE 'Europe/Berlin')::date, %(today)s, 'bench-' || n, %(now)s,
    pledge.confirmed_at, 0
FROM pledges AS pledge
JOIN numbered AS person ON person.id = pledge.volunteer_id
JOIN programs_role AS role ON role.id = (%(roles)s::bigint[])[1 + mod(n, cardinality(%(roles)s::bigint[]))]
ORDER BY n
"""
_HOURS = """
INSERT INTO volunteers_hoursentry
    (placement_id, volunteer_id, opportunity_id, worked_on, minutes, heads, created_at)
SELECT placement.id, placement.volunteer_id, placement.opportunity_id,
    %(today)s::date - mod(n * 31, %(days)s)::int, 30 + mod(n, 8)::int * 15,
    placement.heads,
    %(now)s::timestamptz - mod(n * 31, %(days)s) * interval '1 day'
FROM generate_series(1::bigint, %(count)s) AS n
JOIN volunteers_placement AS placement
    ON placement.id = (%(placements)s::bigint[])[1 + mod(n * 7919, cardinality(%(placements)s::bigint[]))]
"""
_GIFTS = """
INSERT INTO donations_donation (public_id, donor_id, donor_name, fund_id, amount_cents, refunded_cents,
    lost_cents, method, wants_receipt, purpose_text, fallback_text, text_version, status, status_changed_at,
    pledged_at, received_at, checkout_url, times_asked, is_demo)
SELECT gen_random_uuid(), (%(donors)s::bigint[])[1 + mod(n * 7919, cardinality(%(donors)s::bigint[]))], '',
    (%(funds)s::bigint[])[1 + mod(n, cardinality(%(funds)s::bigint[]))], 500 + mod(n * 37, 9500), 0,
    0, 'transfer', false, '', '', 1, 'received', received, received, received, '', 0, false
FROM generate_series(1::bigint, %(count)s) AS n,
    LATERAL (SELECT %(now)s::timestamptz - mod(n * 31, %(days)s) * interval '1 day' AS received) AS moment
"""
_BOOKED = """
INSERT INTO donations_ledgertransaction (key, kind, donation_id, happened_at, recorded_at)
SELECT 'gift:bench-' || id, 'gift', id, received_at, received_at FROM donations_donation;
INSERT INTO donations_ledgerentry (transaction_id, account_id, amount_cents)
SELECT booked.id, account.id, CASE account.kind WHEN 'fund' THEN -gift.amount_cents ELSE gift.amount_cents END
FROM donations_ledgertransaction AS booked
JOIN donations_donation AS gift ON gift.id = booked.donation_id
JOIN programs_fund AS fund ON fund.id = gift.fund_id
JOIN donations_ledgeraccount AS account ON account.fund_id = fund.id AND account.kind = 'fund'
    OR account.provider_id = fund.provider_id AND account.kind = 'cash'
"""


def fill(people: int, hours: int, gifts: int, now: datetime) -> None:
    """Fill an empty database. The same numbers and `now` give the same figures."""
    call_command("load_city", settings.CITY, verbosity=0)
    make_accounts()
    publish_needs(TASKS, Random(1), now=now)
    values: dict[str, Any] = {"now": now, "today": local_day(now), "days": 365 * YEARS, "count": people}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for kind in ("giver", "helper"):
            cursor.execute(_MAILBOXES, {**values, "kind": kind})
        cursor.execute("ANALYZE citizens_mailbox")
        cursor.execute(_DONORS, values)
        cursor.execute(_HELPERS, {**values, **_places(), "group": EVERY_GROUP, "heads": HEADS})
    keys = {
        name: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for name, model in (("placements", Placement), ("donors", Donor), ("funds", Fund))
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {**values, **keys, "count": hours})
        cursor.execute(_GIFTS, {**values, **keys, "count": gifts})
        for table in ("donations_ledgertransaction", "donations_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE donations_ledgerentry ENABLE TRIGGER figures_noted_insert")
        for fund in Fund.objects.all():
            accounts_of(Owner(fund.provider_id, fund.pk))
        for statement in _BOOKED.split(";"):
            cursor.execute(statement)
        cursor.execute(
            "ANALYZE volunteers_volunteer, volunteers_timepledge, volunteers_placement,"
            " volunteers_hoursentry, donations_donor, donations_donation, donations_ledgertransaction,"
            " donations_ledgerentry"
        )


def _places() -> dict[str, list[int]]:
    """Return where people live and what they do, in the order of the keys."""
    return {
        name: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for name, model in (("districts", District), ("roles", Role))
    }
