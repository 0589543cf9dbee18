""" "Meine Zusagen": a link instead of a password."""

import re
from datetime import date, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from foundation.clock import utc_now
from foundation.links import sign
from foundation.sweeps import run
from outbox.models import Message
from tests.factories import make_district, make_opportunity, make_shift
from tests.volunteers.pledging import (
    link_in,
    mails,
    make_placement,
    make_pledge,
    make_sent_offer,
)
from volunteers.models import Assignment, LinkRequest, TimePledge
from volunteers.services.links import my_pledges_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return make_pledge(utc_now())


def own(pledge, name="my_pledges_with", *args):
    """The address of a page of the pledge's person."""
    return reverse(name, args=[my_pledges_token(pledge.volunteer, utc_now()), *args])


def page(response):
    return response.content.decode()


class TestThePage:
    def test_shows_the_pledge_without_a_password(self, client, pledge):
        response = client.get(own(pledge))
        assert response.status_code == 200
        assert "Guten Tag, Maria" in page(response)
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
            for _number in range(size):
                make_sent_offer(pledge, make_opportunity(), now)
                opportunity = make_opportunity(clearance_required=False)
                placement = make_placement(pledge, opportunity, now, "active", from_on=date(2026, 1, 1))
                shift = make_shift(opportunity, now + timedelta(days=3))
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


class TestTheLink:
    def test_works_for_half_a_year(self, client, pledge):
        now = utc_now()
        person = pledge.volunteer
        almost = my_pledges_token(person, now - timedelta(days=180) + timedelta(minutes=1))
        over = my_pledges_token(person, now - timedelta(days=180))
        assert client.get(reverse("my_pledges_with", args=[almost])).status_code == 200
        response = client.get(reverse("my_pledges_with", args=[over]))
        assert response.status_code == 410
        assert "Neuen Link anfordern" in page(response)

    @pytest.mark.parametrize(
        "token", ["x", "1.1", "a:b:c", "%00", "💥", "x" * 3000, "..", "W10:1:1", "\u202e", "%F0%9F"]
    )
    def test_what_is_no_link_gets_a_plain_page(self, client, token):
        response = client.get(f"/meine-zusagen/{token}/")
        assert response.status_code in (400, 404)

    @pytest.mark.parametrize(
        "subject", ["", ".", "x.1", "1.x", "1", "99999999999999999999.1", "1.1.1", "\x00.1"]
    )
    def test_a_genuine_signature_of_an_unknown_subject_opens_nothing(self, client, subject):
        token = sign("my_pledges", subject, now=utc_now(), valid_for=timedelta(days=1))
        assert client.get(reverse("my_pledges_with", args=[token])).status_code == 404

    @pytest.mark.parametrize("content", [[], "text", [1, 2, 3], {"a": 1}])
    def test_a_genuine_signature_of_something_odd_opens_nothing(self, client, content):
        token = signing.dumps(content, salt="link.my_pledges")
        assert client.get(reverse("my_pledges_with", args=[token])).status_code == 404

    def test_a_link_for_something_else_opens_nothing(self, client, pledge):
        token = sign("offer", f"{pledge.volunteer_id}.1", now=utc_now(), valid_for=timedelta(days=1))
        assert client.get(reverse("my_pledges_with", args=[token])).status_code == 404

    def test_renewing_makes_every_old_one_void_and_mails_a_new_one(self, client, pledge):
        old = own(pledge)
        response = client.post(own(pledge, "my_link_renew"))
        assert (response.status_code, response["Location"]) == (303, reverse("my_pledges_link_sent"))
        assert client.get(old).status_code == 404
        assert client.get(link_in(mails("my_pledges_link").get(), "/meine-zusagen/")).status_code == 200

    def test_renewing_is_no_link_to_click(self, client, pledge):
        assert client.get(own(pledge, "my_link_renew")).status_code == 405
        assert client.get(own(pledge)).status_code == 200

    def test_the_thanks_for_a_pledge_does_not_reopen_what_was_revoked(self, client, pledge):
        first = link_in(mails("pledge_confirmed").get(), "/meine-zusagen/")
        client.post(own(pledge, "my_link_renew"))
        assert client.get(first).status_code == 404


class TestAskingForTheLink:
    def ask(self, client, email, **extra):
        return client.post(reverse("my_pledges"), {"email": email}, **extra)

    def test_mails_it_to_a_known_address(self, client, pledge):
        response = self.ask(client, "Maria@example.org ")
        assert (response.status_code, response["Location"]) == (303, reverse("my_pledges_link_sent"))
        assert mails("my_pledges_link").count() == 0
        run("volunteers.answer_link_requests", utc_now())
        mail = mails("my_pledges_link").get()
        assert mail.to_email == "maria@example.org"
        assert client.get(link_in(mail, "/meine-zusagen/")).status_code == 200
        assert LinkRequest.objects.count() == 0

    def test_answers_an_unknown_address_alike_and_mails_nothing(
        self, client, pledge, django_assert_num_queries
    ):
        pages = []
        for email in ("maria@example.org", "nobody@example.org"):
            with django_assert_num_queries(8):
                response = self.ask(client, email)
            pages.append((response.status_code, response["Location"], response.content))
        assert pages[0] == pages[1]
        before = Message.objects.count()
        assert run("volunteers.answer_link_requests", utc_now()) == 1
        assert Message.objects.count() == before + 1
        assert LinkRequest.objects.count() == 0

    def test_an_address_that_only_somebody_typed_is_unknown(self, client, pledge):
        type(pledge.volunteer).objects.update(confirmed_at=None)
        self.ask(client, "maria@example.org")
        assert run("volunteers.answer_link_requests", utc_now()) == 0
        assert mails("my_pledges_link").count() == 0

    def test_the_third_time_a_day_is_answered_when_its_turn_comes(self, client, pledge):
        assert [self.ask(client, "maria@example.org").status_code for _turn in range(3)] == [303] * 3
        assert run("volunteers.answer_link_requests", utc_now()) == 2
        assert mails("my_pledges_link").count() == 2
        assert run("volunteers.answer_link_requests", utc_now() + timedelta(hours=11)) == 0
        assert run("volunteers.answer_link_requests", utc_now() + timedelta(hours=12)) == 1
        assert LinkRequest.objects.count() == 0

    def test_the_fifth_time_a_day_is_refused_and_says_so(self, client, pledge):
        answers = [self.ask(client, "maria@example.org") for _turn in range(5)]
        assert [answer.status_code for answer in answers] == [303] * 4 + [429]
        assert 'value="maria@example.org"' in page(answers[4])
        assert answers[4]["Retry-After"] == "43200"
        assert LinkRequest.objects.count() == 4

    @pytest.mark.parametrize(
        "email", ["", "maria", "a\x00@b.de", "x" * 10_000 + "@example.org", "💥@example.org"]
    )
    def test_what_is_no_address_is_asked_again(self, client, email):
        response = self.ask(client, email)
        assert response.status_code == 422
        assert LinkRequest.objects.count() == 0
