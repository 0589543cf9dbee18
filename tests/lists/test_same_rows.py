"""Each list finds by its indexes exactly what somebody would find who read every row."""

from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import CharField, F, FloatField, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.db.models.lookups import Contains, GreaterThanOrEqual
from pytest_django import DjangoDbBlocker

from donations.forms.lists import gift_list, line_list
from donations.models import BankTransaction, Donation
from foundation.clock import utc_now
from foundation.lists.declaring import Listing
from foundation.lists.searching import Folded, Word
from programs.forms.lists import task_list, text_list
from programs.models import FundUpdate, Opportunity, Program, Provider, Shift, TextDraft
from programs.selectors.text_drafts import texts_with_names
from tests.donations.gifts import make_donation, make_donor
from tests.factories import (
    make_district,
    make_fund,
    make_news,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
    role_of,
)
from tests.kept import kept
from tests.volunteers.pledging import make_group, make_pledge
from volunteers.forms.lists import offer_list, placement_list, pledge_list
from volunteers.forms.people_lists import date_list, person_list
from volunteers.models import Offer, Placement, TimePledge, Volunteer
from volunteers.models.volunteer import WHOLE_NAME

pytestmark = pytest.mark.django_db
PEOPLE = (("Adile", "Yıldız"), ("Jörg", "Müller"), ("Zoë", "Weiß"), ("Bogdan", "Maier"), ("Adam", "Nolte"))
TASKS = ("Straßenfest", "Lesecafé", "Vorlesen", "Schach", "Kochen & Essen")
HOUSES = ("Haus der Familie", "Sozialdienst", "Jugendring", "Musikschule", "Café Lichtblick")
SITES = ("Turnhalle", "Bücherei", "Werkstatt", "Schulhof", "Küche")
DISTRICTS = ("Nord", "Süd", "Rölsdorf", "Gürzenich", "Mariaweiler")
TYPED: tuple[str, ...] = (
    "yildiz",
    "Mülller",
    "Meier",
    "ada",
    "Strasenfest",
    "Lesekafe",
    "Musikschuel",
    "Bogadn",
    "chor",
    "Gürznich",
    "Ranzn",
    "hefte",
    "Familie",
    "%",
    "a",
)


def write_rows() -> None:
    now = utc_now()
    make_group(now, 5)
    for (first, last), title, house, site, district in zip(
        PEOPLE, TASKS, HOUSES, SITES, DISTRICTS, strict=True
    ):
        provider = make_provider(house)
        task = make_opportunity(title, provider=provider, site=site, district=make_district(district))
        pledge = make_pledge(now, first_name=first, email=f"{last[0]}{first[0]}@example.org", wanted=task)
        Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_name=last)
        about: dict[str, Any] = {"pledge": pledge, "role": role_of(task), "status_changed_at": now}
        there = "ended" if first == "Zoë" else "awaiting_confirmation"
        said = "accepted" if first < "C" else "sent"
        Offer.objects.create(
            **about, status=said, created_at=now, sent_at=now, expires_at=now, answered_at=now
        )
        Placement.objects.create(
            **about, volunteer_id=pledge.volunteer_id, status=there, created_at=now, calendar_uid=str(uuid4())
        )
        make_shift(task, now)
        fund = make_fund(f"Ranzen für {district}", provider=provider)
        make_donation(
            fund, donor=make_donor(f"{first[0]}.{last[0]}@example.org"), donor_name=f"{first} {last}"
        )
        BankTransaction.objects.create(
            provider=provider,
            fingerprint=house,
            booked_on=date(2026, 11, 20),
            amount_cents=2500,
            counterparty_name=last,
            remittance=f"Danke für {title}",
            recorded_at=now,
        )
        named = {"purpose": fund, "news": make_news(fund, f"Hefte für {title}"), "provider": provider}
        for about_what, row in {**named, "program": make_program(site)}.items():
            TextDraft.objects.create(
                about=about_what, row_id=row.pk, provider=provider, status_changed_at=now
            )


@pytest.fixture(scope="module", autouse=True)
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(write_rows, django_db_blocker):
        yield


def whole_name(path: str) -> Combinable:
    return Concat(f"{path}first_name", Value(" "), f"{path}last_name")


