"""Tätigkeiten belong to the youth office: one person writes, a second releases, providers only choose."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.domain.activities import Criterion
from programs.models import (
    Activity,
    ActivityQuestion,
    ActivityVersion,
    Membership,
    Opportunity,
    Provider,
    Role,
)
from programs.services.activities import mark_of, release_draft
from programs.services.publishing import release, resume, submit
from tests.factories import (
    decide_anew,
    make_activity,
    make_coordinator,
    make_district,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    role_of,
)

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
LIST = "/koordination/taetigkeiten/"


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture
def writer(office: Provider) -> User:
    return make_user(OFFICER, office, email="schutz@jugendamt.example")


@pytest.fixture
def second(office: Provider) -> User:
    return make_user(OFFICER, office, email="zweite@jugendamt.example")


@pytest.fixture
def care() -> Activity:
    return make_activity("Vorlesen", two_adults=True)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def answers(**changes: Any) -> dict[str, Any]:
    said = {
        "name": "Vorlesen",
        "explanation": "Mit Kindern.",
        "contact_with_minors": "on",
        "clearance_required": "on",
        "two_adults": "on",
        "minimum_age": "16",
        "training": "none",
        "reasons": "Geprüft.",
        "source": "Beschluss des Jugendhilfeausschusses, 2026",
        **{each.value: "1" for each in Criterion},
    }
    said |= changes
    return {name: value for name, value in said.items() if value is not None}


def page(activity: Activity, rest: str = "") -> str:
    return f"{LIST}{activity.pk}/{rest}"


def draft(activity: Activity, writer: User, **changes: Any) -> ActivityVersion:
    response = signed_in(writer).post(page(activity, "entwurf/"), answers(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return activity.versions.get(status="draft")


def let_hold(activity: Activity, person: User) -> Any:
    client = signed_in(person)
    read = client.get(page(activity)).context["read"]
    return client.post(page(activity, "freigeben/"), {"read": read})


def asked(task: Opportunity) -> tuple[bool, bool]:
    task.refresh_from_db()
    return task.contact_with_minors, task.clearance_required


def test_what_is_still_open_is_listed_in_the_order_of_the_page(writer: User) -> None:
    said = signed_in(writer).post(f"{LIST}neu/", {}).content.decode()
    summary = said[said.index('id="error-summary"') :].split("</ul>")[0]
    listed = re.findall(r'href="#id_(\w+?)(?:_0)?"', summary)
    training = ["minimum_age", "training"]
    assert listed == ["name", "explanation", *Criterion, "reasons", "source", *training]


def test_what_is_open_of_a_task_is_listed_in_the_order_of_the_page() -> None:
    coordinator = make_coordinator(make_provider("Haus der Familie"))
    said = signed_in(coordinator).post("/koordination/angebote/neu/", {}).content.decode()
    summary, page_below = said[said.index('id="error-summary"') :].split("</ul>", 1)
    listed = re.findall(r'href="#(\w+)"', summary)
    assert {"id_title", "id_day_0", "id_activity_0"} <= set(listed)
    assert listed == sorted(listed, key=lambda control: page_below.index(f'id="{control}"'))


class TestTwoPeople:
    def test_a_draft_changes_nothing_and_a_second_person_puts_it_in_force(
        self, care: Activity, writer: User, second: User
    ) -> None:
        task = make_opportunity(activity=care)
        draft(care, writer, clearance_required=None, reasons="Die Selbstverpflichtung genügt.")
        assert asked(task) == (True, True)
        assert let_hold(care, second).status_code == 302
        assert asked(task) == (True, False)
        old, new = care.versions.order_by("number")
        assert (old.status, new.status, new.number) == ("replaced", "in_force", 2)
        assert (new.released_by, new.writers, new.is_confirmed) == (second, [writer.pk], True)
        assert new.answers == {each.value: 1 for each in Criterion}

    def test_nobody_who_wrote_a_word_of_it_releases_it(
        self, care: Activity, writer: User, second: User, office: Provider
    ) -> None:
        draft(care, writer)
        draft(care, second, reasons="Anders begründet.")
        for person in (writer, second):
            assert "wrote_it" in signed_in(person).get(page(care)).context
            refused = let_hold(care, person)
            assert refused.status_code == 422
            assert "Vier Augen" in refused.content.decode()
        assert care.versions.get(status="draft").writers == sorted([writer.pk, second.pk])
        assert let_hold(care, make_coordinator(office)).status_code == 302

    def test_saving_without_a_change_makes_nobody_a_writer(
        self, care: Activity, writer: User, second: User
    ) -> None:
        draft(care, writer)
        draft(care, second)
        assert care.versions.get(status="draft").writers == [writer.pk]
        assert let_hold(care, second).status_code == 302

    def test_what_changed_since_it_was_read_is_not_released(
        self, care: Activity, writer: User, second: User, now: datetime
    ) -> None:
        read = mark_of(draft(care, writer))
        draft(care, writer, clearance_required=None)
        assert release_draft(care, by=second, read=read, now=now) == "changed_since_read"
        assert Activity.objects.get(pk=care.pk).clearance_required is True

    def test_what_is_discarded_or_not_there_is_not_released(
        self, care: Activity, writer: User, second: User
    ) -> None:
        draft(care, writer, clearance_required=None)
        assert signed_in(writer).post(page(care, "verwerfen/")).status_code == 302
        assert let_hold(care, second).status_code == 422
        assert signed_in(writer).post(page(care, "verwerfen/")).status_code == 422
        assert Activity.objects.get(pk=care.pk).clearance_required is True
        draft(care, writer)
        assert care.versions.get(status="draft").number == 3

    def test_the_releaser_sees_what_becomes_different(
        self, care: Activity, writer: User, second: User
    ) -> None:
        draft(care, writer, minimum_age="18", measles_sites=["kita", "heim"], art_power="2")
        shown = signed_in(second).get(page(care)).context["differences"]
        assert {(each.label, each.before, each.after) for each in shown} >= {
            ("Mindestalter der Freiwilligen", "16", "18"),
            ("Masernschutz zeigen in", "–", "Kita, Heim"),
            ("Gibt es eine Rangordnung oder Macht, zum Beispiel als Leitung?", "–", "ja"),
        }
        assert "Führungszeugnis" not in {each.label for each in shown}

    def test_a_higher_age_reaches_the_tasks(self, care: Activity, writer: User, second: User) -> None:
        young, old = make_opportunity(activity=care), make_opportunity(activity=care, minimum_age=18)
        elsewhere = make_opportunity()
        draft(care, writer, minimum_age="17")
        let_hold(care, second)
        assert [role_of(each).minimum_age for each in (young, old, elsewhere)] == [17, 18, 16]

    def test_a_new_one_is_offered_once_it_holds(self, writer: User, second: User) -> None:
        response = signed_in(writer).post(f"{LIST}neu/", answers(name="Kochen mit Kindern"))
        made = Activity.objects.get()
        assert (response.status_code, made.slug, made.current) == (302, "kochen-mit-kindern", None)
        provider = make_provider()
        client = signed_in(make_coordinator(provider))
        assert "Kochen mit Kindern" not in client.get("/koordination/angebote/neu/").content.decode()
        assert let_hold(made, second).status_code == 302
        assert "Kochen mit Kindern" in client.get("/koordination/angebote/neu/").content.decode()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"overnight": "on", "clearance_required": None}, "clearance_required"),
            ({"overnight": "on", "two_adults": None}, "two_adults"),
            ({"contact_with_minors": None}, "contact_with_minors"),
            ({"art_trust": ""}, "art_trust"),
            ({"reasons": ""}, "reasons"),
            ({"source": ""}, "source"),
            ({"minimum_age": "14"}, "minimum_age"),
            ({"explanation": "Emre (8) hat ADHS"}, "explanation"),
            ({"reasons": "Emre (8) hat ADHS"}, "reasons"),
        ],
    )
    def test_what_contradicts_itself_is_not_written(
        self, care: Activity, writer: User, changes: dict[str, Any], field: str
    ) -> None:
        response = signed_in(writer).post(page(care, "entwurf/"), answers(**changes))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert care.versions.count() == 1


class TestWhoMay:
    def test_only_the_youth_offices_safeguarding_writes(self, care: Activity, office: Provider) -> None:
        strangers = [
            make_user(OFFICER, make_provider()),
            make_coordinator(make_provider()),
            make_user(Membership.Role.TREASURER, office),
            make_user(is_superuser=True, is_staff=True),
        ]
        for person in strangers:
            client = signed_in(person)
            for address in (LIST, page(care), page(care, "entwurf/"), f"{LIST}neu/"):
                assert client.get(address).status_code == 403
            for rest in ("entwurf/", "freigeben/", "verwerfen/"):
                assert client.post(page(care, rest), answers()).status_code == 403
        reader = signed_in(make_coordinator(office))
        assert reader.get(page(care)).status_code == 200
        assert reader.post(page(care, "entwurf/"), answers()).status_code == 403
        assert reader.post(page(care, "verwerfen/")).status_code == 403
        assert ActivityVersion.objects.count() == 1

    def test_the_office_has_its_door_and_what_waits_on_its_desk(self, writer: User, now: datetime) -> None:
        client = signed_in(writer)
        assert LIST in client.get("/koordination/").content.decode()
        assert "Fragen nach der Tätigkeit" not in client.get("/koordination/").content.decode()
        task = make_opportunity(status="draft", activity=None)
        ActivityQuestion.objects.create(opportunity=task, text="?", status_changed_at=now, asked_at=now)
        assert "Fragen nach der Tätigkeit" in client.get("/koordination/").content.decode()


class TestTheDatabase:
    """It refuses what no page offers."""

    def refuses(self, statement: str, *values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_a_task_cannot_ask_for_less_than_its_activity(self, care: Activity) -> None:
        task = make_opportunity(activity=care)
        update = "UPDATE programs_role SET {} WHERE opportunity_id = %s"
        self.refuses(update.format("clearance_required = false"), task.pk)
        self.refuses(update.format("contact_with_minors = false"), task.pk)
        self.refuses(update.format("activity_id = NULL"), task.pk)
        waiting = make_opportunity(status="draft", activity=None)
        self.refuses(update.format("clearance_required = false"), waiting.pk)
        move = "UPDATE programs_opportunity SET status = '{}' WHERE id = %s"
        self.refuses(move.format("published"), waiting.pk)
        self.refuses(move.format("paused"), waiting.pk)

    def test_what_another_version_asks_for_goes_on_to_the_tasks_of_its_activity(self, care: Activity) -> None:
        task = make_opportunity(activity=care)
        decide_anew(care, clearance_required=False)
        assert asked(task) == (True, False)

    def test_a_writer_cannot_be_the_releaser(self, care: Activity, writer: User) -> None:
        self.refuses(
            "UPDATE programs_activityversion SET writers = %s, released_by_id = %s",
            [writer.pk],
            writer.pk,
        )

    def test_over_night_without_a_certificate_cannot_be(self, care: Activity) -> None:
        self.refuses("UPDATE programs_activityversion SET overnight = true, clearance_required = false")

    def test_two_versions_cannot_hold_at_once(self, care: Activity, writer: User) -> None:
        draft(care, writer)
        self.refuses("UPDATE programs_activityversion SET status = 'in_force'")


def task_answers(provider: Provider, activity: object, **changes: Any) -> dict[str, Any]:
    said = {
        "provider": str(provider.pk),
        "title": "Vorlesen in der Bücherei",
        "task": "Sie lesen einer Gruppe vor.",
        "field": "education",
        "district": make_district().slug,
        "site": "Stadtbücherei",
        "starts_on": "2026-12-01",
        "places": "3",
        "minimum_age": "16",
        "activity": str(activity),
        "on_call": "on",
    }
    return {**said, **changes}


class TestProvidersChoose:
    @pytest.fixture
    def provider(self) -> Provider:
        return make_provider()

    @pytest.fixture
    def client(self, provider: Provider) -> Client:
        return signed_in(make_coordinator(provider))

    def make(self, client: Client, provider: Provider, activity: object, **changes: Any) -> Opportunity:
        sent = task_answers(provider, activity, **changes)
        response = client.post("/koordination/angebote/neu/", sent)
        assert response.status_code == 302, response.context["form"].errors
        return Opportunity.objects.latest("pk")

    def test_what_they_post_beside_it_decides_nothing(
        self, client: Client, provider: Provider, care: Activity
    ) -> None:
        made = self.make(
            client,
            provider,
            care.pk,
            clearance="no",
            clearance_required="",
            contact_with_minors="no",
        )
        made_role = role_of(made)
        assert (made_role.activity, made_role.contact_with_minors, made_role.clearance_required) == (
            care,
            True,
            True,
        )

    def test_the_choice_explains_itself(self, client: Client, care: Activity) -> None:
        html = client.get("/koordination/angebote/neu/").content.decode()
        assert "Mit Kindern. (Führungszeugnis nötig, zwei Erwachsene)" in html
        assert "Passt zu keiner" in html

    def test_below_the_age_of_the_activity_is_not_possible(self, client: Client, provider: Provider) -> None:
        grown_up = make_activity(minimum_age=18)
        response = client.post("/koordination/angebote/neu/", task_answers(provider, grown_up.pk))
        assert response.status_code == 422
        assert "mindestens 18 Jahre" in response.context["form"].errors["minimum_age"][0]
        assert role_of(self.make(client, provider, grown_up.pk, minimum_age="18")).minimum_age == 18

    def test_what_is_no_longer_offered_stays_with_its_task_alone(
        self, client: Client, provider: Provider, care: Activity
    ) -> None:
        made = self.make(client, provider, care.pk)
        Activity.objects.update(is_offered=False)
        assert client.post("/koordination/angebote/neu/", task_answers(provider, care.pk)).status_code == 422
        edit = f"/koordination/angebote/{made.pk}/bearbeiten/"
        changed = client.post(edit, task_answers(provider, care.pk, title="Anders"))
        assert changed.status_code == 302

    def test_no_activity_asks_the_office_and_publishes_nothing_before_its_answer(
        self, client: Client, provider: Provider, care: Activity, writer: User, now: datetime
    ) -> None:
        made = self.make(client, provider, "none", activity_question="Es gibt Tiere und Kinder.")
        author = User.objects.get(memberships__provider=provider)
        assert made.clearance_required is True
        assert submit(made, by=author, now=now) == ["activity_asked"]
        client.post(f"/koordination/angebote/{made.pk}/einreichen/")
        made.refresh_from_db()
        assert made.status == "draft"
        office = signed_in(writer)
        question = ActivityQuestion.objects.get()
        assert "Vorlesen in der Bücherei" in office.get(LIST).content.decode()
        address = reverse("coordination_activity_question", args=[question.pk])
        assert "Es gibt Tiere und Kinder." in office.get(address).content.decode()
        read = {"read": office.get(address).context["read"]}
        said = {"activity": str(care.pk), "answer": "Das ist Vorlesen.", **read}
        assert office.post(address, said).status_code == 302
        made.refresh_from_db()
        assert (role_of(made).activity, made.status) == (care, "draft")
        assert submit(made, by=author, now=now) == []
        assert "Das ist Vorlesen." in client.get(f"/koordination/angebote/{made.pk}/").content.decode()
        again = office.post(address, {"activity": "", "answer": "Doch nicht.", **read})
        assert again.status_code == 422
        question.refresh_from_db()
        assert (question.status, question.answer) == ("answered", "Das ist Vorlesen.")

    @pytest.mark.parametrize(("written", "decided", "age"), [(16, 18, 18), (18, 16, 18)])
    def test_after_the_answer_the_higher_age_counts_the_offices_or_the_providers(
        self, client: Client, provider: Provider, writer: User, written: int, decided: int, age: int
    ) -> None:
        made = self.make(client, provider, "none", activity_question="Was ist das?", minimum_age=written)
        office = signed_in(writer)
        address = reverse("coordination_activity_question", args=[ActivityQuestion.objects.get().pk])
        said = {"answer": "Das ist Vorlesen.", "read": office.get(address).context["read"]}
        decision = make_activity(minimum_age=decided)
        assert office.post(address, {**said, "activity": decision.pk}).status_code == 302
        assert (role_of(made).activity, role_of(made).minimum_age) == (decision, age)

    def test_an_answer_without_an_activity_keeps_it_unpublished(
        self, client: Client, provider: Provider, writer: User, now: datetime
    ) -> None:
        made = self.make(client, provider, "none", activity_question="Wir wissen es nicht.")
        address = reverse("coordination_activity_question", args=[ActivityQuestion.objects.get().pk])
        office = signed_in(writer)
        said = {"answer": "So geht es nicht.", "read": office.get(address).context["read"]}
        assert office.post(address, said).status_code == 302
        author = User.objects.get(memberships__provider=provider)
        assert submit(made, by=author, now=now) == ["no_activity"]

    def test_an_answer_to_what_was_described_otherwise_meanwhile_decides_nothing(
        self, client: Client, provider: Provider, writer: User
    ) -> None:
        calm = make_activity(contact_with_minors=False, clearance_required=False)
        made = self.make(client, provider, "none", activity_question="Was ist das?")
        office, question = signed_in(writer), ActivityQuestion.objects.get()
        address = reverse("coordination_activity_question", args=[question.pk])
        said = {"activity": str(calm.pk), "answer": "Ein Stand.", "read": office.get(address).context["read"]}
        other = {"activity_question": "Was ist das?", "task": "Sie fahren mit der Gruppe in ein Zeltlager."}
        edit = f"/koordination/angebote/{made.pk}/bearbeiten/"
        assert client.post(edit, task_answers(provider, "none", **other)).status_code == 302
        refused = office.post(address, said)
        assert refused.status_code == 422
        assert "Inzwischen wurde etwas geändert." in refused.content.decode()
        assert "Zeltlager" in refused.content.decode()
        question.refresh_from_db()
        assert (question.status, role_of(made).activity) == ("open", None)
        assert office.post(address, {**said, "read": refused.context["read"]}).status_code == 302
        assert role_of(made).activity == calm

    def test_a_published_task_that_asks_leaves_the_list_and_becomes_strict(
        self, client: Client, provider: Provider, now: datetime
    ) -> None:
        calm = make_activity(contact_with_minors=False, clearance_required=False)
        made = make_opportunity(provider=provider, activity=calm, status="published")
        sent = task_answers(provider, "none", activity_question="Jetzt mit Kindern.")
        assert client.post(f"/koordination/angebote/{made.pk}/bearbeiten/", sent).status_code == 302
        made.refresh_from_db()
        assert (made.status, made.clearance_required) == ("in_review", True)
        reader = make_coordinator(provider)
        refused = release(made, by=reader, text_read="", hints_read=True, now=now)
        assert "activity_asked" in refused
        assert ActivityQuestion.objects.filter(status="open").count() == 1
        client.post(f"/koordination/angebote/{made.pk}/bearbeiten/", task_answers(provider, calm.pk))
        assert ActivityQuestion.objects.get().status == "withdrawn"

    def test_the_same_words_ask_once_and_others_anew(self, client: Client, provider: Provider) -> None:
        made = self.make(client, provider, "none", activity_question="Erste Frage.")
        edit = f"/koordination/angebote/{made.pk}/bearbeiten/"
        client.post(edit, task_answers(provider, "none", activity_question="Erste Frage."))
        assert ActivityQuestion.objects.count() == 1
        client.post(edit, task_answers(provider, "none", activity_question="Zweite Frage."))
        rows = ActivityQuestion.objects.order_by("pk").values_list("text", "status")
        assert list(rows) == [("Erste Frage.", "withdrawn"), ("Zweite Frage.", "open")]

    def test_who_chose_before_the_age_rose_does_not_come_back_from_a_pause(
        self, provider: Provider, now: datetime
    ) -> None:
        paused = make_opportunity(provider=provider, status="paused", minimum_age=16)
        Role.objects.filter(opportunity=paused).update(activity=make_activity(minimum_age=18))
        assert resume(paused, by=make_coordinator(provider), now=now) == ["younger_than_activity"]


class TestStartingList:
    @pytest.fixture
    def office(self, city: None) -> Provider:
        return Provider.objects.get(is_youth_office=True)

    def test_it_comes_with_the_city_and_is_not_confirmed(self, writer: User) -> None:
        versions = ActivityVersion.objects.select_related("activity")
        assert versions.count() == Activity.objects.count() == 9
        assert not [each for each in versions if each.is_confirmed or not each.source or not each.reasons]
        without = {each.activity.slug for each in versions if not each.clearance_required}
        assert without == {"einmal-im-team", "ohne-kontakt"}
        assert {each.activity.slug for each in versions if each.overnight} == {"uebernachtung"}
        assert all(set(each.answers) == {one.value for one in Criterion} for each in versions)
        assert signed_in(writer).get(LIST).content.decode().count("noch nicht bestätigt") == 11

    def test_a_second_load_leaves_what_the_office_decided(self, writer: User, second: User) -> None:
        apart = Activity.objects.get(slug="ohne-kontakt")
        draft(apart, writer, name="Ganz ohne Kinder")
        let_hold(apart, second)
        call_command("load_city", "dueren", "--no-demo-values", verbosity=0)
        apart.refresh_from_db()
        assert (str(apart), apart.clearance_required, apart.versions.count()) == ("Ganz ohne Kinder", True, 2)
        assert Activity.objects.count() == 9
