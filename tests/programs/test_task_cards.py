"""Cards of Engagementangebote are drawn once, and are never those of yesterday."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programs.models import District, Opportunity, Role, ShiftSeries
from tests.factories import make_district, make_opportunity, make_program, make_provider

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<article class="card">(.*?)</article>', re.DOTALL)


def cards(client: Client, path: str = "/zeit/") -> list[str]:
    return CARD.findall(client.get(path).content.decode())


def card(client: Client, path: str = "/zeit/") -> str:
    [only] = cards(client, path)
    return only


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"title": "Rechnen"}, ">Vorlesen</a>", ">Rechnen</a>"),
        ({"task": "Mit Zahlen spielen"}, "Kindern vorlesen", "Mit Zahlen spielen"),
        ({"site": "Turnhalle"}, "Bücherei", "Turnhalle"),
        ({"field": "sport"}, "#book", "#sport"),
        ({"slug": "rechnen"}, "/zeit/vorlesen/", "/zeit/rechnen/"),
    ],
)
def test_a_changed_row_shows_at_once(client: Client, change: dict[str, Any], before: str, after: str) -> None:
    row = make_opportunity("Vorlesen", slug="vorlesen", site="Bücherei", task="Kindern vorlesen")
    for _visit in range(2):
        assert before in card(client)
    Opportunity.objects.filter(pk=row.pk).update(**change)
    changed = card(client)
    assert after in changed
    assert before not in changed


def whole(hours: str) -> str:
    """A time as a page writes it: both ends on one line."""
    return f'<span class="nowrap">{hours} Uhr</span>'


def test_the_name_of_the_district_and_the_times_are_those_of_now(client: Client) -> None:
    row = make_opportunity("Vorlesen", district=make_district("Nord"), slots=[(4, 900, 960), (1, 600, 690)])
    assert f"<span>dienstags {whole('10–11:30')}, freitags {whole('15–16')}</span>" in card(client)
    assert "<span>Nord · " in card(client)
    ShiftSeries.objects.filter(opportunity=row, rrule__endswith="FR").delete()
    District.objects.update(name="Ost")
    assert f"<span>dienstags {whole('10–11:30')}</span>" in card(client)
    assert "<span>Ost · " in card(client)
    row.series.update(rrule="", rdates=[date(2028, 2, 29)])
    assert f'<span>am <span class="nowrap">29. Februar 2028</span> {whole("10–11:30")}</span>' in card(client)
    row.series.all().delete()
    assert "<span>Zeiten nach Absprache</span>" in card(client)


def test_a_full_task_goes_at_once_and_comes_back_when_a_place_is_free(client: Client) -> None:
    row = make_opportunity("Vorlesen", places=2, places_taken=1)
    assert len(cards(client)) == 1
    for taken, shown in ((2, 0), (1, 1), (2, 0), (0, 1)):
        Role.objects.filter(opportunity=row).update(places_taken=taken)
        assert len(cards(client)) == shown


def test_two_tasks_that_tell_the_same_lead_each_to_its_own_page(client: Client) -> None:
    first = make_opportunity("Vorlesen", slots=[])
    second = make_opportunity("Vorlesen", slots=[], district=first.district, provider=first.provider)
    found = [re.findall(r'<a href="([^"]+)"', each) for each in cards(client)]
    assert found == [[second.get_absolute_url()], [first.get_absolute_url()]]


def test_what_somebody_wrote_stays_text(client: Client) -> None:
    make_opportunity("<b>Vorlesen</b>", site='"><script>alert(1)</script>', task="<i>lesen</i> & mehr")
    for _visit in range(2):
        drawn = card(client)
        assert "&lt;b&gt;Vorlesen&lt;/b&gt;" in drawn
        assert "&lt;i&gt;lesen&lt;/i&gt; &amp; mehr" in drawn
        assert not re.search(r"<(b|i|script)[ >]", drawn)


def test_program_and_provider_show_their_own_only_and_six_at_most(client: Client) -> None:
    provider, other = make_provider("Eigener Träger", kind="club"), make_provider("Anderer Träger")
    program = make_program("Leseclub", provider=provider)
    for number in range(7):
        make_opportunity(f"Lesen {number}", provider=provider, program=program)
    make_opportunity("Woanders", provider=other)
    make_opportunity("Ohne Angebot", provider=provider)
    own = [re.findall(r"<a [^>]*>([^<]+)", each)[0] for each in cards(client, program.get_absolute_url())]
    assert own == [f"Lesen {number}" for number in (6, 5, 4, 3, 2, 1)]
    theirs = [
        re.findall(r"<a [^>]*>([^<]+)", each)[0] for each in cards(client, f"/hilfe/traeger/{provider.slug}/")
    ]
    assert theirs == ["Ohne Angebot", *own[:5]]


def test_a_task_that_ended_yesterday_is_nowhere(client: Client) -> None:
    today: date = timezone.localdate()
    row = make_opportunity("Vorlesen", ends_on=today)
    assert len(cards(client)) == 1
    Opportunity.objects.filter(pk=row.pk).update(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    assert cards(client) == []
