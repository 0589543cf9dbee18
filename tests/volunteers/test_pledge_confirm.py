"""The double opt-in: GET shows, POST decides, and only the mailbox joins a pledge to a person."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from citizens.services.links import my_page_url, revoke_all
from foundation.clock import utc_now
from foundation.models import Event
from foundation.sweeps import run
from foundation.working_days import end_of_working_day
from tests.factories import make_opportunity
from tests.volunteers.pledging import (
    TUESDAY_AFTERNOON,
    link_in,
    mails,
    rows,
    send_pledge,
    wishes_query,
)
from volunteers.models import TimePledge, Volunteer
from volunteers.services.links import confirm_url
from volunteers.services.pledges import Person, confirm_pledge, record_pledge, renew_link
from volunteers.services.wishes import Wishes
from volunteers.services.withdrawals import withdraw_pledge
from volunteers.signals import pledge_changed

pytestmark = pytest.mark.django_db


def typed(now, **person):
    """An unconfirmed pledge as a form leaves it."""
    who = Person(**{"first_name": "Maria", "email": "maria@example.org", **person})
    return record_pledge(who, Wishes(times=[TUESDAY_AFTERNOON]), now=now)


def path_to(pledge, now):
    return confirm_url(pledge, now).removeprefix("http://127.0.0.1:8000")


class TestTheLink:
    def test_shows_what_was_typed_and_changes_nothing(self, client):
        send_pledge(client)
        before = rows()
        response = client.get(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        assert response.status_code == 200
        assert "Maria, stimmt alles so?" in response.content.decode()
        assert "dienstags" in response.content.decode()
        assert TimePledge.objects.get().status == "unconfirmed"
        assert rows() == before

    def test_its_button_opens_the_pledge_and_says_how_it_goes_on(self, client):
        send_pledge(client)
        before = utc_now()
        response = client.post(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        assert response.status_code == 303
        pledge = TimePledge.objects.get()
        assert pledge.status == "open"
        assert pledge.answer_due_at == end_of_working_day(pledge.confirmed_at, 5)
        assert pledge.confirmed_at >= before
        assert pledge.volunteer.confirmed_at == pledge.confirmed_at
        landing = client.get(response["Location"])
        assert "Danke! Ihre Zusage ist bestätigt" in landing.content.decode()
        assert "So geht es weiter" in landing.content.decode()
        move = Event.objects.get(model="timepledge", object_id=pledge.pk)
        assert (move.from_status, move.to_status, move.actor_kind) == ("unconfirmed", "open", "citizen")

    def test_thanks_once_with_what_comes_next_and_the_link(self, client):
        send_pledge(client)
        link = link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/")
        for _turn in range(3):
            assert client.post(link).status_code == 303
        (mail,) = mails("pledge_confirmed")
        assert mail.to_email == "maria@example.org"
        assert "Guten Tag Maria," in mail.body_text
        assert client.get(link_in(mail, "/meins/")).status_code == 200

    def test_used_again_it_confirms_nothing_and_opens_nothing(self, client):
        send_pledge(client)
        link = link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/")
        client.post(link)
        after = rows()
        again = client.post(link)
        assert (again.status_code, again["Location"]) == (303, link)
        page = client.get(link).content.decode()
        assert "Ihre Zusage ist bestätigt" in page
        assert "/meins/W" not in page
        assert rows() == after

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_over_after_four_days_it_sends_a_new_one(self, client, method):
        now = utc_now()
        pledge = typed(now - timedelta(days=4))
        response = getattr(client, method)(path_to(pledge, now - timedelta(days=4)))
        assert response.status_code == 410
        assert "Dieser Link ist abgelaufen" in response.content.decode()
        pledge.refresh_from_db()
        assert pledge.status == "unconfirmed"
        assert not mails("pledge_confirm").exists()

        again = re.search(r'action="(/zusage/neuer-link/[^"]+)"', response.content.decode())
        assert again is not None
        assert client.get(again[1]).status_code == 405
        assert client.post(again[1]).status_code == 303
        mail = mails("pledge_confirm").get()
        assert mail.to_email == "maria@example.org"
        assert client.post(link_in(mail, "/zusage/bestaetigen/")).status_code == 303
        pledge.refresh_from_db()
        assert pledge.status == "open"

    def test_behind_a_new_link_no_address_of_another_pledge_is_told(self, client):
        """Two people who share a browser: the page said that her mail had gone to him."""
        before = utc_now() - timedelta(days=5)
        hers = path_to(typed(before), before).replace("bestaetigen", "neuer-link")
        his = send_pledge(client, email="paul@example.org")
        assert "paul@example.org" in client.get(his["Location"]).content.decode()
        answer = client.post(hers, follow=True)
        assert "Bitte sehen Sie in Ihr Postfach" in answer.content.decode()
        assert "@example.org" not in answer.content.decode()
        assert mails("pledge_confirm").last().to_email == "maria@example.org"

    def test_a_new_link_keeps_what_was_typed_as_long_again(self, client):
        now = utc_now()
        pledge = typed(now - timedelta(days=6))
        renew_link(pledge, client="198.51.100.1", now=now)
        run("volunteers.delete_unconfirmed", now + timedelta(days=7) - timedelta(seconds=1))
        assert TimePledge.objects.filter(pk=pledge.pk).exists()
        run("volunteers.delete_unconfirmed", now + timedelta(days=7))
        assert not Volunteer.objects.exists()

    def test_new_links_flood_no_mailbox(self, client):
        now = utc_now()
        pledge = typed(now - timedelta(days=5))
        old = path_to(pledge, now - timedelta(days=5)).replace("bestaetigen", "neuer-link")
        statuses = [client.post(old).status_code for _turn in range(12)]
        assert statuses[0] == 303
        assert statuses[-1] == 429
        assert mails("pledge_confirm").filter(due_at__lte=utc_now()).count() <= 2
        assert "Es sind schon mehrere Links unterwegs" in client.post(old).content.decode()

    def test_over_and_deleted_or_confirmed_it_sends_none(self, client):
        now = utc_now()
        gone, done = typed(now - timedelta(days=5)), typed(now - timedelta(days=5), email="x@example.org")
        paths = [path_to(each, now - timedelta(days=5)) for each in (gone, done)]
        gone.delete()
        confirm_pledge(done, now=now)
        for path in paths:
            page = client.get(path)
            assert page.status_code == 410
            main = page.content.decode().partition("<main")[2].partition("</main>")[0]
            assert 'href="/zeit/zusagen/"' in main
            assert 'href="/meins/"' in main
            assert client.post(path.replace("bestaetigen", "neuer-link")).status_code == 404
        assert not mails("pledge_confirm").exists()

    def test_an_expired_link_made_void_sends_none(self, client):
        now = utc_now()
        pledge = typed(now - timedelta(days=5))
        old = path_to(pledge, now - timedelta(days=5)).replace("bestaetigen", "neuer-link")
        revoke_all(pledge.volunteer.mailbox)
        assert client.post(old).status_code == 404
        assert not mails("pledge_confirm").exists()

    def test_a_letter_changed_is_no_link(self, client):
        link = path_to(typed(utc_now()), utc_now())
        for broken in (
            link[:-2] + "x/",
            link.replace("bestaetigen/", "bestaetigen/x"),
            "/zusage/bestaetigen/%F0/",
        ):
            assert client.post(broken).status_code == 404
        assert TimePledge.objects.get().status == "unconfirmed"

    def test_a_link_for_something_else_confirms_nothing(self, client):
        now = utc_now()
        pledge = typed(now)
        foreign = my_page_url(pledge.volunteer.mailbox, now).rstrip("/").rpartition("/")[2]
        assert client.post(reverse("pledge_confirm", args=[foreign])).status_code == 404
        assert TimePledge.objects.get().status == "unconfirmed"

    def test_a_withdrawn_pledge_is_not_brought_back(self, client):
        now = utc_now()
        pledge = typed(now)
        confirm_pledge(pledge, now=now)
        withdraw_pledge(pledge, now=now)
        assert client.post(path_to(pledge, now)).status_code == 404
        pledge.refresh_from_db()
        assert pledge.status == "withdrawn"

    def test_its_page_is_kept_nowhere(self, client):
        response = client.get(path_to(typed(utc_now()), utc_now()))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"

    def test_needs_no_javascript_and_holds_against_forgery(self, client):
        strict = type(client)(enforce_csrf_checks=True)
        assert strict.post(path_to(typed(utc_now()), utc_now())).status_code == 403


class TestTheThanks:
    def test_names_the_task_that_was_wanted(self, client):
        opportunity = make_opportunity("Vorlesen & Lachen")
        send_pledge(client, wishes_query(wanted=opportunity.slug))
        client.post(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        mail = mails("pledge_confirmed").get()
        assert "Vorlesen & Lachen" in mail.body_text
        assert "Vorlesen &amp; Lachen" in mail.body_html

    def test_tells_minors_about_their_parents(self, now):
        confirm_pledge(typed(now, is_adult=False), now=now)
        confirm_pledge(typed(now, email="erika@example.org"), now=now)
        minor, adult = mails("pledge_confirmed")
        assert "Wir fragen Sie nach ihr, sobald es einen Einsatz gibt." in minor.body_text
        assert "Einverständnis" not in adult.body_text

    def test_goes_out_in_the_same_moment_in_which_others_learn_of_the_pledge(self, now):
        heard = []

        def listen(sender: type, pledge: TimePledge, now: object, **_more: object) -> None:
            heard.append((sender, pledge.status, now))

        pledge_changed.connect(listen)
        try:
            pledge = typed(now)
            assert heard == []
            confirm_pledge(pledge, now=now)
            confirm_pledge(pledge, now=now)
        finally:
            pledge_changed.disconnect(listen)
        assert heard == [(TimePledge, "open", now)]


class TestAKnownPerson:
    def test_gets_the_new_pledge_of_the_same_name(self, now):
        first = typed(now)
        confirm_pledge(first, now=now)
        second = typed(now, first_name="maria", phone="02421 55555", email="Maria@Example.org")
        assert confirm_pledge(second, now=now)
        person = Volunteer.objects.get()
        assert (person.first_name, person.phone) == ("Maria", "02421 55555")
        assert set(person.pledges.all()) == {first, second}
        assert "Guten Tag Maria," in mails("pledge_confirmed").last().body_text

    def test_keeps_the_telephone_number_when_none_was_typed(self, now):
        confirm_pledge(typed(now, phone="02421 55555"), now=now)
        confirm_pledge(typed(now), now=now)
        assert Volunteer.objects.get().phone == "02421 55555"

    def test_is_as_old_as_stated_last(self, now):
        confirm_pledge(typed(now, is_adult=False), now=now)
        confirm_pledge(typed(now, is_adult=True), now=now, is_known_person=True)
        assert Volunteer.objects.get().is_adult is True

    def test_of_another_age_is_nobody_known_until_they_say_so(self, now):
        confirm_pledge(typed(now, is_adult=False), now=now)
        confirm_pledge(typed(now, is_adult=True), now=now)
        assert list(Volunteer.objects.order_by("pk").values_list("is_adult", flat=True)) == [False, True]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def at_once(self, *jobs: Callable[[], bool]) -> list[bool]:
        def run(job: Callable[[], bool]) -> bool:
            try:
                return job()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(run, jobs))

    def test_one_pledge_confirmed_eight_times_is_confirmed_once(self, now):
        pk = typed(now).pk
        jobs = [lambda: confirm_pledge(TimePledge.objects.get(pk=pk), now=now)] * 8
        assert sorted(self.at_once(*jobs)) == [False] * 7 + [True]
        assert mails("pledge_confirmed").count() == 1

    @pytest.mark.parametrize(
        ("names", "people"), [(("Maria", "MARIA", "maria"), 1), (("Maria", "Mia", "Marie"), 3)]
    )
    def test_pledges_of_one_address_become_a_person_a_name(self, now, names, people):
        for _turn in range(5):
            TimePledge.objects.all().delete()
            Volunteer.objects.all().delete()
            pks = [typed(now, first_name=name).pk for name in names]
            jobs = [lambda pk=pk: confirm_pledge(TimePledge.objects.get(pk=pk), now=now) for pk in pks]
            assert self.at_once(*jobs) == [True, True, True]
            assert Volunteer.objects.count() == people
            assert TimePledge.objects.filter(status="open").count() == 3
