"""Pledging time in three screens: what, when, who."""

import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import LinkRequest
from citizens.services.link_requests import request_link
from foundation.limits import LimitReached
from outbox.models import Message
from programs.models import Opportunity
from tests.factories import make_district, make_opportunity
from tests.volunteers.pledging import (
    TUESDAY_AFTERNOON,
    link_in,
    mails,
    rows,
    send_pledge,
    who,
    wishes_query,
)
from volunteers.models import TimePledge, Volunteer
from volunteers.services.pledges import Person, pledge_time
from volunteers.services.wishes import Wishes

pytestmark = pytest.mark.django_db
NOTHING = {"people": 0, "pledges": 0, "mails": 0}


def page(response):
    return response.content.decode()


class TestTheScreens:
    def test_the_first_asks_what_and_nothing_else(self, client):
        response = client.get(reverse("pledge_time"))
        assert response.status_code == 200
        assert "Was möchten Sie tun?" in page(response)
        assert "Schritt 1 von 3" in page(response)
        assert 'type="email"' not in page(response)

    def test_the_second_asks_when_and_carries_what_was_said(self, client):
        response = client.get(reverse("pledge_time_when"), {"fields_wanted": ["sport", "health"]})
        assert response.status_code == 200
        assert '<input type="hidden" name="fields_wanted" value="sport">' in page(response)
        assert '<input type="hidden" name="fields_wanted" value="health">' in page(response)
        assert "Schritt 2 von 3" in page(response)

    def test_the_third_asks_who_and_shows_what_was_said(self, client):
        response = client.get(reverse("pledge_time_who"), wishes_query())
        assert response.status_code == 200
        assert "dienstags 15–18" in page(response)
        assert "Bildung" in page(response)
        assert "Schritt 3 von 3" in page(response)

    def test_all_three_need_four_answers(self, client):
        first = client.get(reverse("pledge_time"))
        second = client.get(reverse("pledge_time_when"), wishes_query())
        third = client.get(reverse("pledge_time_who"), wishes_query())
        forms = [response.context["form"] for response in (first, second, third)]
        needed = [
            name
            for form in forms
            for name, field in form.fields.items()
            if field.required and not field.initial
        ]
        assert needed == ["fields_wanted", "times", "first_name", "email"]

    def test_nobody_below_16_offers_time(self, client):
        for age in ("14-15", "13", "false", ""):
            assert send_pledge(client, is_adult=age).status_code == 422, age
        assert rows() == NOTHING

    def test_without_a_field_the_first_comes_back_with_a_summary(self, client):
        response = client.get(reverse("pledge_time_when"), {"times": "1-afternoon"})
        assert response.status_code == 422
        assert "Bitte wählen Sie mindestens ein Feld" in page(response)
        assert 'id="error-summary"' in page(response)
        assert '<input type="hidden" name="times" value="1-afternoon">' in page(response)

    def test_without_a_time_the_second_comes_back_with_what_was_chosen(self, client):
        district = make_district("Nord")
        query = wishes_query(times=[], home_district=district.pk, max_distance_km="10")
        response = client.get(reverse("pledge_time_who"), query)
        assert response.status_code == 422
        assert "Bitte wählen Sie mindestens eine Zeit aus." in page(response)
        assert f'<option value="{district.pk}" selected>' in page(response)
        assert '<option value="10" selected>' in page(response)

    def test_a_typed_time_that_makes_no_sense_stays_to_be_put_right(self, client):
        query = wishes_query(times_3_from="18:00", times_3_to="16:30")
        response = client.get(reverse("pledge_time_who"), query)
        assert response.status_code == 422
        assert "Donnerstag: Das Ende muss nach dem Beginn liegen." in page(response)
        assert 'value="16:30"' in page(response)

    def test_going_back_keeps_every_answer(self, client):
        last = f"{reverse('pledge_time_who')}?{urlencode(wishes_query(hours_per_week='4'), doseq=True)}"
        first = page(client.post(last, {"zurueck": "was"}, follow=True))
        assert re.search(r'value="education"[^>]*checked', first)
        assert '<input type="hidden" name="hours_per_week" value="4">' in first
        assert '<input type="hidden" name="times" value="1-afternoon">' in first

    def test_nothing_is_kept_while_asking(self, client):
        for name in ("pledge_time", "pledge_time_when", "pledge_time_who"):
            client.get(reverse(name), wishes_query())
        assert rows() == NOTHING
        assert "session" not in str(client.cookies).lower()

    def test_posting_to_a_screen_that_asks_is_refused(self, client):
        assert client.post(reverse("pledge_time")).status_code == 405
        assert client.post(reverse("pledge_time_when")).status_code == 405

    @pytest.mark.parametrize("name", ["pledge_time", "pledge_time_when", "pledge_time_who"])
    def test_each_takes_few_queries_whatever_the_number_of_districts(
        self, client, name, django_assert_max_num_queries
    ):
        for count in (1, 25):
            for _number in range(count):
                make_district()
            with django_assert_max_num_queries(6):
                client.get(reverse(name), wishes_query())


