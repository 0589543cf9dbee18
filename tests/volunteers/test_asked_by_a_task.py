"""Who presses "Hier möchte ich helfen" answers what the task needs, and hears what stands in the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.clock import local_day
from programs.domain.choices import Language, Skill
from programs.models import Opportunity, Role
from programs.services.places import take_place
from programs.wording.questions import SKILL_QUESTIONS, language_question
from tests.factories import make_district, make_opportunity, role_of
from tests.volunteers.pledging import rows
from tests.volunteers.reading import Shown, Visitor
from volunteers.models import TimePledge
from volunteers.services.match_runs import run_matching

pytestmark = pytest.mark.django_db
ME = {"first_name": "Maria", "email": "maria@example.org"}


def press(task: Opportunity, visitor: Visitor | None = None) -> tuple[Visitor, Shown]:
    """Open the task and press the button."""
    visitor = visitor or Visitor()
    page = visitor.open(task.get_absolute_url())
    return visitor, visitor.open(page.link("Hier möchte ich helfen"))


def walk(task: Opportunity, **answers: str) -> tuple[Visitor, Shown]:
    """Come to the last screen, answering only what is asked and leaving the rest as it is filled in."""
    visitor, page = press(task)
    if page.questions():
        page = visitor.send(page, **answers)
    return visitor, visitor.send(page)


class TestTheQuestions:
    def test_each_thing_the_task_needs_is_asked_on_the_first_screen_in_a_sentence_of_its_own(self) -> None:
        task = make_opportunity("Lesecafé", skills=["reading", "cooking"], languages=["tr", "ar"])
        _, page = press(task)
        assert page.questions() == ["can_reading", "can_cooking", "speaks_tr", "speaks_ar"]
        for words in (
            "Können Sie vorlesen?",
            "Können Sie kochen oder etwas zu essen vorbereiten?",
            "Sprechen Sie Türkisch?",
            "Noch nicht, ich möchte es lernen",
            "Eine dieser Sprachen genügt.",
            "Schritt 1 von 3",
        ):
            assert words in page.text
        assert not set(page.questions()) & set(page.chosen())

    def test_every_skill_and_language_there_is_has_a_question(self) -> None:
        assert set(SKILL_QUESTIONS) == set(Skill)
        assert len({str(question) for question in SKILL_QUESTIONS.values()}) == len(Skill)
        assert all(str(question).endswith("?") for question in SKILL_QUESTIONS.values())
        assert language_question(Language.UKRAINIAN) == "Sprechen Sie Ukrainisch?"

    def test_a_task_that_needs_nothing_asks_nothing_and_begins_with_the_times(self) -> None:
        _, page = press(make_opportunity())
        assert page.questions() == []
        assert page.address.startswith("/zeit/zusagen/wann/")
        assert "Schritt 2 von 3" in page.text

    def test_hours_and_times_and_district_of_the_task_are_taken_over(self) -> None:
        slots = [(0, 14 * 60, 17 * 60), (2, 14 * 60, 16 * 60)]
        task = make_opportunity(slots=slots, skills=["reading"])
        visitor, _ = walk(task, can_reading="yes")
        visitor.send(walk(task, can_reading="yes")[1], **ME)
        pledge = TimePledge.objects.get()
        assert pledge.hours_per_week == 6
        assert [(w.weekday, w.start_minute, w.end_minute) for w in pledge.windows.all()] == [
            (0, 12 * 60, 18 * 60),
            (2, 12 * 60, 18 * 60),
        ]
        assert list(pledge.districts.all()) == [task.district]

    @pytest.mark.parametrize(
        ("minutes", "hours"), [(45, 1), (60, 1), (61, 2), (240, 4), (300, 6), (720, 12), (1200, 20)]
    )
    def test_where_the_list_lacks_the_hours_the_next_larger_are_chosen(
        self, minutes: int, hours: int
    ) -> None:
        _, page = press(make_opportunity(slots=[(5, 0, minutes)]))
        assert page.chosen()["hours_per_week"] == [str(hours)]

    def test_hours_chosen_since_are_not_overwritten(self) -> None:
        task = make_opportunity(slots=[(0, 14 * 60, 17 * 60)])
        visitor, page = press(task)
        last = visitor.send(page, hours_per_week="8")
        back = visitor.press(last, "Zurück")
        assert back.chosen()["hours_per_week"] == ["8"]

    def test_unanswered_they_come_back_with_a_summary_and_nothing_is_lost(self) -> None:
        task = make_opportunity(skills=["reading", "music"])
        visitor, page = press(task)
        page = visitor.send(page, can_music="learn")
        assert page.status == 422
        assert "Bitte antworten Sie: Können Sie vorlesen?" in page.text
        assert page.chosen()["can_music"] == ["learn"]
        assert "can_reading" not in page.chosen()

    def test_answers_travel_to_the_last_screen_and_back(self) -> None:
        task = make_opportunity(skills=["reading"], languages=["tr"])
        visitor, last = walk(task, can_reading="learn", speaks_tr="yes")
        assert last.status == 200
        when = visitor.press(last, "Zurück")
        first = visitor.press(when, "Zurück")
        assert first.chosen()["can_reading"] == ["learn"]
        assert first.chosen()["speaks_tr"] == ["yes"]

    def test_what_was_answered_is_not_asked_again_among_the_voluntary(self) -> None:
        _, last = walk(
            make_opportunity(skills=["reading"], languages=["tr"]), can_reading="no", speaks_tr="no"
        )
        chips = {str(each.get("value")) for each in last.main.iterfind(".//input[@type='checkbox']")}
        assert "reading" not in chips
        assert "tr" not in chips
        assert {"music", "ar"} <= chips

    @pytest.mark.parametrize(
        ("answer", "facts"),
        [("yes", (["music", "reading"], [], [])), ("learn", (["music"], ["reading"], []))],
    )
    def test_they_end_in_the_pledge_beside_what_was_told_freely(
        self, answer: str, facts: tuple[list[str], ...]
    ) -> None:
        visitor, last = walk(
            make_opportunity(skills=["reading"], languages=["tr"]), can_reading=answer, speaks_tr="yes"
        )
        visitor.send(last, **ME, skills=["music"], languages=["de"])
        pledge = TimePledge.objects.get()
        assert (pledge.skills, pledge.learning_skills, pledge.lacking_skills) == facts
        assert pledge.languages == ["de", "tr"]


class TestWhatCannotFit:
    @pytest.mark.parametrize(
        ("needs", "answers", "times", "said", "changed_on"),
        [
            ({"skills": ["reading"]}, {"can_reading": "no"}, {}, "Fähigkeit „Vorlesen“", "aufgabe"),
            (
                {"skills": ["reading", "music", "first_aid"]},
                {"can_reading": "no", "can_music": "learn", "can_first_aid": "no"},
                {},
                "Fähigkeiten „Vorlesen“, „Erste Hilfe“",
                "aufgabe",
            ),
            ({"languages": ["tr"]}, {"speaks_tr": "no"}, {}, "Sprache Türkisch", "aufgabe"),
            (
                {"languages": ["tr", "ar"]},
                {"speaks_tr": "no", "speaks_ar": "no"},
                {},
                "Sprache Türkisch oder Arabisch",
                "aufgabe",
            ),
            ({}, {}, {"times": ["3-morning"]}, "Zeit dienstags 15–16:30 Uhr", "wann"),
            ({}, {}, {"hours_per_week": "1"}, "mindestens 1,5 Stunden in der Woche", "wann"),
            ({}, {}, {"max_distance_km": "2", "from_afar": True}, "ein Weg von 11,1 km", "wann"),
        ],
    )
    def test_is_said_before_anything_is_sent_with_the_way_to_change_it(
        self, needs: Any, answers: Any, times: Any, said: str, changed_on: str
    ) -> None:
        task = make_opportunity("Lesecafé", **needs)
        if times.pop("from_afar", False):
            times["home_district"] = str(make_district(latitude=50.9).pk)
        visitor, page = press(task)
        if page.questions():
            page = visitor.send(page, **answers)
        last = visitor.send(page, **times)
        assert last.status == 200
        assert "Für diese Aufgabe reicht es so noch nicht" in last.text
        assert f"Es fehlt noch: {said} · Ändern" in last.text.replace("\u00a0", " ")
        changed = visitor.press(last, f"Ändern: {said.split()[0]}")
        assert (changed.status, changed_on in changed.address.partition("?")[0]) == (200, True)
        assert rows() == {"people": 0, "pledges": 0, "mails": 0}

    def test_one_language_of_several_is_enough(self) -> None:
        _, last = walk(make_opportunity(languages=["tr", "ar"]), speaks_tr="no", speaks_ar="yes")
        assert "Es fehlt noch" not in last.text

    def test_a_no_is_said_at_once_on_the_next_screen(self) -> None:
        visitor, page = press(make_opportunity(languages=["tr"]))
        page = visitor.send(page, speaks_tr="no")
        assert "Es fehlt noch: Sprache Türkisch" in page.text

    def test_the_person_may_still_pledge_and_the_wish_is_kept(self) -> None:
        task = make_opportunity(skills=["reading"])
        visitor, last = walk(task, can_reading="no")
        assert "Trotzdem Zeit zusagen" in last.text
        assert visitor.send(last, **ME).address == reverse("pledge_sent")
        pledge = TimePledge.objects.get()
        assert (pledge.wanted_opportunity, pledge.lacking_skills) == (task, ["reading"])

    def test_too_young_is_said_before_it_is_sent_and_sent_when_pressed_again(self) -> None:
        visitor, last = walk(make_opportunity(minimum_age=18))
        assert "Es fehlt noch" not in last.text
        page = visitor.send(last, **ME, is_adult="16-17", note="Nur im Winter")
        assert page.status == 422
        assert "Es fehlt noch: Alter ab 18 Jahren" in page.text
        assert "Nur im Winter" in page.source
        assert rows()["pledges"] == 0
        assert visitor.send(page).address == reverse("pledge_sent")
        assert TimePledge.objects.get().volunteer.is_adult is False

    def test_what_fits_instead_is_named_with_a_link_and_nothing_else(self) -> None:
        task = make_opportunity("Türkischcafé", languages=["tr"])
        make_opportunity("Spielenachmittag")
        make_opportunity("Rettungsgruppe", skills=["swimming"])
        make_opportunity("Am Freitag", slots=[(4, 15 * 60, 16 * 60)])
        make_opportunity("Schon voll", places=0)
        visitor, last = walk(task, speaks_tr="no")
        assert "Das würde mit Ihren Angaben passen: Spielenachmittag, dienstags 15–16:30 Uhr" in last.text
        assert "Rettungsgruppe" not in last.text
        assert "Am Freitag" not in last.text
        assert "Schon voll" not in last.text
        assert "Spielenachmittag" in visitor.open(last.link("Spielenachmittag")).text

    def test_a_task_over_midnight_is_covered_by_what_is_filled_in(self) -> None:
        task = make_opportunity(slots=[(4, 22 * 60, 24 * 60), (5, 0, 2 * 60)])
        visitor, last = walk(task)
        assert "Es fehlt noch" not in last.text
        visitor.send(last, **ME)
        windows = TimePledge.objects.get().windows.all()
        assert [(w.weekday, w.start_minute, w.end_minute) for w in windows] == [(4, 1320, 1440), (5, 0, 120)]

    def test_two_odd_times_of_one_day_are_both_covered_by_what_is_filled_in(self) -> None:
        task = make_opportunity(slots=[(0, 6 * 60, 7 * 60), (0, 22 * 60, 23 * 60)])
        assert "Es fehlt noch" not in walk(task)[1].text


class TestATaskThatChangesMeanwhile:
    def test_full_since_the_form_was_opened_is_said_and_can_be_pledged_for(self) -> None:
        task = make_opportunity()
        visitor, last = walk(task)
        assert take_place(role_of(task).pk)
        page = visitor.send(last, **ME)
        assert page.status == 422
        assert "Im Moment sind hier alle Plätze vergeben. Wird einer frei, fragen wir Sie." in page.text
        assert rows()["pledges"] == 0
        assert visitor.send(page).address == reverse("pledge_sent")
        assert TimePledge.objects.get().wanted_opportunity == task

    @pytest.mark.parametrize("status", [Opportunity.Status.CLOSED, Opportunity.Status.PAUSED])
    def test_closed_since_the_form_was_opened_is_said_and_does_not_stop_the_pledge(self, status: str) -> None:
        task = make_opportunity(skills=["reading"])
        visitor, last = walk(task, can_reading="yes")
        Opportunity.objects.update(status=status)
        page = visitor.send(last, **ME)
        assert page.status == 422
        assert "Hier wird niemand mehr gesucht. Wir suchen etwas Ähnliches für Sie." in page.text
        assert rows()["pledges"] == 0
        assert visitor.send(page).address == reverse("pledge_sent")
        assert TimePledge.objects.get().wanted_opportunity is None

    def test_over_since_yesterday_is_said(self) -> None:
        task = make_opportunity()
        visitor, page = press(task)
        yesterday = local_day(timezone.now()) - timedelta(days=1)
        Opportunity.objects.update(ends_on=yesterday, starts_on=yesterday)
        assert "Hier wird niemand mehr gesucht" in visitor.send(page).text

    def test_a_new_need_added_meanwhile_loses_nothing_that_was_typed(self) -> None:
        task = make_opportunity()
        visitor, last = walk(task)
        Role.objects.update(languages=["uk"], skills=["music"])
        page = visitor.send(last, **ME, note="Nur im Winter")
        assert page.status == 422
        assert "Es fehlt noch: Sprache Ukrainisch" in page.text
        assert "Nur im Winter" in page.source
        assert visitor.send(page).address == reverse("pledge_sent")


class TestHandMadeAddresses:
    @pytest.mark.parametrize(
        "changes",
        [
            {"can_reading": "vielleicht"},
            {"can_reading": ["yes", "nonsense"]},
            {"can_reading": "\x00"},
            {"can_reading": ""},
            {"speaks_tr": "learn", "can_reading": "yes"},
        ],
    )
    def test_an_answer_there_is_not_is_asked_again(self, changes: dict[str, Any]) -> None:
        task = make_opportunity(skills=["reading"], languages=["tr"])
        query = {"fields_wanted": "education", "wanted": task.slug, "times": "1-afternoon", **changes}
        for name in ("pledge_time_when", "pledge_time_who"):
            page = Visitor().open(reverse(name), **query)
            assert page.status in (400, 422)

    def test_answers_nobody_asked_for_are_ignored(self) -> None:
        task = make_opportunity(skills=["reading"])
        visitor, last = walk(task, can_reading="yes", can_fliegen="yes", can_music="yes", speaks_xx="yes")
        assert visitor.send(last, **ME).address == reverse("pledge_sent")
        pledge = TimePledge.objects.get()
        assert (pledge.skills, pledge.languages) == (["reading"], [])

    def test_skills_of_a_task_that_are_no_words_any_more_are_not_asked(self) -> None:
        task = make_opportunity()
        Role.objects.update(skills=["alchemy"], languages=["xx"])
        for name in ("pledge_time_task", "pledge_time_when"):
            page = Visitor().open(reverse(name), fields_wanted="education", wanted=task.slug)
            assert (page.status, page.questions()) == (200, [])

    @pytest.mark.parametrize("query", [{}, {"wanted": "x"}, {"fields_wanted": "sport", "wanted": "a\x00b"}])
    def test_the_screen_of_the_questions_without_a_task_never_breaks(self, query: dict[str, str]) -> None:
        assert Visitor().open(reverse("pledge_time_task"), **query).status in (200, 400, 422)

    def test_an_invented_list_of_seen_obstacles_hides_none_from_the_pledge(self) -> None:
        visitor, last = walk(make_opportunity(minimum_age=18))
        page = visitor.send(last, **ME, is_adult="16-17", seen="💥,,skill,\x00")
        assert page.status == 422
        assert rows()["pledges"] == 0

    def test_posting_to_the_questions_is_refused(self, client: Any) -> None:
        assert client.post(reverse("pledge_time_task")).status_code == 405


@pytest.mark.parametrize("size", [1, 25])
def test_the_screens_take_few_queries_whatever_the_number_of_tasks(
    size: int, client: Any, django_assert_max_num_queries: Any
) -> None:
    task = make_opportunity(skills=["reading"], languages=["tr"])
    for _number in range(size):
        make_opportunity()
    query = {"fields_wanted": "education", "wanted": task.slug, "times": "1-afternoon"}
    query |= {"can_reading": "no", "speaks_tr": "no", "hours_per_week": "2", "max_distance_km": "5"}
    for name in ("pledge_time_task", "pledge_time_when", "pledge_time_who"):
        with django_assert_max_num_queries(10):
            assert client.get(reverse(name), query).status_code == 200


def test_what_the_screen_says_of_a_stranger_is_what_the_run_does_with_them() -> None:
    """The screen reads typed answers, the run reads rows; they may not differ in what they find."""
    needs = [{}, {"skills": ["reading"]}, {"languages": ["tr"]}, {"minimum_age": 18}]
    answers = {"can_reading": "learn", "speaks_tr": "no"}
    said = {}
    for number, need in enumerate(needs):
        task = make_opportunity(f"Aufgabe {number}", **need)
        visitor, page = press(task)
        if page.questions():
            page = visitor.send(page, **{name: answers[name] for name in page.questions()})
        last = visitor.send(page)
        said[task.pk] = "Es fehlt noch" not in last.text
        visitor.send(last, first_name="Maria", email=f"person-{number}@example.org")
    now = timezone.now()
    TimePledge.objects.update(status="open", confirmed_at=now, answer_due_at=now)
    run_matching(now)
    asked = {
        pledge.wanted_opportunity_id: pledge.offers.filter(opportunity=pledge.wanted_opportunity).exists()
        for pledge in TimePledge.objects.all()
    }
    assert asked == said
    assert sorted(said.values()) == [False, True, True, True]
