"""Finding and ordering in a list: forgiving, complete, and telling nobody more than the page does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.actors import staff
from foundation.clock import utc_now
from programs.models import Opportunity, Provider
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_youth_office,
    role_of,
)
from tests.lists.rows import OFFERS, PLACEMENTS, PLEDGES, client_of, heads, many_pledges, names, page
from tests.volunteers.pledging import make_pledge, make_sent_offer
from volunteers.models import Offer, Placement, TimePledge, Volunteer
from volunteers.services.answers import accept_offer
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db
ALIKE = "klingt ähnlich"


@pytest.fixture
def today() -> datetime:
    return utc_now()


@pytest.fixture
def own() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def office() -> Any:
    return client_of(make_coordinator(make_youth_office()))


def somebody(today: datetime, first: str, last: str = "", **more: Any) -> TimePledge:
    pledge = make_pledge(today, first_name=first, email=f"{first.lower()}@example.org", **more)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_name=last)
    pledge.refresh_from_db()
    return pledge


EVERYBODY = ["Adile Y.", "Jörg M.", "Zoë W."]
TYPED = [
    ("yildiz", ["Adile Y."], False),
    ("YILDIZ", ["Adile Y."], False),
    ("Mueller", ["Jörg M."], False),
    ("muller joerg", ["Jörg M."], False),
    ("  Müller   Jorg ", ["Jörg M."], False),
    ("weiss", ["Zoë W."], False),
    ("WEISS", ["Zoë W."], False),
    ("zoe", ["Zoë W."], False),
    ("örg", ["Jörg M."], False),
    ("lesecafe", ["Zoë W."], False),
    ("Strassenfest", ["Adile Y."], False),
    ("Mülller", ["Jörg M."], True),
    ("Yildz", ["Adile Y."], True),
    ("Adiel", ["Adile Y."], True),
    ("müller adile", [], False),
    ("Qqqqqq", [], False),
    ("%", [], False),
    ("_", [], False),
    ("\\", [], False),
    ("' OR 1=1 --", [], False),
    ("x" * 81, EVERYBODY, False),
]


class TestTheSearch:
    def test_forgives(self, today: datetime, office: Any) -> None:
        somebody(today, "Adile", "Yıldız", wanted=make_opportunity("Straßenfest"))
        somebody(today, "Jörg", "Müller")
        somebody(today, "Zoë", "Weiß", wanted=make_opportunity("Lesecafé"))
        for typed, found, is_alike in TYPED:
            html = page(office, PLEDGES, q=typed, sort="person")
            assert (names(html), ALIKE in html) == (found, is_alike), typed

    def test_says_when_nothing_is_found_and_leads_back_to_all(self, today: datetime, office: Any) -> None:
        somebody(today, "Adile")
        html = page(office, PLEDGES, q="Qqqqqq")
        assert "Keine Zeitzusage passt dazu" in html
        assert f'href="{PLEDGES}"' in html

    def test_looks_inside_what_is_filtered_and_nowhere_else(self, today: datetime, office: Any) -> None:
        north, south = make_district("Nord", slug="nord"), make_district("Süd", slug="sued")
        somebody(today, "Adile", home_district=north, fields=["sport"])
        somebody(today, "Adina", home_district=south, fields=["sport", "culture"])
        assert names(page(office, PLEDGES, q="adi", district="sued")) == ["Adina"]
        assert names(page(office, PLEDGES, q="adi", field="culture")) == ["Adina"]
        assert names(page(office, PLEDGES, q="adi", status="placed")) == []
        assert sorted(names(page(office, PLEDGES, status="nonsense"))) == ["Adile", "Adina"]


class TestAProvider:
    def test_finds_and_orders_nobody_by_a_name_it_is_not_told(self, own: Provider, today: datetime) -> None:
        task = make_opportunity("Vorlesen", provider=own, places=9, clearance_required=False)
        said_yes = make_sent_offer(somebody(today, "Bogdan"), task, today)
        accept_offer(said_yes, now=today)
        make_sent_offer(somebody(today, "Aaron"), task, today)
        make_sent_offer(somebody(today, "Zita"), task, today)
        client = client_of(make_coordinator(own))

        assert names(page(client, OFFERS, q="bogdan")) == ["Bogdan"]
        for secret in ("Aaron", "aaron", "Zita", "Aarno"):
            assert names(page(client, OFFERS, q=secret)) == [], secret
        assert len(names(page(client, OFFERS, q="vorlesen"))) == 3
        unnamed = "noch nicht genannt"
        for order in ("person", "-person"):
            assert names(page(client, OFFERS, sort=order)) == ["Bogdan", unnamed, unnamed]

    def test_is_not_helped_to_a_family_name_once_somebody_has_left(
        self, own: Provider, today: datetime
    ) -> None:
        pledge = somebody(today, "Adile", "Kanarienfeder")
        task = make_opportunity("Vorlesen", provider=own, places=9, clearance_required=False)
        accept_offer(make_sent_offer(pledge, task, today), now=today)
        client = client_of(make_coordinator(own))
        assert names(page(client, PLACEMENTS, q="kanarienfeder")) == ["Adile K."]
        assert names(page(client, OFFERS, q="kanarienfeder")) == []

        stop_placement(Placement.objects.get(), reason="not_needed", actor=staff(1, "x"), now=today)

        ended = Placement.objects.get().status
        for typed in ("kanarienfeder", "kanarienfedre"):
            assert names(page(client, PLACEMENTS, q=typed, status=ended)) == []
        assert names(page(client, PLACEMENTS, q="adile", status=ended)) == ["Adile K."]

    def test_learns_no_wish_for_another_providers_task(self, own: Provider, today: datetime) -> None:
        pledge = somebody(today, "Adile", wanted=make_opportunity("Bei anderen"))
        placements_of([pledge], make_opportunity("Eigenes", provider=own, clearance_required=False), today)
        client = client_of(make_coordinator(own))
        assert names(page(client, PLEDGES)) == ["Adile"]
        assert names(page(client, PLEDGES, q="anderen")) == []
        assert "due" not in page(client, PLEDGES, sort="due").split("<table", 1)[1]


def offers_to(pledges: list[TimePledge], task: Opportunity, today: datetime) -> None:
    times = {"status_changed_at": today, "created_at": today, "sent_at": today, "expires_at": today}
    role = role_of(task)
    Offer.objects.bulk_create(
        Offer(pledge=pledge, opportunity=task, role=role, status="sent", **times) for pledge in pledges
    )


def placements_of(pledges: list[TimePledge], task: Opportunity, today: datetime) -> None:
    times = {"status_changed_at": today, "created_at": today, "from_on": today.date()}
    role = role_of(task)
    Placement.objects.bulk_create(
        Placement(
            volunteer=pledge.volunteer,
            pledge=pledge,
            opportunity=task,
            role=role,
            status="active",
            calendar_uid=str(uuid4()),
            **times,
        )
        for pledge in pledges
    )


class TestTheOrder:
    @pytest.mark.parametrize(("address", "make"), [(PLEDGES, placements_of), (OFFERS, offers_to)])
    def test_every_order_shows_each_row_once_and_turns_round(
        self, address: str, make: Callable[..., None], own: Provider, today: datetime, office: Any
    ) -> None:
        """All rows are alike but for the name, so that only the tie decides in most columns."""
        task = make_opportunity("Vorlesen", provider=own, places=50, clearance_required=False)
        many_pledges(somebody(today, "Adile"), 22, today)
        make(list(TimePledge.objects.filter(volunteer__first_name__startswith="Mensch")), task, today)
        TimePledge.objects.filter(volunteer__first_name="Adile").update(status="ended")
        everybody = {f"Mensch{number} N." for number in range(1, 23)}
        turns = {label: turn for label, (turn, _order) in heads(page(office, address)).items() if turn}
        assert len(turns) >= 4
        for label, turn in turns.items():
            first, second = (page(office, f"{address}{turn}&page={number}") for number in (1, 2))
            assert heads(first)[label][1] == "ascending"
            there = names(first) + names(second)
            back_turn = heads(first)[label][0]
            back = [
                name
                for number in (1, 2)
                for name in names(page(office, f"{address}{back_turn}&page={number}"))
            ]
            assert set(there) == everybody, label
            assert back == there[::-1], label
            assert heads(page(office, f"{address}{back_turn}"))[label] == (turn, "descending")

    def test_a_head_keeps_the_filter_and_leaves_the_page(self, today: datetime, office: Any) -> None:
        for number in range(21):
            somebody(today, f"Person{number}")
        turn, order = heads(page(office, PLEDGES, status="open", page="2"))["Person"]
        assert (turn, order) == ("?status=open&sort=person", "")

    def test_who_has_no_script_or_no_table_head_chooses_it_in_the_form(
        self, today: datetime, office: Any
    ) -> None:
        for first in ("Berta", "Anton", "Carla"):
            somebody(today, first)
        html = page(office, PLEDGES, sort="-person")
        assert '<option value="-person" selected>Person, absteigend</option>' in html
        assert names(html) == ["Carla", "Berta", "Anton"]
        assert names(page(office, PLEDGES, sort="volunteer__mailbox__email")) == ["Berta", "Anton", "Carla"]


class TestManyRows:
    def test_ten_thousand_cost_the_queries_of_three(self, today: datetime, office: Any) -> None:
        pledge = somebody(today, "Adile", "Yıldız")
        many_pledges(pledge, 41, today)
        asked = [{}, {"sort": "-place"}, {"q": "nummer", "page": "3"}, {"q": "Yildz"}]

        def spent() -> list[int]:
            counted = []
            for query in asked:
                with CaptureQueriesContext(connection) as caught:
                    page(office, PLEDGES, **query)
                counted.append(sum(each["sql"].startswith("SELECT") for each in caught))
            return counted

        few = spent()
        assert max(few) <= 15
        many_pledges(pledge, 10_010, today)
        assert spent() == few

        last = page(office, PLEDGES, page="500")
        assert "Es sind mehr als 10.000." in last
        assert len(names(last)) == 20
        assert names(page(office, PLEDGES, page="9999")) == names(last)
        assert names(page(office, PLEDGES, q="yildiz")) == ["Adile Y."]

    def test_a_page_is_reached_by_its_number_with_everything_that_was_asked(
        self, today: datetime, office: Any
    ) -> None:
        many_pledges(somebody(today, "Adile"), 79, today)
        html = page(office, PLEDGES, sort="-person", status="open")
        jump = html.split('class="page-jump"', 1)[1].split("</form>", 1)[0]
        assert '<input type="hidden" name="sort" value="-person">' in jump
        assert '<input type="hidden" name="status" value="open">' in jump
        assert 'name="page" id="page_jump" min="1" max="4" value="1"' in jump
        assert "page-jump" not in page(office, PLEDGES, q="adile")
