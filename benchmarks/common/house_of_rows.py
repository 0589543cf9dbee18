"""Nine lists of a house with as many rows each as one likes, written straight into the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from benchmarks.common.released import note_releases
from citizens.models import Mailbox
from donations.models import BankTransaction, Donation, Donor
from foundation.clock import local_day
from programs.models import (
    Activity,
    District,
    Fund,
    FundUpdate,
    Opportunity,
    Provider,
    Role,
    Shift,
    TextDraft,
)
from programs.services.seats import make_seats
from volunteers.models import Offer, Placement, TimePledge, Volunteer
from workshop.demo.tasks import FIRST_NAMES

DAYS = PURPOSES = 50
PURPOSE = "ranzen-bench-"


def fill(house: Provider, first: int, until: int, now: datetime) -> None:
    """Write the rows `first` to `until` (excluded) of every list; the same numbers give the same rows."""
    numbers = range(first, until)
    mailboxes = Mailbox.objects.bulk_create(
        Mailbox(email=f"person-{n}@example.org", created_at=now) for n in numbers
    )
    pledges = _pledges(mailboxes, numbers, now)
    _ask_and_place(pledges, _roles(house, numbers, now), now)
    _money(house, mailboxes, numbers, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def word(number: int) -> str:
    """Return what stands in the row of this number in every list, and in no other."""
    return f"Nr{number}x"


def _pledges(mailboxes: list[Mailbox], numbers: range, now: datetime) -> list[TimePledge]:
    people = Volunteer.objects.bulk_create(
        Volunteer(
            first_name=FIRST_NAMES[n % len(FIRST_NAMES)],
            last_name=word(n),
            mailbox=each,
            created_at=now,
            confirmed_at=now,
        )
        for n, each in zip(numbers, mailboxes, strict=True)
    )
    districts = list(District.objects.order_by("pk"))
    return TimePledge.objects.bulk_create(
        TimePledge(
            volunteer=each,
            status="open",
            status_changed_at=now,
            created_at=now - timedelta(minutes=number),
            confirmed_at=now - timedelta(minutes=number),
            answer_due_at=now + timedelta(days=9, minutes=number),
            submission=uuid4(),
            home_district=districts[number % len(districts)],
        )
        for number, each in enumerate(people)
    )


@transaction.atomic
def _roles(house: Provider, numbers: range, now: datetime) -> list[Role]:
    """Write a task with one role and one date for each number."""
    districts = list(District.objects.order_by("pk"))
    there = {"protection_concept_on": now.date(), "safeguarding_contact": "Kinderschutz-Team"}
    Provider.objects.filter(pk=house.pk).update(is_verified=True, **there)
    tasks = Opportunity.objects.bulk_create(
        Opportunity(
            title=f"Vorlesen {word(n)}",
            slug=f"vorlesen-bench-{n}",
            task="Sie lesen einer kleinen Gruppe vor.",
            field="education",
            site="Stadtteilhaus",
            provider=house,
            district=(district := districts[n % len(districts)]),
            latitude=district.latitude,
            longitude=district.longitude,
            starts_on=local_day(now),
            status="published",
            status_changed_at=now - timedelta(minutes=n),
        )
        for n in numbers
    )
    note_releases([each.pk for each in tasks])
    activity = Activity.objects.exclude(current=None).order_by("pk")[0]
    roles = Role.objects.bulk_create(
        Role(opportunity=each, activity=activity, places=2, places_taken=1, places_held=1) for each in tasks
    )
    Shift.objects.bulk_create(
        Shift(opportunity=each, starts_at=(begins := _moment(n, now)), ends_at=begins + timedelta(hours=1))
        for n, each in zip(numbers, tasks, strict=True)
    )
    make_seats([each.pk for each in tasks], now)
    return roles


def _moment(number: int, now: datetime) -> datetime:
    return now + timedelta(days=1 + number % DAYS, minutes=number // DAYS)


def _ask_and_place(pledges: list[TimePledge], roles: list[Role], now: datetime) -> None:
    """Let each be asked for one task and wait for the answer of its house in the same one."""
    about: list[dict[str, Any]] = [
        {"pledge": pledge, "role": role, "opportunity_id": role.opportunity_id, "status_changed_at": now}
        for pledge, role in zip(pledges, roles, strict=True)
    ]
    Offer.objects.bulk_create(
        Offer(
            status="sent",
            sent_at=now,
            created_at=now - timedelta(minutes=number),
            expires_at=now + timedelta(days=5, minutes=number),
            **each,
        )
        for number, each in enumerate(about)
    )
    Placement.objects.bulk_create(
        Placement(
            volunteer_id=each["pledge"].volunteer_id,
            status="awaiting_confirmation",
            created_at=now - timedelta(minutes=number),
            calendar_uid=str(uuid4()),
            **each,
        )
        for number, each in enumerate(about)
    )


def _money(house: Provider, mailboxes: list[Mailbox], numbers: range, now: datetime) -> None:
    """Write a gift, a line of the bank and a draft of news about a purpose for each number."""
    funds = _purposes(house)
    news = FundUpdate.objects.bulk_create(
        FundUpdate(
            fund=funds[n % PURPOSES], title=f"Hefte {word(n)}", text="Danke!", published_on=local_day(now)
        )
        for n in numbers
    )
    donors = Donor.objects.bulk_create(Donor(mailbox=each, created_at=now) for each in mailboxes)
    Donation.objects.bulk_create(
        Donation(
            fund=(fund := funds[n % PURPOSES]),
            donor=donor,
            donor_name=f"Geberin {word(n)}",
            amount_cents=500 + n,
            method="transfer",
            purpose_text=fund.purpose,
            fallback_text=fund.fallback_purpose,
            text_version=fund.text_version,
            pledged_at=now - timedelta(minutes=n),
            status_changed_at=now,
        )
        for n, donor in zip(numbers, donors, strict=True)
    )
    BankTransaction.objects.bulk_create(
        BankTransaction(
            provider=house,
            fingerprint=f"bench-{n}",
            booked_on=local_day(now) - timedelta(days=n % DAYS),
            amount_cents=500 + n,
            counterparty_name=f"Geberin {word(n)}",
            recorded_at=now,
        )
        for n in numbers
    )
    TextDraft.objects.bulk_create(
        TextDraft(
            about="news",
            row_id=each.pk,
            texts={"text": "Vielen Dank!"},
            provider=house,
            status_changed_at=now - timedelta(minutes=n),
        )
        for n, each in zip(numbers, news, strict=True)
    )


def _purposes(house: Provider) -> list[Fund]:
    """Return the purposes that all gifts are for; written with the first rows."""
    if not house.funds.filter(slug__startswith=PURPOSE).exists():
        Fund.objects.bulk_create(
            Fund(
                name=f"Ranzen {n}",
                slug=f"{PURPOSE}{n}",
                source_key=f"{PURPOSE}{n}",
                provider=house,
                purpose="Ranzen für den Schulanfang.",
                fallback_purpose="Kommt mehr zusammen, verwenden wir es für andere Angebote.",
            )
            for n in range(PURPOSES)
        )
    return list(house.funds.filter(slug__startswith=PURPOSE).order_by("pk"))