LISTS: dict[str, tuple[Listing[Any], QuerySet[Any], list[tuple[Q, str | Combinable]]]] = {
    "pledges": (
        pledge_list(everybody=True),
        TimePledge.objects.all(),
        [
            (Q(), whole_name("volunteer__")),
            (~Q(volunteer__group_name=""), "volunteer__group_name"),
            (Q(), "wanted_opportunity__title"),
        ],
    ),
    "pledges of a house": (
        pledge_list(everybody=False),
        TimePledge.objects.all(),
        [(Q(), whole_name("volunteer__")), (~Q(volunteer__group_name=""), "volunteer__group_name")],
    ),
    "questions": (
        offer_list(everybody=True),
        Offer.objects.all(),
        [(Q(), "opportunity__title"), (Q(), whole_name("pledge__volunteer__"))],
    ),
    "questions of a house": (
        offer_list(everybody=False),
        Offer.objects.all(),
        [(Q(), "opportunity__title"), (Q(status="accepted"), "pledge__volunteer__first_name")],
    ),
    "placements": (
        placement_list(),
        Placement.objects.all(),
        [
            (Q(), "opportunity__title"),
            (Q(), "volunteer__first_name"),
            (Q(status__in=Placement.HOLDING), whole_name("volunteer__")),
        ],
    ),
    "people": (person_list(Provider.objects.all()), Volunteer.objects.all(), [(Q(), whole_name(""))]),
    "dates": (
        date_list(),
        Shift.objects.all(),
        [(Q(), f"opportunity__{each}") for each in ("title", "site", "provider__name")],
    ),
    "tasks": (
        task_list(),
        Opportunity.objects.all(),
        [(Q(), each) for each in ("title", "site", "provider__name", "district__name")],
    ),
    "texts": (text_list(), texts_with_names(), [(Q(), "name"), (Q(), "provider__name")]),
    "gifts": (gift_list(), Donation.objects.all(), [(Q(), "donor_name"), (Q(), "fund__name")]),
    "lines": (
        line_list(),
        BankTransaction.objects.all(),
        [(Q(), "counterparty_name"), (Q(), "remittance")],
    ),
}


def read_row_by_row(rows: QuerySet[Any], looked_in: list[tuple[Q, str | Combinable]], word: Word) -> set[int]:
    typed = Folded(Value(word.text, output_field=CharField()))
    found = []
    for condition, place in looked_in:
        text = Folded(F(place) if isinstance(place, str) else place)
        hit = Q(Contains(text, typed))
        if word.is_lenient and len(word.text) >= 4:
            likeness = Func(typed, text, function="word_similarity", output_field=FloatField())
            hit |= Q(GreaterThanOrEqual(likeness, 0.4))
        found.append(condition & hit)
    return set(rows.filter(reduce(or_, found)).values_list("pk", flat=True))


@pytest.mark.parametrize("name", LISTS)
def test_a_word_finds_the_same_rows(name: str) -> None:
    listing, rows, looked_in = LISTS[name]
    exact, alike = 0, 0
    for text in TYPED:
        sizes = []
        for is_lenient in (False, True):
            word = Word(text, is_lenient)
            found = set(rows.filter(listing.looked(word)).values_list("pk", flat=True))
            assert found == read_row_by_row(rows, looked_in, word), (text, is_lenient)
            sizes.append(len(found))
        exact += sizes[0] > 0
        alike += sizes[1] > sizes[0]
    assert exact >= 2, "the words find something"
    assert alike >= 2, "and more of them what is spelled alike"


@pytest.mark.parametrize(
    ("model", "column", "index"),
    [
        (Opportunity, "title", "opportunity_by_title"),
        (Opportunity, "site", "opportunity_by_site"),
        (FundUpdate, "title", "news_by_title"),
        (Program, "name", "program_by_name"),
        (Volunteer, "first_name", "volunteer_by_first_name"),
        (Volunteer, WHOLE_NAME, "volunteer_by_name"),
        (Donation, "donor_name", "donation_by_name"),
        (BankTransaction, "counterparty_name", "bank_line_by_name"),
        (BankTransaction, "remittance", "bank_line_by_text"),
    ],
)
def test_the_index_answers_both_searches(model: type[Model], column: Any, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    for is_lenient in (False, True):
        plan = model._default_manager.filter(Word("Yildz", is_lenient).within(column)).order_by().explain()
        assert index in plan, plan
