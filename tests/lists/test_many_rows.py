"""No list of the house asks the database more when it has more rows, however it is asked."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from donations.models import BankTransaction
from foundation.clock import utc_now
from programs.models import Membership, Opportunity, Provider, Role, TextDraft
from tests.donations.gifts import make_donation, make_donor
from tests.factories import (
    make_coordinator,
    make_district,
    make_fund,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
    role_of,
)
from tests.lists.rows import OFFERS, PLACEMENTS, PLEDGES, client_of, heads, many_pledges, page
from tests.volunteers.pledging import make_pledge
from volunteers.models import Offer, Placement, TimePledge

pytestmark = pytest.mark.django_db
STAFF = (
    PLEDGES,
    "/koordination/menschen/",
    OFFERS,
    PLACEMENTS,
    "/koordination/angebote/",
    "/koordination/termine/",
    "/koordination/texte/",
)
MONEY = ("/koordination/spenden/", "/koordination/spenden/bewegungen/")
FEW, MORE = 2, 9


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus der Familie")


def add(count: int, house: Provider, now: datetime) -> None:
    """Add so many rows to every list; each belongs to rows of its own where it can."""
    have = TimePledge.objects.count()
    many_pledges(make_pledge(now, email=f"nummer-{have}@example.org", first_name="Mensch"), count - 1, now)
    pledges = list(TimePledge.objects.order_by("pk")[have:])
    tasks = [make_opportunity(f"Nummer {have + n}", provider=house) for n in range(count)]
    _ask_and_place(pledges, tasks, now)
    for each in tasks:
        make_shift(each, now + timedelta(days=1))
    funds = [make_fund(f"Nummer {have + n}", provider=house) for n in range(count)]
    donors = [make_donor() for _number in range(count)]
    for fund, donor in zip(funds, donors, strict=True):
        make_donation(fund, donor=donor, donor_name="Nummer")
    BankTransaction.objects.bulk_create(
        BankTransaction(
            provider=house,
            fingerprint=str(uuid4()),
            booked_on=date(2026, 11, 20),
            amount_cents=2500,
            counterparty_name=f"Nummer {have + n}",
            recorded_at=now,
        )
        for n in range(count)
    )
    TextDraft.objects.bulk_create(
        TextDraft(about="purpose", row_id=fund.pk, texts={"name": "x"}, provider=house, status_changed_at=now)
        for fund in funds
    )


def _ask_and_place(pledges: list[TimePledge], tasks: list[Opportunity], now: datetime) -> None:
    pairs = [(pledge, role_of(task)) for pledge, task in zip(pledges, tasks, strict=True)]
    about = [
        {"pledge": pledge, "role": role, "opportunity_id": role.opportunity_id, "status_changed_at": now}
        for pledge, role in pairs
    ]
    Offer.objects.bulk_create(
        Offer(status="sent", sent_at=now, created_at=now, expires_at=now + timedelta(days=5), **each)
        for each in about
    )
    Placement.objects.bulk_create(
        Placement(
            volunteer_id=pledge.volunteer_id,
            status="awaiting_confirmation",
            created_at=now,
            calendar_uid=str(uuid4()),
            **each,
        )
        for (pledge, _role), each in zip(pairs, about, strict=True)
    )
    Role.objects.filter(opportunity__in=tasks).update(places=2, places_taken=1, places_held=1)


def asked(client: Client, address: str, **query: str) -> tuple[str, int]:
    """Return the page and how often the database was read for it."""
    with CaptureQueriesContext(connection) as caught:
        html = page(client, address, **query)
    return html, sum(each["sql"].startswith("SELECT") for each in caught)


def reads(client: Client, address: str) -> tuple[int, int, int]:
    """Return how often it is read for the list as it stands, by its last order, and for what is alike."""
    html, plain = asked(client, address)
    last_turn = [turn for turn, _order in heads(html).values() if turn][-1]
    return plain, asked(client, address + last_turn)[1], asked(client, address, q="Numer")[1]


def test_many_rows_cost_the_reads_of_few_in_every_list(house: Provider) -> None:
    now = utc_now()
    make_district("Gürzenich")
    office = client_of(make_coordinator(make_youth_office()))
    treasurer = client_of(make_user(Membership.Role.TREASURER, house))
    lists = [*((office, address) for address in STAFF), *((treasurer, address) for address in MONEY)]
    add(FEW, house, now)
    few = {address: reads(client, address) for client, address in lists}
    add(MORE, house, now)
    assert {address: reads(client, address) for client, address in lists} == few
