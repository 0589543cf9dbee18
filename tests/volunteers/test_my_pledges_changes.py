"""Changing a pledge and oneself under "Meine Zusagen"."""

import re

import pytest
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from tests.factories import make_district, make_opportunity
from tests.volunteers.pledging import make_pledge
from volunteers.models import TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.match_runs import run_matching
from volunteers.services.withdrawals import withdraw_pledge
from volunteers.signals import pledge_changed

pytestmark = pytest.mark.django_db
CHANGED = {
    "fields_wanted": ["sport", "health"],
    "times": ["5-morning"],
    "times_0_from": "17:15",
    "times_0_to": "19",
    "hours_per_week": "4",
    "max_distance_km": "10",
    "languages": ["tr", "de"],
    "note": "Nur mit dem Rad",
}


@pytest.fixture
def pledge():
    return make_pledge(
        utc_now(),
        times=[WeeklyTime(1, 900, 1080), WeeklyTime(3, 990, 1050)],
        fields=["culture"],
        hours_per_week=3,
        skills=["music"],
        note="Klavier",
    )


@pytest.fixture
def heard():
    changes = []

    def listen(pledge: TimePledge, **_more: object) -> None:
        changes.append(pledge.pk)

    pledge_changed.connect(listen)
    yield changes
    pledge_changed.disconnect(listen)


def own(pledge, name, *args):
    return reverse(name, args=[my_page_token(pledge.volunteer.mailbox, utc_now()), *args])


def windows(pledge):
    return [(w.weekday, w.start_minute, w.end_minute) for w in pledge.windows.all()]


class TestAPledge:
    def test_is_shown_as_it_is(self, client, pledge):
        page = client.get(own(pledge, "pledge_change", pledge.pk)).content.decode()
        assert re.search(r'value="culture"[^>]*checked', page)
        assert re.search(r'value="1-afternoon" checked', page)
        assert 'name="times_3_from" value="16:30"' in page
        assert '<option value="3" selected>' in page
        assert re.search(r'value="music"[^>]*checked', page)
        assert "Klavier" in page

    def test_takes_every_change_and_lets_the_matcher_know(self, client, pledge, heard):
        north = make_district("Nord")
        answers = {**CHANGED, "home_district": north.pk, "districts": [north.pk]}
        response = client.post(own(pledge, "pledge_change", pledge.pk), answers)
        assert response.status_code == 303
        assert "gespeichert" in client.get(response["Location"]).content.decode()
        pledge.refresh_from_db()
        assert pledge.fields == ["sport", "health"]
        assert windows(pledge) == [(0, 1035, 1140), (5, 480, 720)]
        assert (pledge.hours_per_week, pledge.max_distance_km) == (4, 10)
        assert (pledge.home_district, list(pledge.districts.all())) == (north, [north])
        assert (pledge.skills, pledge.languages) == ([], ["tr", "de"])
        assert pledge.note == "Nur mit dem Rad"
        assert pledge.status == "open"
        assert heard == [pledge.pk]

    def test_says_how_many_tasks_at_once_and_is_asked_for_a_second_only_then(self, client):
        now = utc_now()
        pledge = make_pledge(
            now, hours_per_week=9, times=[WeeklyTime(1, 480, 1200), WeeklyTime(3, 480, 1200)]
        )
        for title, day in (("Vorlesen", 1), ("Malen", 3)):
            make_opportunity(title, slots=[(day, 900, 960)], clearance_required=False)
        asked = pledge.offers.filter(status="sent")
        run_matching(now)
        accept_offer(asked.get(), now=now)
        run_matching(now)
        assert not asked.exists()
        address = own(pledge, "pledge_change", pledge.pk)
        shown = client.get(address).context["form"]
        assert shown["placements_wanted"].value() == ""
        answers = {
            **CHANGED,
            "times": ["1-afternoon", "3-afternoon"],
            "hours_per_week": "8",
            "fields_wanted": ["education"],
        }
        client.post(address, answers | {"placements_wanted": "3"})
        assert TimePledge.objects.get(pk=pledge.pk).placements_wanted == 3
        assert client.get(address).context["form"]["placements_wanted"].value() == 3
        run_matching(now)
        assert asked.count() == 1
        for wrong in ("0", "4", "-1", "x", "1"):
            assert client.post(address, answers | {"placements_wanted": wrong}).status_code == 422
        client.post(address, answers)
        assert TimePledge.objects.get(pk=pledge.pk).placements_wanted == 1

    def test_saved_as_shown_it_stays_the_same(self, client, pledge):
        before = windows(pledge)
        shown = client.get(own(pledge, "pledge_change", pledge.pk)).context["form"].initial
        answers = {name: value for name, value in shown.items() if value is not None}
        answers |= {"times": ["1-afternoon"], "times_3_from": "16:30", "times_3_to": "17:30"}
        client.post(own(pledge, "pledge_change", pledge.pk), answers)
        changed = TimePledge.objects.get(pk=pledge.pk)
        assert windows(changed) == before
        for name in ("fields", "hours_per_week", "max_distance_km", "skills", "languages", "note"):
            assert getattr(changed, name) == getattr(pledge, name)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"times": [], "times_0_from": "", "times_0_to": ""},
            {"fields_wanted": []},
            {"fields_wanted": ["violence"]},
            {"hours_per_week": "400"},
            {"max_distance_km": "-1"},
            {"home_district": "999999999999999999999"},
            {"districts": ["\x00"]},
            {"note": "x" * 301},
            {"times": ["9-morning"]},
            {"languages": ["xx"]},
        ],
    )
    def test_refuses_what_makes_no_sense_and_keeps_the_rest_on_the_screen(self, client, pledge, heard, wrong):
        before = windows(pledge)
        response = client.post(own(pledge, "pledge_change", pledge.pk), {**CHANGED, **wrong})
        assert response.status_code == 422
        assert 'id="error-summary"' in response.content.decode()
        pledge.refresh_from_db()
        assert (pledge.fields, windows(pledge), heard) == (["culture"], before, [])

    def test_of_somebody_else_does_not_exist(self, client, pledge):
        other = make_pledge(utc_now(), email="erika@example.org")
        names = ["pledge_change", "pledge_pause", "pledge_withdraw", "pledge_absence"]
        for name in names:
            assert client.get(own(other, name, pledge.pk)).status_code == 404
            assert client.post(own(other, name, pledge.pk), CHANGED).status_code == 404
        assert client.post(own(other, "pledge_resume", pledge.pk)).status_code == 404
        pledge.refresh_from_db()
        assert (pledge.status, pledge.fields) == ("open", ["culture"])

    def test_that_is_over_cannot_be_changed(self, client, pledge):
        withdraw_pledge(pledge, now=utc_now())
        assert client.post(own(pledge, "pledge_change", pledge.pk), CHANGED).status_code == 404

    def test_takes_few_queries(self, client, pledge, django_assert_max_num_queries):
        for _number in range(30):
            make_district()
        with django_assert_max_num_queries(10):
            client.get(own(pledge, "pledge_change", pledge.pk))


