""" "Meine Zusagen": a link instead of a password."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from tests.factories import make_district, make_opportunity, make_shift
from tests.volunteers.pledging import (
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.models import Assignment, TimePledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return make_pledge(utc_now())


def own(pledge, name="my_page", *args):
    """The address of a page of the pledge's person."""
    return reverse(name, args=[my_page_token(pledge.volunteer.mailbox, utc_now()), *args])


def page(response):
    return response.content.decode()


class TestThePage:
    def test_shows_the_pledge_without_a_password(self, client, pledge):
        response = client.get(own(pledge))
        assert response.status_code == 200
        assert "Maria" in page(response)
        assert "dienstags 15–18" in page(response)
        assert "wir suchen etwas Passendes" in page(response)

    def test_shows_questions_with_the_way_to_answer(self, client, pledge):
        now = utc_now()
        offer = make_sent_offer(pledge, make_opportunity("Vorlesen im Café"), now)
        make_sent_offer(pledge, make_opportunity("Schon vorbei"), now, expires_at=now - timedelta(hours=1))
        text = page(client.get(own(pledge)))
        assert "Wir haben eine Frage an Sie" in text
        assert "Vorlesen im Café" in text
        assert "Schon vorbei" not in text
        assert re.search(r'href="http://127.0.0.1:8000/anfrage/[^"]+"', text)
        assert offer.status == "sent"

    def test_shows_placements_with_their_next_three_dates(self, client, pledge):
        now = utc_now()
        opportunity = make_opportunity("Fußball im Park", clearance_required=False)
        placement = make_placement(pledge, opportunity, now, "active", from_on=date(2026, 1, 1))
        for week in range(1, 6):
            shift = make_shift(opportunity, now + timedelta(weeks=week))
            Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
        text = page(client.get(own(pledge)))
        assert "Fußball im Park" in text
        assert len(re.findall(r"#calendar\"", text.split("Ihre Zeitzusagen")[0])) == 3
        assert "In den Kalender übernehmen" in text

    def test_shows_nobody_elses(self, client, pledge):
        make_pledge(utc_now(), email="erika@example.org", first_name="Erika")
        assert "Erika" not in page(client.get(own(pledge)))

    def test_shows_no_pledge_that_is_not_confirmed(self, client, pledge):
        TimePledge.objects.filter(pk=pledge.pk).update(status="unconfirmed")
        assert "Gerade haben Sie nichts zugesagt" in page(client.get(own(pledge)))

    def test_takes_few_queries_whatever_there_is_to_show(self, client, django_assert_max_num_queries):
        now = utc_now()
        for size in (1, 12):
            pledge = make_pledge(now, email=f"size-{size}@example.org", districts=[make_district()])
            for number in range(size):
                make_sent_offer(pledge, make_opportunity(), now)
                opportunity = make_opportunity(clearance_required=False)
                placement = make_placement(pledge, opportunity, now, "active", from_on=date(2026, 1, 1))
                shift = make_shift(opportunity, now + timedelta(days=3, hours=2 * number))
                Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
                pledge.exceptions.create(from_on=date(2027, 1, 1), until_on=date(2027, 1, 2))
                other = make_pledge(now, email=f"size-{size}@example.org")
                assert other.volunteer == pledge.volunteer
            with django_assert_max_num_queries(10):
                assert client.get(own(pledge)).status_code == 200

    def test_is_kept_nowhere(self, client, pledge):
        response = client.get(own(pledge))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"

    def test_an_invented_notice_is_not_shown(self, client, pledge):
        assert "Überweisen" not in page(client.get(own(pledge) + "?hinweis=Überweisen"))
