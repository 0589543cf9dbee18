"""/koordination/angebote/: who may see and do what, and what happens then."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.models import Membership, Opportunity, Provider, Role
from programs.services.publishing import mark_of_task
from tests.factories import (
    asking,
    make_coordinator,
    make_district,
    make_opportunity,
    make_program,
    make_provider,
    make_user,
    make_youth_office,
    role_of,
)

pytestmark = pytest.mark.django_db

LIST = "/koordination/angebote/"
NEW = "/koordination/angebote/neu/"


@pytest.fixture
def own() -> Opportunity:
    return make_opportunity("Vorlesen", provider=make_provider("Lesefreunde e.V."), status="published")


def page(opportunity: Opportunity, rest: str = "") -> str:
    return f"/koordination/angebote/{opportunity.pk}/{rest}"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def answers(**changes: Any) -> dict[str, Any]:
    said = {
        "title": "Vorlesen in der Bücherei",
        "task": "Sie lesen einer Gruppe vor.",
        "field": "education",
        "program": "",
        "district": "",
        "site": "Stadtbücherei",
        "starts_on": "2026-12-01",
        "ends_on": "",
        "places": "3",
        "minimum_age": "16",
        "day_0": "1",
        "from_0": "15:00",
        "to_0": "16:30",
    }
    return {**said, "activity": asking(clearance=True)["activity"].pk, **changes}


ADDRESSES = ["", "bearbeiten/"]
STEPS = ["einreichen/", "zurueckgeben/", "pausieren/", "fortsetzen/", "beenden/", "freigeben/"]


class TestWhoMaySee:
    def test_strangers_are_led_to_the_door(self, client: Client, own: Opportunity) -> None:
        for address in [LIST, NEW, *(page(own, rest) for rest in ADDRESSES)]:
            response = client.get(address)
            assert (response.status_code, response["Location"]) == (302, f"/konto/login/?next={address}")
        for step in STEPS:
            assert client.post(page(own, step)).status_code == 302
        assert Opportunity.objects.get().status == "published"

    def test_people_without_membership_are_refused(self, own: Opportunity) -> None:
        client = signed_in(make_user())
        for address in [LIST, NEW, *(page(own, rest) for rest in ADDRESSES)]:
            assert client.get(address).status_code == 403
        for step in STEPS:
            assert client.post(page(own, step)).status_code == 403

    @pytest.mark.parametrize("role", [Membership.Role.TREASURER, Membership.Role.SAFEGUARDING_OFFICER])
    def test_other_roles_do_not_coordinate(self, own: Opportunity, role: Membership.Role) -> None:
        client = signed_in(make_user(role, own.provider))
        assert client.get(LIST).status_code == 403
        assert client.get(page(own)).status_code == 403

    def test_for_foreign_coordinators_it_does_not_exist(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(make_provider()))
        for rest in ADDRESSES:
            assert client.get(page(own, rest)).status_code == 404
        for step in STEPS:
            assert client.post(page(own, step)).status_code == 404
        assert own.title not in client.get(LIST).content.decode()
        assert Opportunity.objects.get().status == "published"

    def test_own_coordinators_and_the_youth_office_see_it(self, own: Opportunity) -> None:
        for provider in (own.provider, make_youth_office()):
            client = signed_in(make_coordinator(provider))
            assert own.title in client.get(LIST).content.decode()
            assert client.get(NEW).status_code == 200
            for rest in ADDRESSES:
                assert client.get(page(own, rest)).status_code == 200

    def test_steps_are_taken_by_post_only(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(own.provider))
        for step in STEPS:
            assert client.get(page(own, step)).status_code == 405

    def test_an_unknown_step_does_not_exist(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(own.provider))
        assert client.post(page(own, "loeschen/")).status_code == 404


class TestList:
    def test_ended_ones_show_only_when_asked_for(self, own: Opportunity) -> None:
        make_opportunity("Vorbei", provider=own.provider, status="closed")
        make_opportunity("Zu lesen", provider=own.provider, status="in_review")
        client = signed_in(make_coordinator(own.provider))
        titles = [o.title for o in client.get(LIST).context["page"]]
        assert titles == ["Zu lesen", "Vorlesen"]
        assert [o.title for o in client.get(f"{LIST}?status=closed").context["page"]] == ["Vorbei"]
        assert [o.title for o in client.get(f"{LIST}?status=in_review").context["page"]] == ["Zu lesen"]
        assert [o.title for o in client.get(f"{LIST}?q=vorl").context["page"]] == ["Vorlesen"]
        assert [o.title for o in client.get(f"{LIST}?status=gold").context["page"]] == titles

    @pytest.mark.parametrize("size", [2, 30])
    def test_few_queries_at_any_size(
        self, own: Opportunity, size: int, django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(size):
            make_opportunity(provider=own.provider)
        client = signed_in(make_coordinator(own.provider))
        with django_assert_max_num_queries(12):
            assert client.get(LIST).status_code == 200

    def test_nothing_yet_shows_the_way(self) -> None:
        client = signed_in(make_coordinator(make_provider()))
        assert "Noch kein Angebot" in client.get(LIST).content.decode()


class TestWriting:
    def test_a_draft_comes_into_being(self) -> None:
        provider, district = make_provider(), make_district()
        program = make_program(provider=provider)
        author = make_coordinator(provider)
        response = signed_in(author).post(
            NEW,
            answers(
                provider=str(provider.pk),
                district=district.slug,
                program=str(program.pk),
                skills=["reading"],
                age_bands=["6-9"],
                day_1="3",
                from_1="23:00",
                to_1="00:00",
            ),
        )
        made = Opportunity.objects.get()
        assert (response.status_code, response["Location"]) == (302, page(made))
        assert (made.status, made.created_by, made.edited_by) == ("draft", author, author)
        assert (made.provider, made.program, made.district) == (provider, program, district)
        role = role_of(made)
        assert (role.skills, role.languages, made.age_bands) == (["reading"], [], ["6-9"])
        assert made.clearance_required is True
        assert [(s.weekday, s.start_minute, s.end_minute) for s in made.weekly_shares] == [
            (1, 900, 990),
            (3, 1380, 1440),
        ]

    def test_nobody_writes_for_a_foreign_provider(self) -> None:
        foreign, district = make_provider(), make_district()
        client = signed_in(make_coordinator(make_provider()))
        response = client.post(NEW, answers(provider=str(foreign.pk), district=district.slug))
        assert response.status_code == 422
        assert not Opportunity.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": ""}, "title"),
            ({"task": "x" * 3001}, "task"),
            ({"field": "gold"}, "field"),
            ({"district": "atlantis"}, "district"),
            ({"places": "0"}, "places"),
            ({"places": "viele"}, "places"),
            ({"minimum_age": "13"}, "minimum_age"),
            ({"starts_on": "31.02.2026"}, "starts_on"),
            ({"starts_on": "0001-01-01"}, "starts_on"),
            ({"ends_on": "2026-11-30"}, "ends_on"),
            ({"ends_on": "31.12.9999"}, "ends_on"),
            ({"without": "24.12.9999"}, "without"),
            ({"activity": ""}, "activity"),
            ({"activity": "0"}, "activity"),
            ({"activity": "none"}, "activity_question"),
            ({"activity": "none", "activity_question": "Emre (8) ist allein."}, "activity_question"),
            ({"to_0": ""}, "to_0"),
            ({"day_0": ""}, "day_0"),
            ({"from_0": "15:10"}, "from_0"),
            ({"from_0": "25:00"}, "from_0"),
            ({"to_0": "14:00"}, "to_0"),
            ({"day_1": "1", "from_1": "16:00", "to_1": "17:00"}, "day_1"),
            ({"ends_on": "2026-12-01", "day_0": "2"}, "day_0"),
        ],
    )
    def test_a_faulty_form_comes_back_filled(self, changes: dict[str, str], field: str) -> None:
        provider, district = make_provider(), make_district()
        client = signed_in(make_coordinator(provider))
        said = answers(
            provider=str(provider.pk), site="Haus für Alle", **{"district": district.slug, **changes}
        )
        response = client.post(NEW, said)
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert "Haus für Alle" in response.content.decode()
        assert not Opportunity.objects.exists()

    def test_an_empty_post_is_a_faulty_form(self) -> None:
        client = signed_in(make_coordinator(make_provider()))
        assert client.post(NEW, {}).status_code == 422

    def test_dates_may_be_typed_the_german_way(self) -> None:
        provider, district = make_provider(), make_district()
        client = signed_in(make_coordinator(provider))
        said = answers(provider=str(provider.pk), district=district.slug, starts_on="01.12.2026")
        assert client.post(NEW, said).status_code == 302

    def test_the_form_shows_what_is_there(self, own: Opportunity) -> None:
        form = signed_in(make_coordinator(own.provider)).get(page(own, "bearbeiten/")).context["form"]
        assert "provider" not in form.fields
        assert (form["title"].value(), form["district"].value()) == ("Vorlesen", own.district.slug)
        assert [str(field.value()) for field in form.repeated_rows()[0]] == [
            "weekly",
            "1",
            "15:00:00",
            "16:30:00",
        ]

    def test_saving_the_form_unchanged_changes_nothing(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(own.provider))
        form = client.get(page(own, "bearbeiten/")).context["form"]
        said = {f.html_name: f.value() for f in form if f.value() not in (None, "")}
        before = Opportunity.objects.filter(pk=own.pk).values().get()
        assert client.post(page(own, "bearbeiten/"), said).status_code == 302
        after = Opportunity.objects.filter(pk=own.pk).values().get()
        assert {k: v for k, v in after.items() if before[k] != v}.keys() == {"edited_by_id"}

    def test_not_fewer_places_than_are_taken(self, own: Opportunity) -> None:
        Role.objects.update(places=3, places_taken=2)
        client = signed_in(make_coordinator(own.provider))
        said = answers(district=own.district.slug, places="1")
        response = client.post(page(own, "bearbeiten/"), said)
        assert response.status_code == 422
        assert "Es sind schon 2 Plätze vergeben." in response.content.decode()
        own.refresh_from_db()
        assert (own.places, own.title) == (3, "Vorlesen")

    def test_a_changed_text_of_a_public_one_waits_for_release_again(
        self, own: Opportunity, client: Client
    ) -> None:
        coordinator = signed_in(make_coordinator(own.provider))
        said = answers(district=own.district.slug)
        assert coordinator.post(page(own, "bearbeiten/"), said).status_code == 302
        own.refresh_from_db()
        assert own.status == "in_review"
        assert client.get(f"/zeit/{own.slug}/").status_code == 404

    def test_an_ended_one_is_not_changed(self, own: Opportunity) -> None:
        Opportunity.objects.update(status="closed")
        client = signed_in(make_coordinator(own.provider))
        response = client.post(page(own, "bearbeiten/"), answers(district=own.district.slug))
        assert response.status_code == 422
        assert "Ein beendetes Angebot kann nicht mehr geändert werden." in response.content.decode()


class TestSteps:
    def test_from_draft_to_the_public_list_by_two_people(self, client: Client) -> None:
        provider = make_provider()
        author = make_coordinator(provider)
        draft = make_opportunity(
            "Vorlesen", provider=provider, status="draft", created_by=author, edited_by=author
        )
        writing = signed_in(author)
        assert client.get(f"/zeit/{draft.slug}/").status_code == 404
        assert writing.post(page(draft, "einreichen/")).status_code == 302
        assert "Wartet auf eine zweite Person" in writing.get(page(draft)).content.decode()

        own_try = writing.post(page(draft, "freigeben/"), {"text_read": mark_of_task(draft)})
        assert own_try.status_code == 422
        assert "Vier Augen" in own_try.content.decode()

        reading = signed_in(make_coordinator(provider))
        form = reading.get(page(draft)).context["release_form"]
        released = reading.post(page(draft, "freigeben/"), {"text_read": form["text_read"].value()})
        assert released.status_code == 302
        assert client.get(f"/zeit/{draft.slug}/").status_code == 200

    def test_the_youth_office_releases_too(self) -> None:
        waiting = make_opportunity(status="in_review")
        client = signed_in(make_coordinator(make_youth_office()))
        read = mark_of_task(waiting)
        assert client.post(page(waiting, "freigeben/"), {"text_read": read}).status_code == 302

    def test_without_the_mark_of_the_text_nothing_is_released(self) -> None:
        waiting = make_opportunity(status="in_review")
        client = signed_in(make_coordinator(waiting.provider))
        response = client.post(page(waiting, "freigeben/"), {})
        assert response.status_code == 422
        assert "Der Text wurde gerade geändert" in response.content.decode()

    def test_hints_are_shown_and_must_be_confirmed(self) -> None:
        waiting = make_opportunity(status="in_review", task="Fragen beantwortet Frau Weber.")
        client = signed_in(make_coordinator(waiting.provider))
        shown = client.get(page(waiting)).content.decode()
        assert "Name einer Person" in shown
        assert "Frau Weber" in shown
        said = {"text_read": mark_of_task(waiting)}
        assert client.post(page(waiting, "freigeben/"), said).status_code == 422
        assert client.post(page(waiting, "freigeben/"), {**said, "hints_read": "on"}).status_code == 422
        answered = {**said, "hints_read": ["Frau Weber"]}
        assert client.post(page(waiting, "freigeben/"), answered).status_code == 302

    def test_every_place_is_marked_in_the_text_and_answered_alone(self) -> None:
        waiting = make_opportunity(status="in_review", task="Mit Xhevahire und Zoriana lesen wir.")
        client = signed_in(make_coordinator(waiting.provider))
        shown = client.get(page(waiting)).content.decode()
        assert "Mit <mark>Xhevahire</mark> und <mark>Zoriana</mark> lesen wir." in shown
        said = {"text_read": mark_of_task(waiting)}
        for answered, status in ([], 422), (["Xhevahire"], 422), (["Xhevahire", "Zoriana"], 302):
            sent = client.post(page(waiting, "freigeben/"), {**said, "hints_read": answered})
            assert sent.status_code == status
        assert client.get(f"/zeit/{waiting.slug}/").status_code == 200

    def test_nobody_who_changed_a_word_since_the_release_releases_it(self) -> None:
        provider = make_provider("Lesefreunde e.V.")
        writer, planner, reader = (make_coordinator(provider) for _number in range(3))
        own = make_opportunity("Vorlesen", provider=provider, status="draft", site="Stadtbücherei")
        signed_in(planner).post(page(own, "einreichen/"))
        self._release(own, reader, 302)
        changed = answers(title="Vorlesen am Abend", district=own.district.slug)
        assert signed_in(writer).post(page(own, "bearbeiten/"), changed).status_code == 302
        own.refresh_from_db()
        assert own.status == "in_review"
        more = {**changed, "places": "9"}
        assert signed_in(planner).post(page(own, "bearbeiten/"), more).status_code == 302
        shown = signed_in(reader).get(page(own)).content.decode()
        assert "<del>Vorlesen</del>" in shown
        self._release(own, writer, 422)
        self._release(own, reader, 302)

    def _release(self, own: Opportunity, by: User, status: int) -> None:
        own.refresh_from_db()
        client = signed_in(by)
        asked = client.get(page(own)).context["findings"]
        said = {
            "text_read": mark_of_task(own),
            "hints_read": [finding.excerpt for finding in asked],
        }
        assert client.post(page(own, "freigeben/"), said).status_code == status

    def test_a_hard_finding_is_named_and_refuses(self) -> None:
        draft = make_opportunity(status="draft", task="Familie Yilmaz braucht Hilfe.")
        client = signed_in(make_coordinator(draft.provider))
        response = client.post(page(draft, "einreichen/"))
        assert response.status_code == 422
        shown = response.content.decode()
        assert "Name einer Familie" in shown
        assert "Familie Yilmaz" in shown
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_a_provider_without_protection_concept_is_told_so(self) -> None:
        provider = make_provider(is_verified=False, protection_concept_on=None, safeguarding_contact="")
        draft = make_opportunity(provider=provider, status="draft")
        client = signed_in(make_coordinator(provider))
        shown = client.get(page(draft)).content.decode()
        assert "fehlt das Schutzkonzept" in shown
        assert "fehlt die Ansprechperson für Kinderschutz" in shown
        assert client.post(page(draft, "einreichen/")).status_code == 422

    def test_pause_resume_and_end(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(own.provider))
        for step, status in (("pausieren/", "paused"), ("fortsetzen/", "published"), ("beenden/", "closed")):
            response = client.post(page(own, step), follow=True)
            assert response.status_code == 200
            own.refresh_from_db()
            assert own.status == status
        assert client.post(page(own, "fortsetzen/")).status_code == 422
        own.refresh_from_db()
        assert own.status == "closed"

    def test_the_history_names_who_did_what(self, own: Opportunity) -> None:
        client = signed_in(make_coordinator(own.provider, name="Kim Beispiel"))
        client.post(page(own, "pausieren/"))
        assert "Kim Beispiel" in client.get(page(own)).content.decode()

    def test_every_state_has_its_page(self) -> None:
        provider = make_provider()
        client = signed_in(make_coordinator(provider))
        for status in Opportunity.Status.values:
            assert client.get(page(make_opportunity(provider=provider, status=status))).status_code == 200


def test_provider_switches_are_not_open_to_forged_forms(own: Opportunity) -> None:
    foreign = make_provider()
    client = signed_in(make_coordinator(own.provider))
    said = answers(district=own.district.slug, provider=str(foreign.pk), status="published", is_demo="on")
    client.post(page(own, "bearbeiten/"), said)
    own.refresh_from_db()
    assert own.provider != foreign
    assert Provider.objects.count() == 2
