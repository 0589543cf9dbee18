"""A town with as many hours and gifts as one likes, written straight into the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from citizens.models import Mailbox
from donations.domain.accounts import Owner
from donations.models import Donor
from donations.services.books.accounts import accounts_of
from foundation.clock import local_day
from programs.models import District, Fund, Role
from volunteers.models import Placement, TimePledge, Volunteer
from workshop.demo.accounts import make_accounts
from workshop.demo.needs import publish_needs

TASKS = 56
YEARS = 3
EVERY_GROUP, HEADS = 50, 8

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
    placements = _placements(people, now)
    donors = Donor.objects.bulk_create(
        Donor(mailbox=mailbox, created_at=now) for mailbox in _mailboxes("giver", people, now)
    )
    values: dict[str, Any] = {"now": now, "today": local_day(now), "days": 365 * YEARS}
    keys = {
        "placements": [row.pk for row in placements],
        "donors": [row.pk for row in donors],
        "funds": list(Fund.objects.order_by("pk").values_list("pk", flat=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_HOURS, {**values, **keys, "count": hours})
        cursor.execute(_GIFTS, {**values, **keys, "count": gifts})
        for table in ("donations_ledgertransaction", "donations_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for fund in Fund.objects.all():
            accounts_of(Owner(fund.provider_id, fund.pk))
        for statement in _BOOKED.split(";"):
            cursor.execute(statement)
        cursor.execute(
            "ANALYZE volunteers_hoursentry, volunteers_placement, volunteers_timepledge, donations_donation,"
            " donations_ledgertransaction, donations_ledgerentry"
        )


def _mailboxes(kind: str, count: int, now: datetime) -> list[Mailbox]:
    return Mailbox.objects.bulk_create(
        Mailbox(email=f"{kind}-{number}@example.org", created_at=now) for number in range(count)
    )


def _company(number: int) -> dict[str, Any]:
    """Return what makes some of the people contacts of a group."""
    return {"group_name": f"Gruppe {number}", "heads": HEADS} if number % EVERY_GROUP == 0 else {}


def _placements(people: int, now: datetime) -> list[Placement]:
    volunteers = Volunteer.objects.bulk_create(
        Volunteer(first_name="Kim", mailbox=mailbox, created_at=now, confirmed_at=now, **_company(number))
        for number, mailbox in enumerate(_mailboxes("helper", people, now))
    )
    districts = list(District.objects.order_by("pk").values_list("pk", flat=True))
    roles = list(Role.objects.order_by("pk"))
    dates: dict[str, Any] = {"status_changed_at": now, "created_at": now}
    pledges = TimePledge.objects.bulk_create(
        TimePledge(
            volunteer=volunteer,
            status="placed",
            confirmed_at=now - timedelta(days=number % (365 * YEARS)),
            home_district_id=districts[number % len(districts)],
            **dates,
        )
        for number, volunteer in enumerate(volunteers)
    )
    return Placement.objects.bulk_create(
        Placement(
            volunteer=pledge.volunteer,
            pledge=pledge,
            heads=pledge.volunteer.heads,
            role=(role := roles[number % len(roles)]),
            opportunity_id=role.opportunity_id,
            status="ended",
            from_on=local_day(pledge.confirmed_at or now),
            until_on=local_day(now),
            calendar_uid=f"bench-{number}",
            status_changed_at=now,
            created_at=pledge.confirmed_at or now,
        )
        for number, pledge in enumerate(pledges)
    )