class TestComingFromATask:
    def test_the_form_is_filled_with_its_field_district_and_times(self, client):
        opportunity = make_opportunity("Vorlesen im Café", slots=[(2, 15 * 60, 18 * 60)], field="culture")
        response = client.get(reverse("pledge_time_for", args=[opportunity.slug]), follow=True)
        assert response.redirect_chain[0][1] == 303
        assert "Sie möchten hier helfen: Vorlesen im Café" in page(response)
        assert '<input type="hidden" name="fields_wanted" value="culture">' in page(response)
        assert re.search(r'value="2-afternoon" checked', page(response))
        assert re.search(rf'name="districts" value="{opportunity.district_id}"[^>]*checked', page(response))

    def test_times_within_parts_of_the_day_tick_these_others_are_filled_in_exactly(self, client):
        slots = [(1, 16 * 60, 17 * 60 + 30), (3, 14 * 60, 16 * 60), (4, 7 * 60, 9 * 60)]
        opportunity = make_opportunity(slots=slots)
        response = client.get(reverse("pledge_time_for", args=[opportunity.slug]), follow=True)
        ticked = re.findall(r'value="(\d-[a-z]+)" checked', page(response))
        assert ticked == ["1-afternoon", "3-midday", "3-afternoon"]
        assert 'name="times_4_from" value="07:00"' in page(response)
        assert 'name="times_4_to" value="09:00"' in page(response)
        assert "haben wir unten schon angekreuzt" in page(response)

    def test_what_was_ticked_since_is_not_overwritten(self, client):
        opportunity = make_opportunity(slots=[(2, 15 * 60, 18 * 60)])
        query = wishes_query(wanted=opportunity.slug, times=["5-evening"])
        response = client.get(reverse("pledge_time_when"), query)
        assert re.findall(r'value="(\d-[a-z]+)" checked', page(response)) == ["5-evening"]

    def test_the_pledge_remembers_the_task(self, client):
        opportunity = make_opportunity()
        send_pledge(client, wishes_query(wanted=opportunity.slug))
        assert TimePledge.objects.get().wanted_opportunity == opportunity

    def test_a_task_not_published_is_no_page(self, client):
        opportunity = make_opportunity(status=Opportunity.Status.DRAFT)
        assert client.get(reverse("pledge_time_for", args=[opportunity.slug])).status_code == 404

    def test_a_task_closed_meanwhile_does_not_stop_the_pledge_once_that_was_said(self, client):
        opportunity = make_opportunity(status=Opportunity.Status.CLOSED)
        query = wishes_query(wanted=opportunity.slug)
        assert "Hier wird niemand mehr gesucht" in page(send_pledge(client, query))
        assert rows() == NOTHING
        response = send_pledge(client, query, seen="over")
        assert response.status_code == 303
        assert TimePledge.objects.get().wanted_opportunity is None


