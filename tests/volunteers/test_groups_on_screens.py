"""A group on the screens: it says so once, and everybody who plans with it reads how many come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.clock import utc_now
from programs.models import Opportunity
from programs.services.shifts import follow_series
from tests.factories import Slot, make_coordinator, make_opportunity, make_shift, make_youth_office, role_of
from tests.volunteers.pledging import (
    link_in,
    mails,
    make_group,
    make_placement,
    make_pledge,
    make_sent_offer,
    rows,
    send_pledge,
    taken_answers,
    wishes_query,
)
from volunteers.models import Assignment, HoursEntry, Offer, Placement, TimePledge, Volunteer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.links import offer_token
from volunteers.services.match_runs import run_matching
from volunteers.services.personal_data import stored_about

pytestmark = pytest.mark.django_db
TUESDAY: Slot = (1, 15 * 60, 16 * 60)
CHOIR: dict[str, Any] = {"group_name": "Chor St. Anna", "heads": "8"}


def make_task(now: datetime, places: int = 10) -> Opportunity:
    task = make_opportunity("Ranzen packen", slots=[TUESDAY], places=places, clearance_required=False)
    follow_series(task, now=now)
    return task


def come(task: Opportunity, heads: int, now: datetime) -> Placement:
    placement = make_placement(make_group(now, heads), task, now, "active", from_on=now.date())
    assign_coming_shifts(now, placement=placement)
    return placement


def my_page(volunteer: Volunteer) -> str:
    return my_page_token(volunteer.mailbox, utc_now())


def text(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


class TestPledging:
    def test_a_group_says_its_name_and_how_many_they_are_and_confirms_as_everybody(
        self, client: Client
    ) -> None:
        assert send_pledge(client, **CHOIR, first_name="Maria").status_code == 303
        typed = Volunteer.objects.get()
        assert (typed.group_name, typed.heads, typed.first_name) == ("Chor St. Anna", 8, "Maria")
        address = link_in(mails("pledge_confirm").get(), "/")
        assert "Chor St. Anna, 8 Menschen" in text(client.get(address))
        client.post(address)
        assert TimePledge.objects.get().status == "open"

    def test_somebody_alone_is_asked_nothing_more(self, client: Client) -> None:
        page = text(client.get(reverse("pledge_time_who"), wishes_query()))
        assert "<summary>Wir sind eine Gruppe oder Firma</summary>" in page
        assert send_pledge(client).status_code == 303
        assert (Volunteer.objects.get().group_name, Volunteer.objects.get().heads) == ("", 1)

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"heads": ""}, "Bitte geben Sie an, wie viele Menschen kommen."),
            ({"heads": "1"}, "Bitte geben Sie eine Zahl von 2 bis 99 an."),
            ({"heads": "100"}, "Bitte geben Sie eine Zahl von 2 bis 99 an."),
            ({"heads": "viele"}, "Bitte geben Sie eine Zahl von 2 bis 99 an."),
            ({"group_name": ""}, "Bitte geben Sie den Namen der Gruppe oder Firma an."),
            ({"group_name": "www.firma.de"}, "Bitte schreiben Sie nur den Namen"),
            ({"is_adult": "16-17"}, "Eine Gruppe kann nur kommen, wenn alle 18 sind."),
        ],
    )
    def test_what_makes_no_group_is_said_with_all_kept(
        self, answers: dict[str, str], said: str, client: Client
    ) -> None:
        kept = {**CHOIR, **answers}
        response = send_pledge(client, **kept)
        assert (response.status_code, rows()["people"]) == (422, 0)
        page = text(response)
        assert said in page
        assert all(f'value="{each}"' in page for each in kept.values() if each)
        assert '<details class="details" open> <summary>Wir sind eine Gruppe' in page

    def test_before_it_is_sent_the_screen_says_that_there_is_not_room_for_all(
        self, client: Client, now: datetime
    ) -> None:
        query = wishes_query(wanted=make_task(now, places=5).slug)
        response = send_pledge(client, query, **CHOIR)
        assert (response.status_code, rows()["people"]) == (422, 0)
        assert "Im Moment sind hier nicht genug Plätze für Sie alle frei." in text(response)
        assert send_pledge(client, query, **CHOIR, seen="too_few_places").status_code == 303
        assert send_pledge(client, query, email="p@example.org").status_code == 303

    def test_and_that_each_needs_papers_of_their_own(self, client: Client, now: datetime) -> None:
        query = wishes_query(wanted=make_opportunity("Vorlesen", slots=[TUESDAY], places=9).slug)
        response = send_pledge(client, query, **CHOIR)
        assert response.status_code == 422
        assert "Als Gruppe geht das nicht; wir suchen etwas anderes für Sie." in text(response)
        assert send_pledge(client, query).status_code == 303

    def test_by_phone_the_same_with_the_name_on_the_envelope(self, client: Client) -> None:
        client.force_login(make_coordinator(make_youth_office()))
        taken = client.post(reverse("coordination_pledge_take"), taken_answers(**CHOIR))
        assert taken.status_code == 303
        group = Volunteer.objects.get()
        assert (group.group_name, group.heads, group.confirmed_at is not None) == ("Chor St. Anna", 8, True)
        assert group.mailbox.postal_address.splitlines()[:2] == ["Chor St. Anna", "Hedwig Kremer"]
        page = text(client.get(reverse("coordination_person", args=[group.pk])))
        assert "Gruppe oder Firma, 8 Menschen" in page
        assert "Chor St. Anna (Hedwig Kremer)" in page
        refused = client.post(reverse("coordination_pledge_take"), taken_answers(group_name="Bank"))
        assert (refused.status_code, Volunteer.objects.count()) == (422, 1)


class TestAnswering:
    def test_the_mail_and_the_page_ask_for_all_and_take_another_number(self, client: Client) -> None:
        now = utc_now()
        task = make_task(now)
        make_group(now, 8)
        run_matching(now)
        mail = mails("offer").get()
        assert "So lange halten wir 8 Plätze für Sie frei." in mail.body_text
        address = reverse("offer_answer", args=[offer_token(Offer.objects.get(), now)])
        page = text(client.get(address))
        assert "8 Plätze sind bis" in page
        assert 'value="8"' in page
        too_many = client.post(address, {"answer": "accept", "heads": "11"})
        assert too_many.status_code == 422
        assert "Kommen können 10." in text(too_many)
        assert Offer.objects.get().status == "sent"
        assert client.post(address, {"answer": "accept", "heads": "5"}).status_code == 303
        assert Placement.objects.get().heads == 5
        assert (role_of(task).places_taken, role_of(task).places_held) == (5, 0)
        told = mails("placement_to_confirm").get()
        assert "eine Gruppe (5 Menschen) hat zugesagt" in told.body_text
        assert "Chor" not in told.body_text

    def test_somebody_alone_is_asked_for_no_number(self, client: Client) -> None:
        now = utc_now()
        offer = make_sent_offer(make_pledge(now), make_task(now), now)
        address = reverse("offer_answer", args=[offer_token(offer, now)])
        assert 'name="heads"' not in text(client.get(address))
        client.post(address, {"answer": "accept", "heads": "5"})
        assert (Placement.objects.get().heads, role_of(offer.opportunity).places_taken) == (1, 1)

    @pytest.mark.parametrize(
        ("heads", "placed", "told"),
        [
            ("6", [6], "Die Antwort ist notiert."),
            ("", [8], "Die Antwort ist notiert."),
            ("11", [], "Für so viele Menschen sind dort nicht genug Plätze frei."),
            ("0", [], "Bitte geben Sie eine Zahl von 1 bis 99 an."),
            ("100", [], "Bitte geben Sie eine Zahl von 1 bis 99 an."),
        ],
    )
    def test_told_on_the_phone(
        self, heads: str, placed: list[int], told: str, client: Client, now: datetime
    ) -> None:
        offer = make_sent_offer(make_group(now, 8), make_task(now), utc_now())
        client.force_login(make_coordinator(make_youth_office()))
        answer = {"answer": "accept", "came_by": "phone", "heads": heads}
        said = client.post(reverse("coordination_offer_answered", args=[offer.pk]), answer, follow=True)
        assert [each.heads for each in Placement.objects.all()] == placed
        assert told in text(said)


class TestMyPage:
    @pytest.mark.parametrize(
        ("heads", "hint", "stands"),
        [
            ("5", "hinweis=anzahl", 5),
            ("8", "hinweis=gleiche_anzahl", 8),
            ("11", "hinweis=zu_viele", 8),
            ("0", "hinweis=keine_anzahl", 8),
        ],
    )
    def test_more_or_fewer_come(self, heads: str, hint: str, stands: int, client: Client) -> None:
        now = utc_now()
        placement = come(make_task(now), 8, now)
        token = my_page(placement.volunteer)
        assert "Anzahl ändern" in text(client.get(reverse("my_page", args=[token])))
        response = client.post(reverse("placement_heads", args=[token, placement.pk]), {"heads": heads})
        assert response["Location"].endswith(f"?{hint}")
        placement.refresh_from_db()
        assert placement.heads == stands
        told = [mail.body_text for mail in mails("placement_heads")]
        assert len(told) == (stands == 5)
        assert all("Bisher: 8 Menschen. Ab jetzt: 5 Menschen." in words for words in told)

    def test_a_group_changes_its_name_and_size_and_stays_of_age(self, client: Client) -> None:
        group = make_group(utc_now(), 8).volunteer
        address = reverse("my_person", args=[my_page(group), group.pk])
        shown = text(client.get(address))
        assert 'name="is_adult"' not in shown
        assert f'href="{reverse("my_address", args=[address.split("/")[2]])}"' in shown
        answers = {"group_name": "Chor", "heads": "12", "first_name": "Ali", "is_adult": "16-17"}
        assert client.post(address, answers).status_code == 303
        group.refresh_from_db()
        assert (group.group_name, group.heads, group.first_name, group.is_adult) == ("Chor", 12, "Ali", True)
        assert client.post(address, {**answers, "heads": "1"}).status_code == 422

    def test_somebody_alone_becomes_no_group_by_the_way(self, client: Client) -> None:
        person = make_pledge(utc_now()).volunteer
        address = reverse("my_person", args=[my_page(person), person.pk])
        client.post(address, {"first_name": "Eva", "is_adult": "adult", **CHOIR})
        person.refresh_from_db()
        assert (person.first_name, person.group_name, person.heads) == ("Eva", "", 1)

    def test_what_one_takes_along_names_the_heads(self, now: datetime) -> None:
        found = stored_about(come(make_task(now), 8, now).volunteer.mailbox)
        person = found["personen"][0]
        assert (person["gruppe_oder_firma"], person["menschen"]) == ("Chor St. Anna", 8)
        assert found["einsaetze"][0]["menschen"] == 8


class TestWhoPlans:
    def test_task_plan_lists_and_placement_say_who_and_how_many(self, client: Client) -> None:
        now = utc_now()
        task = make_task(now)
        placement = come(task, 8, now)
        client.force_login(make_coordinator(task.provider))
        first = placement.assignments.order_by("shift__starts_at")[0].shift.starts_at.date()
        for address in (
            reverse("coordination_opportunity", args=[task.pk]),
            f"{reverse('coordination_roster')}?tag={first.isoformat()}",
            reverse("coordination_placements"),
            reverse("coordination_placement", args=[placement.pk]),
        ):
            assert "Chor St. Anna (Maria), 8 Menschen" in text(client.get(address)), address
        table: Any = client.get(reverse("coordination_placements_file", args=["csv"]))
        lines: Iterable[bytes] = table
        assert "Chor St. Anna (Maria), 8 Menschen" in b"".join(lines).decode()

    @pytest.mark.parametrize(
        ("heads", "stands", "said"),
        [
            ("3", 3, "Notiert: So viele kommen."),
            ("11", 8, "nicht an jedem Termin Plätze frei"),
            ("x", 8, "Bitte geben Sie eine Zahl von 1 bis 99 an."),
        ],
    )
    def test_the_provider_notes_what_the_group_told(
        self, heads: str, stands: int, said: str, client: Client, now: datetime
    ) -> None:
        placement = come(make_task(now), 8, now)
        client.force_login(make_coordinator(placement.opportunity.provider))
        address = reverse("coordination_placement_heads", args=[placement.pk])
        assert said in text(client.post(address, {"heads": heads}, follow=True))
        placement.refresh_from_db()
        assert placement.heads == stands
        assert not mails("placement_heads").exists()

    def test_who_notes_who_came_notes_how_many(self, client: Client) -> None:
        now = utc_now()
        placement = come(make_task(now), 8, now)
        begun = placement.assignments.order_by("shift__starts_at")[0]
        shift = make_shift(placement.opportunity, now - timedelta(hours=3))
        Assignment.objects.filter(pk=begun.pk).update(shift=shift)
        client.force_login(make_coordinator(placement.opportunity.provider))
        page = reverse("coordination_placement", args=[placement.pk])
        assert 'name="heads" id="kamen-' in text(client.get(page))
        address = reverse("coordination_attendance", args=[begun.pk])
        for heads, said, given in (
            ("0", "Bitte geben Sie eine Zahl von 1 bis 99 an.", []),
            ("6", "da gewesen, 6 Menschen", [6]),
            ("6", "Das ist schon notiert", [6]),
            ("7", "da gewesen, 7 Menschen", [7]),
        ):
            answer = client.post(address, {"outcome": "attended", "heads": heads}, follow=True)
            assert said in text(answer)
            assert list(HoursEntry.objects.values_list("heads", flat=True)) == given
        seen = text(client.get(page))
        assert "Stunden, alle zusammen" in seen
        assert 'value="7"' in seen

    def test_a_group_that_skips_or_leaves_is_told_of_as_a_group(self, client: Client) -> None:
        now = utc_now()
        placement = come(make_task(now), 8, now)
        token = my_page(placement.volunteer)
        first = placement.assignments.filter(shift__starts_at__gt=now).order_by("shift__starts_at")[0]
        client.post(reverse("date_skip", args=[token, first.pk]))
        client.post(reverse("placement_leave", args=[token, placement.pk]))
        skipped, left = mails("assignment_excused").get(), mails("placement_left").get()
        assert "eine Gruppe (8 Menschen) kann am" in skipped.body_text
        assert "Bitte prüfen Sie, ob der Termin noch besetzt ist." in skipped.body_text
        assert left.subject == "8 Plätze sind wieder frei: Ranzen packen"
