""" "Meine Zusagen", mails and the coordinators' list say what stands between a person and the task picked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from programs.models import Opportunity, Provider
from programs.services.places import take_place
from tests.factories import (
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_youth_office,
)
from tests.volunteers.pledging import mails, make_group, make_pledge, make_sent_offer
from tests.volunteers.reading import Shown, Visitor
from volunteers.matching import Refusal
from volunteers.models import Offer, TimePledge
from volunteers.services.absences import add_absence
from volunteers.services.answers import accept_offer, decline_offer
from volunteers.services.fit import standings
from volunteers.services.match_runs import run_matching
from volunteers.services.pauses import pause_pledge
from volunteers.wording.obstacles import WAITING, missing

pytestmark = pytest.mark.django_db
OPEN = "steht nichts im Weg. Wir fragen Sie beim nächsten Abgleich"
AT_REST = "Hier wird gerade niemand gesucht. Geht es weiter, sehen wir wieder nach, ob es passt."


def own_page(pledge: TimePledge) -> Shown:
    return Visitor().open(reverse("my_page", args=[my_page_token(pledge.volunteer.mailbox, utc_now())]))


def other_task(pledge: TimePledge, now: datetime) -> None:
    make_sent_offer(pledge, make_opportunity("Etwas anderes", slots=[(3, 900, 960)]), now)


def same_time(pledge: TimePledge, now: datetime) -> None:
    TimePledge.objects.filter(pk=pledge.pk).update(placements_wanted=2)
    make_sent_offer(pledge, make_opportunity("Etwas anderes"), now)


def asked_before(pledge: TimePledge, now: datetime) -> None:
    wanted = pledge.wanted_opportunity
    assert wanted is not None
    decline_offer(make_sent_offer(pledge, wanted, now), reason=Offer.Decline.TASK, now=now)


def asked_and_accepted(pledge: TimePledge, now: datetime) -> None:
    wanted = pledge.wanted_opportunity
    assert wanted is not None
    accept_offer(make_sent_offer(pledge, wanted, now), now=now)


def away(pledge: TimePledge, now: datetime) -> None:
    add_absence(pledge, from_on=now.date(), until_on=now.date() + timedelta(days=3), now=now)


def resting(pledge: TimePledge, now: datetime) -> None:
    pause_pledge(pledge, until=now.date() + timedelta(days=9), now=now)


def full(pledge: TimePledge, now: datetime) -> None:
    assert pledge.wanted_role_id is not None
    while take_place(pledge.wanted_role_id):
        pass


def left_alone(pledge: TimePledge, now: datetime) -> None:
    decline_offer(make_sent_offer(pledge, make_opportunity(), now), reason=Offer.Decline.LATER, now=now)


def closed(pledge: TimePledge, now: datetime) -> None:
    Opportunity.objects.filter(pk=pledge.wanted_opportunity_id).update(status="closed")


def task_paused(pledge: TimePledge, now: datetime) -> None:
    Opportunity.objects.filter(pk=pledge.wanted_opportunity_id).update(status="paused")


def trusted_no_more(pledge: TimePledge, now: datetime) -> None:
    Provider.objects.filter(opportunities=pledge.wanted_opportunity_id).update(is_verified=False)


def ended(pledge: TimePledge, now: datetime) -> None:
    Opportunity.objects.filter(pk=pledge.wanted_opportunity_id).update(ends_on=date(2026, 1, 6))


class TestMyPledges:
    @pytest.mark.parametrize(
        ("needs", "wishes", "said", "control"),
        [
            (
                {"skills": ["reading"]},
                {"lacking_skills": ["reading"]},
                "Fähigkeit „Vorlesen“",
                "can_reading_0",
            ),
            ({"languages": ["tr"]}, {"languages": ["de"]}, "Sprache Türkisch", "speaks_tr_0"),
            ({}, {"times": [WeeklyTime(2, 900, 1080)]}, "Zeit dienstags 15–16:30 Uhr", "times_0_morning"),
            ({}, {"hours_per_week": 1}, "mindestens 1,5 Stunden in der Woche", "hours_per_week"),
        ],
    )
    def test_name_what_is_missing_and_link_to_what_changes_it(
        self, needs: Any, wishes: Any, said: str, control: str
    ) -> None:
        task = make_opportunity("Lesecafé", **needs)
        page = own_page(make_pledge(utc_now(), wanted=task, **wishes))
        assert f"Für „Lesecafé“ fehlt noch: {said} · Ändern" in page.text.replace("\u00a0", " ")
        (change,) = page.links(f"Ändern: {said[:6]}")
        assert change.endswith(f"/aendern/#id_{control}")
        assert f'id="id_{control}"' in Visitor().open(change).source
        assert OPEN not in page.text

    def test_too_young_leads_to_ones_own_data(self) -> None:
        task = make_opportunity("Lesecafé", minimum_age=18)
        pledge = make_pledge(utc_now(), wanted=task)
        pledge.volunteer.is_adult = False
        pledge.volunteer.save()
        page = own_page(pledge)
        assert "fehlt noch: Alter ab 18 Jahren" in page.text
        change = page.link("Ändern: Alter")
        assert change.endswith(f"/angaben/{pledge.volunteer_id}/#id_is_adult_0")
        assert 'id="id_is_adult_0"' in Visitor().open(change).source

    def test_several_are_named_each(self) -> None:
        task = make_opportunity("Lesecafé", languages=["tr"], skills=["music"], minimum_age=16)
        pledge = make_pledge(utc_now(), wanted=task, hours_per_week=1, lacking_skills=["music"])
        page = own_page(pledge)
        assert len(page.links("Ändern: ")) == 3

    @pytest.mark.parametrize("answer", [{}, {"learning_skills": ["reading"]}, {"skills": ["reading"]}])
    def test_say_that_nothing_stands_in_the_way_and_the_next_run_asks(
        self, answer: dict[str, list[str]]
    ) -> None:
        task = make_opportunity("Lesecafé", skills=["reading"])
        pledge = make_pledge(utc_now(), wanted=task, **answer)
        assert f"Für „Lesecafé“ {OPEN}, wenn dann noch ein Platz frei ist." in own_page(pledge).text
        run_matching(utc_now())
        assert pledge.offers.get().opportunity == task

    @pytest.mark.parametrize(
        ("happened", "said"),
        [
            (full, "Im Moment sind hier alle Plätze vergeben. Wird einer frei, fragen wir Sie."),
            (closed, "Hier wird niemand mehr gesucht. Wir suchen etwas Ähnliches für Sie."),
            (ended, "Hier wird niemand mehr gesucht. Wir suchen etwas Ähnliches für Sie."),
            (trusted_no_more, AT_REST),
            (task_paused, AT_REST),
            (asked_before, "Danach haben wir Sie schon gefragt; so bald fragen wir nicht noch einmal."),
            (other_task, "Sie haben gerade so viele Fragen oder Einsätze, wie Sie möchten."),
            (same_time, "Ein anderer Einsatz oder eine andere Frage liegt gerade zu derselben Zeit."),
            (away, "Sie machen gerade Pause oder sind abwesend. Danach fragen wir wieder."),
            (resting, "Sie machen gerade Pause oder sind abwesend. Danach fragen wir wieder."),
            (left_alone, "Sie haben gerade genug Fragen von uns bekommen. Später fragen wir weiter."),
        ],
    )
    def test_say_what_only_time_changes_and_no_run_asks(
        self, happened: Callable[[TimePledge, datetime], None], said: str
    ) -> None:
        now = utc_now()
        task = make_opportunity("Lesecafé", clearance_required=False)
        pledge = make_pledge(now, wanted=task, hours_per_week=2)
        happened(pledge, now)
        pledge.refresh_from_db()
        before = list(pledge.offers.values_list("pk", flat=True))
        page = own_page(pledge)
        assert f"„Lesecafé“: {said}" in page.text
        assert OPEN not in page.text
        assert "fehlt noch" not in page.text
        run_matching(now)
        assert not pledge.offers.exclude(pk__in=before).filter(opportunity=task).exists()

    def test_say_nothing_of_a_wish_that_is_granted(self) -> None:
        """It stands above among what the person does; "so bald fragen wir nicht noch einmal" is no news."""
        now = utc_now()
        task = make_opportunity("Lesecafé", clearance_required=False)
        pledge = make_pledge(now, wanted=task, hours_per_week=2)
        asked_and_accepted(pledge, now)
        assert "„Lesecafé“:" not in own_page(pledge).text
        run_matching(now)
        assert pledge.offers.count() == 1

    def test_say_nothing_of_a_wish_that_is_asked_for_above(self) -> None:
        now = utc_now()
        pledge = make_pledge(now, wanted=make_opportunity("Lesecafé", clearance_required=False))
        asked = make_sent_offer(pledge, pledge.wanted_opportunity, now)
        page = own_page(pledge)
        assert "Wir haben eine Frage an Sie" in page.text
        assert "„Lesecafé“:" not in page.text
        decline_offer(asked, reason=Offer.Decline.TASK, now=now)
        assert "„Lesecafé“: Danach haben wir Sie schon gefragt" in own_page(pledge).text

    def test_say_both_what_is_missing_and_that_all_places_are_taken(self) -> None:
        task = make_opportunity("Lesecafé", places=0)
        page = own_page(make_pledge(utc_now(), wanted=task, hours_per_week=1))
        assert "Für „Lesecafé“ fehlt noch: mindestens 1,5" in page.text
        assert "Im Moment sind hier alle Plätze vergeben." in page.text

    def test_promise_no_question_for_a_place_that_gets_free_while_something_is_missing(self) -> None:
        task = make_opportunity("Lesecafé", places=1)
        alone = make_pledge(utc_now(), wanted=task, hours_per_week=1)
        full(alone, utc_now())
        group = make_group(utc_now(), 3, wanted=task, hours_per_week=1)
        for pledge, said in (
            (alone, "alle Plätze vergeben. Wird einer frei und fehlt dann nichts mehr, fragen wir Sie."),
            (group, "für Sie alle frei. Sind es genug und fehlt dann nichts mehr, fragen wir Sie."),
        ):
            assert "fehlt noch: mindestens 1,5" in own_page(pledge).text
            assert said in own_page(pledge).text

    def test_say_nothing_without_a_task(self) -> None:
        page = own_page(make_pledge(utc_now()))
        assert "fehlt noch" not in page.text
        assert OPEN not in page.text

    def test_tell_each_pledge_of_a_person_its_own(self) -> None:
        now = utc_now()
        first = make_opportunity("Lesecafé", languages=["tr"])
        make_pledge(now, wanted=first)
        pledge = make_pledge(now, wanted=make_opportunity("Chor"))
        page = own_page(pledge)
        assert "Für „Lesecafé“ fehlt noch: Sprache Türkisch" in page.text
        assert f"Für „Chor“ {OPEN}" in page.text

    def test_take_as_many_queries_for_one_pledge_as_for_twelve(
        self, django_assert_max_num_queries: Any
    ) -> None:
        now = utc_now()
        for size in (1, 12):
            for _number in range(size):
                wanted = make_opportunity(languages=["tr"])
                pledge = make_pledge(now, email=f"size-{size}@example.org", wanted=wanted)
            with django_assert_max_num_queries(16):
                own_page(pledge)


class TestChanging:
    def test_answering_yes_opens_the_way(self) -> None:
        task = make_opportunity("Lesecafé", skills=["reading"], languages=["tr"])
        pledge = make_pledge(utc_now(), wanted=task, lacking_skills=["reading"], skills=["music"])
        visitor, page = Visitor(), own_page(pledge)
        form = visitor.open(page.link("Ändern: Fähigkeit"))
        assert form.chosen()["can_reading"] == ["no"]
        assert form.chosen()["speaks_tr"] == ["no"]
        page = visitor.send(form, can_reading="learn", speaks_tr="yes")
        assert f"Für „Lesecafé“ {OPEN}" in page.text
        pledge.refresh_from_db()
        assert (pledge.skills, pledge.learning_skills, pledge.lacking_skills) == (["music"], ["reading"], [])
        assert pledge.languages == ["tr"]

    def test_a_skill_never_asked_about_stays_open_when_something_else_is_changed(self) -> None:
        pledge = make_pledge(utc_now(), wanted=make_opportunity(skills=["reading"]))
        visitor = Visitor()
        form = visitor.open(own_page(pledge).links("Ändern")[0])
        assert "can_reading" not in form.chosen()
        visitor.send(form, hours_per_week="4")
        pledge.refresh_from_db()
        assert (pledge.hours_per_week, pledge.lacking_skills) == (4, [])

    def test_facts_the_form_does_not_ask_about_stay_until_told_otherwise(self) -> None:
        pledge = make_pledge(utc_now(), learning_skills=["reading", "music"], lacking_skills=["cooking"])
        visitor = Visitor()
        form = visitor.open(own_page(pledge).links("Ändern")[0])
        visitor.send(form, skills=["music"], fields_wanted=["sport"])
        pledge.refresh_from_db()
        assert (pledge.skills, pledge.learning_skills, pledge.lacking_skills) == (
            ["music"],
            ["reading"],
            ["cooking"],
        )

    def test_whoever_is_erased_leaves_no_answer_behind(self) -> None:
        pledge = make_pledge(utc_now(), learning_skills=["reading"], lacking_skills=["cooking"])
        erase(pledge.volunteer.mailbox, utc_now())
        pledge.refresh_from_db()
        assert (pledge.learning_skills, pledge.lacking_skills) == ([], [])


class TestTheThanks:
    def test_promises_a_question_only_where_nothing_stands_in_the_way(self) -> None:
        make_pledge(utc_now(), wanted=make_opportunity("Lesecafé"))
        mail = mails("pledge_confirmed").get()
        for body in (mail.body_text, mail.body_html):
            assert "Sie möchten gern hier helfen: Lesecafé." in body
            assert "Ist dann noch ein Platz frei, fragen wir Sie" in body
            assert "fehlt" not in body

    def test_names_what_is_missing_instead_of_a_promise(self) -> None:
        make_pledge(utc_now(), wanted=make_opportunity("Lesecafé", languages=["tr"]))
        mail = mails("pledge_confirmed").get()
        for body in (mail.body_text, mail.body_html):
            assert "Dafür fehlt noch: Sprache Türkisch." in body
            assert "fragen wir Sie;" not in body

    def test_says_that_all_places_are_taken(self) -> None:
        make_pledge(utc_now(), wanted=make_opportunity("Lesecafé", places=0))
        mail = mails("pledge_confirmed").get()
        for body in (mail.body_text, mail.body_html):
            assert "Im Moment sind hier alle Plätze vergeben." in body
            assert "fragen wir Sie;" not in body

    def test_of_a_pledge_for_no_task_names_none(self) -> None:
        make_pledge(utc_now())
        assert "hier helfen" not in mails("pledge_confirmed").get().body_text


class TestTheCoordinatorsList:
    def listed(self, coordinator: Any) -> str:
        client = Client()
        client.force_login(coordinator)
        response = client.get(reverse("coordination_pledges"))
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def test_says_who_wishes_for_which_task_and_what_is_missing(self) -> None:
        now, office = utc_now(), make_youth_office()
        make_pledge(now, email="a@example.org", wanted=make_opportunity("Lesecafé", languages=["tr"]))
        make_pledge(now, email="b@example.org", wanted=make_opportunity("Chor"))
        make_pledge(now, email="c@example.org", wanted=make_opportunity("Werken", places=0))
        text = self.listed(make_coordinator(office))
        assert "Wünscht sich diese Aufgabe: Lesecafé. Es fehlt: Sprache Türkisch." in text
        assert "Wünscht sich diese Aufgabe: Chor. Es steht nichts im Weg." in text
        assert "Wünscht sich diese Aufgabe: Werken. Gerade im Weg: alle Plätze vergeben." in text

    def test_tells_a_provider_of_no_wish_for_another_providers_task(self) -> None:
        now, own = utc_now(), make_provider()
        pledge = make_pledge(now, wanted=make_opportunity("Bei anderen"))
        accept_offer(make_sent_offer(pledge, make_opportunity("Eigenes", provider=own), now), now=now)
        text = self.listed(make_coordinator(own))
        assert "Eigenes" in text
        assert "Bei anderen" not in text


class TestWords:
    VALUES = {"time": (0, 4), "hours": (8,), "distance": (1200,), "age": (18,)}

    @pytest.mark.parametrize("refusal", list(Refusal))
    def test_every_gate_has_words_of_its_own(self, refusal: Refusal) -> None:
        if refusal in WAITING:
            assert str(WAITING[refusal].sentence).endswith(".")
            assert str(WAITING[refusal].phrase)
        else:
            assert missing(refusal, self.VALUES.get(refusal, (0,))).text

    def test_a_time_until_midnight_ends_at_24(self) -> None:
        friday = 4 * 96
        text = missing("time", (friday + 88, friday + 96, friday + 96, friday + 104)).text
        assert text == "Zeit freitags 22–24 Uhr, samstags 0–2 Uhr"


def test_a_way_too_far_is_named_with_its_length() -> None:
    home = make_district(latitude=50.8)
    task = make_opportunity("Lesecafé", district=make_district(latitude=50.9))
    pledge = make_pledge(utc_now(), wanted=task, home_district=home, max_distance_km=5)
    assert (
        standings([pledge], utc_now())[pledge.pk].missing_text.replace("\u00a0", " ") == "ein Weg von 11,1 km"
    )