class TestSending:
    def test_stores_what_was_said_unconfirmed_and_mails_a_link(self, client):
        north, south = make_district("Nord"), make_district("Süd")
        query = wishes_query(
            fields_wanted=["education", "sport"],
            times=["1-afternoon", "1-evening"],
            times_3_from="9:30",
            times_3_to="11",
            home_district=north.pk,
            districts=[south.pk],
            max_distance_km="10",
            hours_per_week="3",
        )
        extra = {
            "skills": ["reading"],
            "languages": ["tr"],
            "age_bands": ["6-9"],
            "note": "Ich war Lehrerin.",
        }
        response = send_pledge(client, query, phone="02421 / 12 34-56", is_adult="16-17", **extra)
        assert (response.status_code, response["Location"]) == (303, reverse("pledge_sent"))
        pledge = TimePledge.objects.get()
        assert pledge.status == "unconfirmed"
        assert pledge.fields == ["education", "sport"]
        windows = [(w.weekday, w.start_minute, w.end_minute) for w in pledge.windows.all()]
        assert windows == [(1, 900, 1260), (3, 570, 660)]
        assert (pledge.home_district, list(pledge.districts.all())) == (north, [south])
        assert (pledge.max_distance_km, pledge.hours_per_week) == (10, 3)
        assert (pledge.skills, pledge.languages, pledge.age_bands) == (["reading"], ["tr"], ["6-9"])
        assert pledge.note == "Ich war Lehrerin."
        person = pledge.volunteer
        assert (person.first_name, person.email, person.phone) == (
            "Maria",
            "maria@example.org",
            "02421 / 12 34-56",
        )
        assert (person.is_adult, person.age_at_least, person.confirmed_at) == (False, 16, None)
        (mail,) = mails("pledge_confirm")
        assert mail.to_email == "maria@example.org"
        assert client.get(link_in(mail, "/zusage/bestaetigen/")).status_code == 200

    def test_the_mail_to_an_unproved_address_repeats_nothing_that_was_typed(self, client):
        send_pledge(client, first_name="Gewinnspiel", note="Kaufen Sie jetzt")
        (mail,) = mails("pledge_confirm")
        everything = mail.subject + mail.body_text + mail.body_html
        assert "Gewinnspiel" not in everything
        assert "Kaufen" not in everything

    def test_wherever_i_am_needed_means_no_preference(self, client):
        send_pledge(client, wishes_query(fields_wanted=["any", "sport"]))
        assert TimePledge.objects.get().fields == []

    def test_the_same_form_sent_twice_makes_one_pledge_and_one_mail(self, client):
        submission = str(uuid4())
        answers = [send_pledge(client, submission=submission).status_code for _turn in range(2)]
        assert answers == [303, 303]
        assert rows() == {"people": 1, "pledges": 1, "mails": 1}

    def test_a_corrected_address_gets_its_mail(self, client):
        """Who goes back finds the form as it was, its number too, in browsers that keep the page."""
        submission = str(uuid4())
        wrong, right = "maria@example.con", "maria@example.org"
        for email in (wrong, right, right):
            assert send_pledge(client, submission=submission, email=email).status_code == 303
        assert sorted(Message.objects.values_list("to_email", flat=True)) == [wrong, right]
        assert rows() == {"people": 2, "pledges": 2, "mails": 2}

    def test_a_corrected_age_is_not_lost(self, client):
        submission = str(uuid4())
        send_pledge(client, submission=submission)
        send_pledge(client, submission=submission, is_adult="16-17")
        assert sorted(Volunteer.objects.values_list("is_adult", flat=True)) == [False, True]

    def test_a_form_without_its_number_is_taken(self, client):
        assert send_pledge(client, submission="").status_code == 303
        assert TimePledge.objects.count() == 1

    def test_what_is_missing_is_asked_again_and_nothing_is_lost(self, client):
        response = send_pledge(
            client, first_name="", phone="02421 1234", languages=["tr"], note="Nur im Winter"
        )
        assert response.status_code == 422
        assert "Bitte geben Sie Ihren Vornamen an." in page(response)
        assert 'href="#id_first_name"' in page(response)
        assert 'value="maria@example.org"' in page(response)
        assert 'value="02421 1234"' in page(response)
        assert re.search(r'value="tr"[^>]*checked', page(response))
        assert "Nur im Winter" in page(response)
        assert "<title>Fehler:" in page(response)
        assert rows() == NOTHING

    def test_without_valid_earlier_answers_nothing_is_stored(self, client):
        response = client.post(reverse("pledge_time_who"), who(), query_params={"fields_wanted": "education"})
        assert response.status_code == 422
        assert "Wann haben Sie in der Regel Zeit?" in page(response)
        assert rows() == NOTHING

    def test_the_page_after_it_says_where_to_look(self, client):
        assert "Postfach" in page(client.get(reverse("pledge_sent")))


