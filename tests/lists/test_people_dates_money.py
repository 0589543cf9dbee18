"""The lists of people, dates, gifts and bank lines: found, ordered, taken away; to each only their own."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.services.mailboxes import paper_mailbox
from donations.models import Donation, ReceiptAddress, TransferReference
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.clock import utc_now
from foundation.history import lines_of
from programs.models import Membership, Provider
from tests.donations.gifts import make_donation, told_by_bank
from tests.factories import (
    make_coordinator,
    make_district,
    make_fund,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.lists.rows import client_of, heads, many_pledges, names, page
from tests.lists.test_files import cells
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import TimePledge, Volunteer

pytestmark = pytest.mark.django_db
PEOPLE, DATES = "/koordination/menschen/", "/koordination/termine/"
GIFTS, LINES = "/koordination/spenden/", "/koordination/spenden/bewegungen/"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus der Familie")


@pytest.fixture
def office() -> Client:
    return client_of(make_coordinator(make_youth_office()))


def table(client: Client, address: str, **query: str) -> list[list[str]]:
    answer = client.get(f"{address}liste.csv", query)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.getvalue().decode()[1:]), delimiter=";"))


def turned(client: Client, address: str, label: str) -> list[str]:
    """Return who is listed once the head `label` was clicked."""
    turn, _order = heads(page(client, address))[label]
    assert turn
    return names(page(client, address + turn))


def somebody(now: datetime, first: str, last: str, **values: Any) -> TimePledge:
    pledge = make_pledge(now, first_name=first, email=f"{first.lower()}@example.org")
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(last_name=last, **values)
    pledge.refresh_from_db()
    return pledge


class TestPeople:
    def test_are_found_narrowed_ordered_and_taken_away(
        self, now: datetime, house: Provider, office: Client
    ) -> None:
        adile = somebody(now - timedelta(days=2), "Adile", "Yıldız", phone="02421 99")
        zoe = somebody(now - timedelta(days=1), "Zoë", "Weiß")
        task = make_opportunity("Lesecafé", provider=house, places=2)
        make_placement(adile, task, now, "awaiting_confirmation")
        TimePledge.objects.filter(pk=adile.pk).update(status="placed")
        hedwig = somebody(now, "Hedwig", "Kremer")
        Volunteer.objects.filter(pk=hedwig.volunteer_id).update(
            mailbox=paper_mailbox("Hedwig Kremer\nWeierstraße 7\n52349 Düren", now)
        )
        TimePledge.objects.filter(pk=hedwig.pk).update(status="withdrawn")
        everybody = ["Hedwig Kremer", "Zoë Weiß", "Adile Yıldız"]
        assert names(page(office, PEOPLE)) == everybody
        for query, found in (
            ({"q": "yildiz"}, ["Adile Yıldız"]),
            ({"q": "Weis zoe"}, ["Zoë Weiß"]),
            ({"q": "Kremmer"}, ["Hedwig Kremer"]),
            ({"stand": "einsatz"}, ["Adile Yıldız"]),
            ({"stand": "sucht"}, ["Zoë Weiß"]),
            ({"stand": "ruht"}, ["Hedwig Kremer"]),
            ({"stand": "brief"}, ["Hedwig Kremer"]),
            ({"stand": "unerreichbar"}, []),
            ({"stand": "unsinn"}, everybody),
        ):
            assert names(page(office, PEOPLE, **query)) == found, query
        assert turned(office, PEOPLE, "Name") == ["Adile Yıldız", "Hedwig Kremer", "Zoë Weiß"]
        assert turned(office, PEOPLE, "Einsätze")[-1] == "Adile Yıldız"
        assert "" not in [turn for turn, _order in heads(page(office, PEOPLE)).values()]
        head, *lines = table(office, PEOPLE, sort="name")
        assert head == ["Name", "Erreichbar", "Einsätze", "Zuletzt gefragt", "Dabei seit"]
        assert [line[:3] for line in lines] == [
            ["Adile Yıldız", "02421 99, adile@example.org", "1"],
            ["Hedwig Kremer", "per Brief: Hedwig Kremer, Weierstraße 7, 52349 Düren", "0"],
            ["Zoë Weiß", "zoë@example.org", "0"],
        ]
        assert zoe.is_open

    def test_a_provider_sees_who_is_there_and_how_often_there(self, now: datetime, house: Provider) -> None:
        adile, zoe = somebody(now, "Adile", "Yıldız"), somebody(now, "Zoë", "Weiß")
        for provider, pledge, status in (
            (house, adile, "awaiting_confirmation"),
            (make_provider(), adile, "awaiting_confirmation"),
            (house, zoe, "cancelled"),
        ):
            make_placement(pledge, make_opportunity(provider=provider, places=2), now, status)
        coordinator = make_coordinator(house)
        client = client_of(coordinator)
        assert names(page(client, PEOPLE)) == ["Adile Yıldız"]
        assert names(page(client, PEOPLE, q="weiss")) == []
        assert [line[2] for line in table(client, PEOPLE)[1:]] == ["1"]
        noted = lines_of(adile.volunteer).filter(kind="read", route="coordination_people")
        assert {line.actor_user for line in noted} == {coordinator.pk}
        assert not lines_of(zoe.volunteer).filter(kind="read").exists()
        taken = lines_of(coordinator).get(changes__has_key="file")
        assert taken.changes == {"file": [None, "menschen.csv"], "rows": [None, 1]}
        assert names(page(client_of(make_coordinator(make_provider())), PEOPLE)) == []

    def test_ten_thousand_cost_what_three_cost(self, now: datetime, office: Client) -> None:
        pledge = somebody(now, "Adile", "Yıldız")
        many_pledges(pledge, 20, now)
        with CaptureQueriesContext(
            connection,
        ) as few:
            page(office, PEOPLE, q="Mensch1")
        many_pledges(pledge, 3_000, now)
        with CaptureQueriesContext(connection) as many:
            page(office, PEOPLE, q="Mensch1")
        assert len(many) == len(few)

    def test_a_provider_orders_by_the_placements_it_has_itself(self, now: datetime, house: Provider) -> None:
        adile, client = somebody(now, "Adile", "Yıldız"), client_of(make_coordinator(house))
        make_placement(adile, make_opportunity(provider=house), now, "awaiting_confirmation")
        berta = somebody(now, "Berta", "Alt")
        for _time in range(2):
            make_placement(berta, make_opportunity(provider=house), now, "awaiting_confirmation")
        make_placement(adile, make_opportunity(provider=house), now, "cancelled")
        for _time in range(3):
            make_placement(adile, make_opportunity(), now, "awaiting_confirmation")
        by_placements = {way: table(client, PEOPLE, sort=f"{way}placements")[1:] for way in ("", "-")}
        assert {way: [line[:3:2] for line in lines] for way, lines in by_placements.items()} == {
            "": [["Adile Yıldız", "1"], ["Berta Alt", "2"]],
            "-": [["Berta Alt", "2"], ["Adile Yıldız", "1"]],
        }


class TestDates:
    def test_are_found_narrowed_ordered_and_taken_away(self, now: datetime, house: Provider) -> None:
        north = make_district("Gürzenich")
        read = make_opportunity("Lesecafé", provider=house, district=north, site="Bücherei")
        cook = make_opportunity("Kochen", provider=house, site="Küche")
        for task, days, taken in ((read, 2, 1), (cook, 1, 2)):
            make_shift(task, now + timedelta(days=days), places=2).seats.update(places_taken=taken)
        make_shift(cook, now + timedelta(days=3), is_cancelled=True)
        make_shift(read, now - timedelta(days=3))
        make_shift(make_opportunity("Fremdes"), now + timedelta(days=1))
        client = client_of(make_coordinator(house))

        def tasks(**query: str) -> list[str]:
            return [line[1] for line in table(client, DATES, **query)[1:]]

        assert tasks() == ["Kochen", "Lesecafé", "Kochen"]
        for query, found in (
            ({"q": "lesecafe"}, ["Lesecafé"]),
            ({"q": "kueche"}, ["Kochen", "Kochen"]),
            ({"q": "haus familie kochn"}, ["Kochen", "Kochen"]),
            ({"q": "fremdes"}, []),
            ({"stand": "luecke"}, ["Lesecafé"]),
            ({"stand": "voll"}, ["Kochen"]),
            ({"stand": "abgesagt"}, ["Kochen"]),
            ({"wann": "vergangen"}, ["Lesecafé"]),
            ({"wann": "alle", "district": north.slug}, ["Lesecafé", "Lesecafé"]),
            ({"sort": "-coming", "stand": "voll"}, ["Kochen"]),
            ({"sort": "coming"}, ["Kochen", "Lesecafé", "Kochen"]),
            ({"sort": "-coming", "q": "kochen lesecafe"}, []),
            ({"sort": "-fill"}, ["Kochen", "Kochen", "Lesecafé"]),
            ({"sort": "-when"}, ["Kochen", "Lesecafé", "Kochen"]),
        ):
            assert tasks(**query) == found, query
        html = page(client, DATES)
        assert "" not in [turn for turn, _order in heads(html).values()]
        assert ("3 Termine" in html, "1 von 2" in html, "fällt aus" in html) == (True, True, True)
        assert table(client, DATES, stand="luecke")[1][3:] == [
            "Bücherei, Gürzenich",
            "1 von 2",
            "es fehlt jemand",
        ]


class TestMoney:
    @pytest.fixture
    def treasurer(self, house: Provider) -> Client:
        return client_of(make_user(Membership.Role.TREASURER, house))

    def gift(self, house: Provider, name: str, cents: int, **values: Any) -> Donation:
        fund = make_fund(f"Zweck von {name}", provider=house)
        return make_donation(fund, amount_cents=cents, donor_name=name, **values)

    def test_gifts_are_found_ordered_and_taken_away(self, house: Provider, treasurer: Client) -> None:
        small = self.gift(house, "Jörg Müller", 500)
        large = self.gift(house, "=SUMME(A1)", 120_000, wants_receipt=True, method="transfer")
        TransferReference.objects.create(donation=large, reference="RF18539007547034")
        self.gift(make_provider(), "Fremde Müller", 700)

        def givers(**query: str) -> list[str]:
            return [line[3].split(",")[0] for line in table(treasurer, GIFTS, **query)[1:]]

        for query, found in (
            ({"sort": "amount"}, ["Jörg Müller", "'=SUMME(A1)"]),
            ({"sort": "-amount"}, ["'=SUMME(A1)", "Jörg Müller"]),
            ({"q": "mueller"}, ["Jörg Müller"]),
            ({"q": "Mülller"}, ["Jörg Müller"]),
            ({"q": "rf1853"}, ["'=SUMME(A1)"]),
            ({"q": small.donor.email.upper()}, ["Jörg Müller"]),
            ({"q": "fremde"}, []),
            ({"weg": "transfer"}, ["'=SUMME(A1)"]),
            ({"bestaetigung": "gewuenscht"}, ["'=SUMME(A1)"]),
            ({"ansicht": "eingegangen"}, []),
        ):
            assert givers(**query) == found, query
        html = page(treasurer, GIFTS, sort="amount")
        assert ("2 Spenden" in html, "Fremde" in html) == (True, False)
        assert "" not in [turn for turn, _order in heads(html).values()]
        assert table(treasurer, GIFTS, q="müller")[1][1] == "5,00 €"
        ReceiptAddress.objects.create(donation=large, street="", postcode="52349", town="Düren")
        assert table(treasurer, GIFTS, weg="transfer")[1][6] == "gewünscht: 52349 Düren"
        assert "<br><br>" not in page(treasurer, GIFTS)

    def test_amounts_are_numbers_that_a_spreadsheet_adds_up(
        self, house: Provider, treasurer: Client, now: datetime
    ) -> None:
        for cents in (-123_456, 50):
            told_by_bank(house, Credit(date(2026, 11, 20), cents, "Sparkasse", "Entgelt"), now)
        _head, *lines = table(treasurer, LINES, sort="amount")
        assert [(line[2], line[5]) for line in lines] == [("-1234,56 €", "0,00 €"), ("0,50 €", "0,00 €")]
        answer = treasurer.get(f"{LINES}liste.xlsx", {"sort": "amount"})
        _head, *rows = cells(answer.getvalue())
        assert [(row[2], row[5]) for row in rows] == [
            (("n", "-1234.56"), ("n", "0")),
            (("n", "0.5"), ("n", "0")),
        ]
        assert "−1.234,56\xa0€" in treasurer.get(LINES).content.decode()

    def test_lines_are_open_first_masked_everywhere_and_only_ones_own(
        self, house: Provider, treasurer: Client, now: datetime
    ) -> None:
        for provider, name, text in (
            (house, "Jörg Müller", "für das Kind Mia Schmidt, 7 Jahre"),
            (make_provider(), "Fremde", "Spende"),
        ):
            credit = Credit(date(2026, 11, 20), 2500, name, text)
            record_bank_transfer(provider, credit, recorded_by=None, now=now)
        head, *lines = table(treasurer, LINES)
        assert head == ["Gebucht", "Konto von", "Betrag", "Name", "Verwendungszweck", "Zugeordnet", "Stand"]
        assert len(lines) == 1
        assert (lines[0][0], lines[0][3], lines[0][6]) == ("20.11.2026", "Jörg Müller", "offen")
        assert "Mia Schmidt" not in lines[0][4]
        assert "Mia Schmidt" not in page(treasurer, LINES)
        assert "1 Kontobewegung" in page(treasurer, LINES, q="jorg", stand="alle")
        assert "Keine Kontobewegung passt dazu" in page(treasurer, LINES, stand="erledigt")
        assert "" not in [turn for turn, _order in heads(page(treasurer, LINES)).values()]

    def test_nobody_else_comes_in(self, house: Provider, office: Client) -> None:
        for client in (office, client_of(make_coordinator(house))):
            for address in (GIFTS, LINES, f"{GIFTS}liste.csv", f"{LINES}liste.xlsx"):
                assert client.get(address).status_code == 403, address