class TestOneself:
    def test_name_telephone_and_age_can_be_changed(self, client, pledge):
        answers = {
            "first_name": "Marie",
            "last_name": "von der Aue",
            "phone": "02421 99999",
            "is_adult": "16-17",
        }
        response = client.post(own(pledge, "my_person", pledge.volunteer_id), answers)
        assert response.status_code == 303
        person = pledge.volunteer
        person.refresh_from_db()
        assert (person.first_name, person.last_name, person.phone, person.is_adult) == (
            "Marie",
            "von der Aue",
            "02421 99999",
            False,
        )
        assert person.email == "maria@example.org"

    def test_is_shown_as_stored(self, client, pledge):
        page = client.get(own(pledge, "my_person", pledge.volunteer_id)).content.decode()
        assert 'value="Maria"' in page
        assert re.search(r'value="adult"[^>]*checked', page)

    @pytest.mark.parametrize("name", ["", "www.spam.example", "\x00", "x" * 61])
    def test_a_name_that_is_none_is_refused(self, client, pledge, name):
        response = client.post(
            own(pledge, "my_person", pledge.volunteer_id), {"first_name": name, "is_adult": "adult"}
        )
        assert response.status_code == 422
        pledge.volunteer.refresh_from_db()
        assert pledge.volunteer.first_name == "Maria"

    def test_fields_nobody_asked_for_change_nothing(self, client, pledge):
        answers = {"first_name": "Marie", "is_adult": "adult", "email": "x@example.org", "mailbox": "7"}
        client.post(own(pledge, "my_person", pledge.volunteer_id), answers)
        pledge.volunteer.refresh_from_db()
        assert (pledge.volunteer.email, pledge.volunteer.mailbox.link_version) == ("maria@example.org", 1)