class TestStrangers:
    def test_a_known_address_gets_the_same_answer_and_the_same_mail(self, client):
        first = send_pledge(client)
        Volunteer.objects.update(confirmed_at="2026-01-01T00:00Z")
        second = send_pledge(client, first_name="Erika", phone="110 110")
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
        known, unknown = mails("pledge_confirm")
        assert known.subject == unknown.subject
        assert len(known.body_text) == len(unknown.body_text)

    def test_a_known_address_costs_the_same_queries(self, client):
        send_pledge(client)
        Volunteer.objects.update(confirmed_at="2026-01-01T00:00Z")
        counts = []
        for email in ("someone.else@example.org", "maria@example.org"):
            with CaptureQueriesContext(connection) as queries:
                send_pledge(client, email=email)
            counts.append([query["sql"].split(" ")[0] for query in queries.captured_queries])
        assert counts[0] == counts[1]

    def test_a_stranger_changes_nothing_about_a_known_person(self, client):
        send_pledge(client)
        Volunteer.objects.update(confirmed_at="2026-01-01T00:00Z")
        send_pledge(client, first_name="Erika", phone="110 110", is_adult="16-17")
        person = Volunteer.objects.get(confirmed_at__isnull=False)
        assert (person.first_name, person.phone, person.is_adult) == ("Maria", "", True)
        assert person.pledges.count() == 1


HOSTILE = {
    "nul": "a\x00b",
    "emoji": "💥🧨",
    "long": "x" * 10_000,
    "rtl": "\u202eairaM",
    "percent": "%00%ff",
    "quote": "'; DROP TABLE volunteers_volunteer; --",
    "tag": "<script>alert(1)</script>",
    "number": "99999999999999999999999",
    "negative": "-1",
    "surrogate": "\udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "template": "{{ settings.SECRET_KEY }}{% now %}",
    "newline": "Maria\r\nBcc: all@example.org",
}
WISHED = [
    "fields_wanted",
    "wanted",
    "can_reading",
    "speaks_tr",
    "times",
    "times_0_from",
    "hours_per_week",
    "home_district",
    "districts",
]


