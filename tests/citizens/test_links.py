"""The link to "Meine Seite": what it opens, how long, and what makes it void."""

from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse

from citizens.models import LinkRequest
from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.links import sign
from foundation.sweeps import run
from outbox.models import Message
from tests.volunteers.pledging import link_in, mails, make_pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return make_pledge(utc_now())


def own(pledge, name="my_page", *args):
    """The address of a page of the pledge's mailbox."""
    return reverse(name, args=[my_page_token(pledge.volunteer.mailbox, utc_now()), *args])


def page(response):
    return response.content.decode()


class TestTheLink:
    def test_works_for_half_a_year(self, client, pledge):
        now = utc_now()
        person = pledge.volunteer
        almost = my_page_token(person.mailbox, now - timedelta(days=180) + timedelta(minutes=1))
        over = my_page_token(person.mailbox, now - timedelta(days=180))
        assert client.get(reverse("my_page", args=[almost])).status_code == 200
        response = client.get(reverse("my_page", args=[over]))
        assert response.status_code == 410
        assert "Neuen Link anfordern" in page(response)

    @pytest.mark.parametrize(
        "token", ["x", "1.1", "a:b:c", "%00", "💥", "x" * 3000, "..", "W10:1:1", "\u202e", "%F0%9F"]
    )
    def test_what_is_no_link_gets_a_plain_page(self, client, token):
        response = client.get(f"/meins/{token}/")
        assert response.status_code in (400, 404)

    @pytest.mark.parametrize(
        "subject", ["", ".", "x.1", "1.x", "0", "99999999999999999999.1", "1.1.1", "\x00.1"]
    )
    def test_a_genuine_signature_of_an_unknown_subject_opens_nothing(self, client, subject):
        token = sign("my_page", subject, now=utc_now(), valid_for=timedelta(days=1))
        assert client.get(reverse("my_page", args=[token])).status_code == 404

    @pytest.mark.parametrize("content", [[], "text", [1, 2, 3], {"a": 1}])
    def test_a_genuine_signature_of_something_odd_opens_nothing(self, client, content):
        token = signing.dumps(content, salt="link.my_page")
        assert client.get(reverse("my_page", args=[token])).status_code == 404

    def test_a_link_for_something_else_opens_nothing(self, client, pledge):
        token = sign("offer", f"{pledge.volunteer_id}.1", now=utc_now(), valid_for=timedelta(days=1))
        assert client.get(reverse("my_page", args=[token])).status_code == 404

    def test_renewing_makes_every_old_one_void_and_mails_a_new_one(self, client, pledge):
        old = own(pledge)
        response = client.post(own(pledge, "my_links"))
        assert (response.status_code, response["Location"]) == (303, reverse("my_page_link_sent"))
        assert client.get(old).status_code == 404
        assert client.get(link_in(mails("my_page_link").get(), "/meins/")).status_code == 200

    def test_renewing_is_no_link_to_click(self, client, pledge):
        old = own(pledge)
        assert client.get(own(pledge, "my_links")).status_code == 200
        assert client.get(old).status_code == 200

    def test_the_thanks_for_a_pledge_does_not_reopen_what_was_revoked(self, client, pledge):
        first = link_in(mails("pledge_confirmed").get(), "/meins/")
        client.post(own(pledge, "my_links"))
        assert client.get(first).status_code == 404


class TestAskingForTheLink:
    def ask(self, client, email, **extra):
        return client.post(reverse("my_page_link"), {"email": email}, **extra)

    def test_mails_it_to_a_known_address(self, client, pledge):
        response = self.ask(client, "Maria@example.org ")
        assert (response.status_code, response["Location"]) == (303, reverse("my_page_link_sent"))
        assert mails("my_page_link").count() == 0
        run("citizens.answer_link_requests", utc_now())
        mail = mails("my_page_link").get()
        assert mail.to_email == "maria@example.org"
        assert client.get(link_in(mail, "/meins/")).status_code == 200
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
        assert run("citizens.answer_link_requests", utc_now()) == 1
        assert Message.objects.count() == before + 1
        assert LinkRequest.objects.count() == 0

    def test_an_address_that_only_somebody_typed_is_unknown(self, client, pledge):
        type(pledge.volunteer).objects.update(confirmed_at=None)
        self.ask(client, "maria@example.org")
        assert run("citizens.answer_link_requests", utc_now()) == 0
        assert mails("my_page_link").count() == 0

    def test_the_third_time_a_day_is_answered_when_its_turn_comes(self, client, pledge):
        assert [self.ask(client, "maria@example.org").status_code for _turn in range(3)] == [303] * 3
        assert run("citizens.answer_link_requests", utc_now()) == 2
        assert run("citizens.answer_link_requests", utc_now() + timedelta(hours=11)) == 0
        assert run("citizens.answer_link_requests", utc_now() + timedelta(hours=12)) == 1
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