class TestHostileInput:
    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize(
        "name", ["first_name", "email", "phone", "is_adult", "submission", "skills", "note"]
    )
    def test_in_the_person_never_breaks_the_page(self, client, name, value):
        response = send_pledge(client, **{name: value})
        assert response.status_code in (303, 422)
        assert "<script>alert" not in page(response)

    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize("name", WISHED)
    def test_in_a_wish_never_breaks_the_page_that_judges_it(self, client, name, value):
        response = client.get(reverse("pledge_time_who"), wishes_query(**{name: value}))
        assert response.status_code in (200, 400, 422)
        assert "<script>alert" not in page(response)

    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    def test_in_all_wishes_never_breaks_the_pages_that_show_them(self, client, value):
        query = dict.fromkeys(WISHED, value)
        first = client.get(reverse("pledge_time"), query)
        second = client.get(reverse("pledge_time_when"), {**query, "fields_wanted": "sport"})
        for response in (first, second):
            assert response.status_code in (200, 400, 422)
            assert "<script>alert" not in page(response)

    @pytest.mark.parametrize(
        "name",
        [
            "http://spam.example",
            "www.spam.example/x",
            "a@b.de",
            "Maria 123",
            "kauf.jetzt",
            "\u202eairaM",
            "-",
            "💥",
        ],
    )
    def test_what_is_no_name_is_refused(self, client, name):
        assert send_pledge(client, first_name=name).status_code == 422
        assert rows() == NOTHING

    @pytest.mark.parametrize(
        "name",
        ["Ayşe", "Jean-Luc", "O’Neill", "Мария", "مريم", "Maria-José d'Ávila", "李", "Dr. Ö", "J.R.", "आशा"],
    )
    def test_names_of_every_script_are_welcome(self, client, name):
        assert send_pledge(client, first_name=name).status_code == 303
        assert Volunteer.objects.get().first_name == name

    def test_the_blank_behind_a_title_is_put_in(self, client):
        assert send_pledge(client, first_name="Dr.Ida").status_code == 303
        assert Volunteer.objects.get().first_name == "Dr. Ida"

    @pytest.mark.parametrize("phone", ["112", "ruf mich an", "+49 2421 1234567890 1234567890 1234567890"])
    def test_what_is_no_telephone_number_is_refused(self, client, phone):
        assert send_pledge(client, phone=phone).status_code == 422
        assert rows() == NOTHING


SPELLINGS = [
    "maria@example.org",
    "m.aria@example.org",
    "Maria+zeit@example.org",
    '"maria"@example.org',
    "MARIA@EXAMPLE.ORG",
]


class TestLimits:
    def test_the_third_pledge_a_day_is_taken_and_its_mail_waits(self, client):
        answers = [send_pledge(client, email=email) for email in SPELLINGS[:3]]
        assert [answer["Location"] for answer in answers] == ["/zeit/zusagen/gesendet/"] * 2 + [
            "/zeit/zusagen/gesendet/?spaeter"
        ]
        assert rows() == {"people": 3, "pledges": 3, "mails": 3}
        first, _second, third = mails("pledge_confirm")
        assert third.due_at - first.due_at > timedelta(hours=11)
        assert "kommt spätestens morgen" in page(client.get(answers[2]["Location"]))
        assert "kommt spätestens morgen" not in page(client.get(answers[0]["Location"]))

    def test_more_than_two_waiting_mails_are_refused_with_everything_kept(self, client):
        answers = [send_pledge(client, email=email, note="Nur im Winter") for email in SPELLINGS]
        assert [answer.status_code for answer in answers] == [303] * 4 + [429]
        assert rows() == {"people": 4, "pledges": 4, "mails": 4}
        assert "Nur im Winter" in page(answers[4])
        assert "später noch einmal" in page(answers[4])
        assert answers[4]["Retry-After"] == "43200"

    def test_a_thousand_tries_from_everywhere_over_all_forms_mail_one_victim_twice(self, now):
        wishes = Wishes(times=[TUESDAY_AFTERNOON])
        refused = 0
        for number in range(500):
            email, client = f"victim+{number}@example.org", f"198.51.{number // 250}.{number % 250}"
            try:
                person = Person(first_name="Maria", email=email)
                pledge_time(person, wishes, submission=uuid4(), client=client, now=now)
            except LimitReached:
                refused += 1
            try:
                request_link(email, client=client, now=now)
            except LimitReached:
                refused += 1
        assert refused == 996
        assert mails("pledge_confirm").filter(due_at=now).count() == 1
        assert LinkRequest.objects.filter(requested_at=now).count() == 1

    def test_one_visitor_stops_at_thirty_an_hour_and_others_go_on(self, client):
        answers = [send_pledge(client, email=f"person-{n}@example.org").status_code for n in range(31)]
        assert answers == [303] * 30 + [429]
        assert send_pledge(client, email="other@example.org", address="203.0.113.9").status_code == 303

    def test_the_same_form_again_costs_no_budget(self, client):
        submission = str(uuid4())
        answers = [send_pledge(client, submission=submission).status_code for _turn in range(5)]
        assert answers == [303] * 5
