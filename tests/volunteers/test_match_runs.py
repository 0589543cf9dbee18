"""A run of the matcher, from the rows to the mails."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from foundation.actors import system
from foundation.sweeps import run
from foundation.times_of_week import WeeklyTime
from programs.models import Opportunity
from tests.factories import make_district, make_opportunity, make_provider, occupied, role_of
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from volunteers.matching import NO_PRICE
from volunteers.models import MatchRun, Offer, Placement, TimePledge
from volunteers.selectors.match_inputs import match_inputs
from volunteers.services.absences import add_absence
from volunteers.services.answers import accept_offer, decline_offer, expire_due
from volunteers.services.fit import standings
from volunteers.services.match_plan import match_plan
from volunteers.services.match_runs import run_matching
from volunteers.services.pauses import pause_pledge
from volunteers.services.placement_endings import stop_placement
from volunteers.services.pledges import Person, record_pledge
from volunteers.services.wishes import Wishes

pytestmark = pytest.mark.django_db

MONDAY = WeeklyTime(0, 14 * 60, 18 * 60)
TUESDAY = WeeklyTime(1, 14 * 60, 18 * 60)
MONDAY_SLOT = (0, 15 * 60, 16 * 60)
TUESDAY_SLOT = (1, 15 * 60, 16 * 60)
WEDNESDAY_SLOT = (2, 15 * 60, 16 * 60)
THURSDAY_SLOT = (3, 15 * 60, 16 * 60)
AFTERNOONS = [WeeklyTime(day, 14 * 60, 18 * 60) for day in range(5)]


def asked(pledge: TimePledge) -> list[str]:
    """Return the titles this pledge was asked for, oldest question first."""
    sent = pledge.offers.filter(sent_at__isnull=False).order_by("sent_at", "pk")
    return list(sent.values_list("opportunity__title", flat=True))


def test_run_asks_whoever_fits_and_takes_the_place(now: datetime) -> None:
    home = make_district("Nord", latitude=50.81, longitude=6.48)
    there = make_district("Ost", latitude=50.81, longitude=6.49)
    opportunity = make_opportunity(
        "Vorlesen im Familienzentrum", district=there, slots=[TUESDAY_SLOT], languages=["tr"]
    )
    pledge = make_pledge(
        now, times=[TUESDAY], home_district=home, fields=["education"], languages=["de", "tr"]
    )

    run = run_matching(now)

    offer = Offer.objects.get()
    assert run is not None
    assert (offer.pledge, offer.opportunity, offer.run) == (pledge, opportunity, run)
    assert (offer.status, offer.sent_at, offer.expires_at) == (
        "sent",
        now,
        datetime(2026, 3, 9, 23, tzinfo=UTC),
    )
    opportunity.refresh_from_db()
    assert occupied(opportunity) == 1
    pledge.volunteer.refresh_from_db()
    assert pledge.volunteer.last_asked_at == now


def test_question_names_task_time_reasons_and_end(now: datetime) -> None:
    home = make_district("Nord", latitude=50.81, longitude=6.48)
    there = make_district("Ost", latitude=50.81, longitude=6.497)
    make_opportunity("Vorlesen", district=there, slots=[TUESDAY_SLOT], languages=["tr"], site="Haus 3")
    make_pledge(now, times=[TUESDAY], home_district=home, fields=["education"], languages=["tr"])

    run_matching(now)

    mail = mails("offer").get()
    text = mail.body_text.replace("\u00a0", " ")
    assert mail.key == f"offer.sent:{Offer.objects.get().pk}"
    assert mail.to_email == "maria@example.org"
    assert mail.subject == "Passt das zu Ihnen? Vorlesen"
    assert "Wann: dienstags 15–16 Uhr\nWo: Haus 3, Ost\n" in text
    why = (
        "Wir denken an Sie, weil Sie dienstags Zeit haben, 1,2 km entfernt wohnen, im Bereich Bildung helfen"
        " möchten und Türkisch sprechen. Hier fehlen noch Menschen."
    )
    assert f"\n\n{why}\n\n" in text
    assert "Bitte sagen Sie bis Montag, 9. März 2026 Ja oder Nein." in text
    assert "/anfrage/" in text
    assert "/meins/" in text
    assert f"<p>{why}</p>" in mail.body_html.replace("\u00a0", " ")


def test_run_stores_what_went_in_and_how_good_it_is(now: datetime) -> None:
    make_opportunity("Vorlesen", slots=[TUESDAY_SLOT])
    make_pledge(now, times=[TUESDAY])

    run_matching(now)

    stored = MatchRun.objects.get()
    assert (stored.volunteers, stored.opportunities, stored.edges, stored.proposed) == (1, 1, 1, 1)
    assert stored.score == Offer.objects.get().score
    assert stored.score <= stored.bound <= stored.score * 1.01
    assert len(stored.inputs_hash) == 64
    assert stored.weights["placed"] == 300_000
    assert stored.started_at == now
    assert stored.finished_at is not None
    assert (stored.failed_at, stored.error) == (None, "")


def test_same_rows_give_the_same_plan_and_planning_writes_nothing(now: datetime) -> None:
    for number in range(6):
        make_opportunity(f"Angebot {number}", slots=[MONDAY_SLOT], places=1)
        make_pledge(now, email=f"person-{number}@example.org", times=[MONDAY])

    first, second = match_plan(now), match_plan(now)

    assert first.result.inputs_hash == second.result.inputs_hash
    assert list(first.proposals()) == list(second.proposals())
    assert len(list(first.proposals())) == 6
    assert not Offer.objects.exists()
    assert not MatchRun.objects.exists()


def test_other_rows_give_another_hash(now: datetime) -> None:
    make_opportunity(slots=[MONDAY_SLOT])
    make_pledge(now, times=[MONDAY])
    before = match_plan(now).result.inputs_hash

    make_opportunity(slots=[TUESDAY_SLOT])

    assert match_plan(now).result.inputs_hash != before


def test_who_pledged_for_a_task_is_asked_first_for_it(now: datetime) -> None:
    opportunity = make_opportunity("Chorprobe", slots=[MONDAY_SLOT], places=1, field="culture")
    make_pledge(now, email="besser@example.org", times=[MONDAY], fields=["culture"])
    wisher = make_pledge(
        now, email="wunsch@example.org", times=[MONDAY], fields=["sport"], wanted=opportunity
    )

    run_matching(now)

    offer = Offer.objects.get()
    assert offer.pledge == wisher
    assert offer.reason_texts[0] == "diese Aufgabe ausgesucht"


def test_of_two_who_want_the_last_place_the_longer_waiting_is_asked(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], places=1)
    make_pledge(now, email="zweite@example.org", times=[MONDAY], wanted=opportunity)
    first = make_pledge(
        now - timedelta(hours=1), email="erste@example.org", times=[MONDAY], wanted=opportunity
    )

    run_matching(now)

    assert Offer.objects.get().pledge == first


def test_wish_that_passes_no_gate_gives_way_to_what_fits(now: datetime) -> None:
    wanted = make_opportunity("Wunsch", slots=[MONDAY_SLOT])
    make_opportunity("Passt", slots=[TUESDAY_SLOT])
    pledge = make_pledge(now, times=[TUESDAY], wanted=wanted)

    run_matching(now)

    assert asked(pledge) == ["Passt"]


def test_of_a_chosen_task_a_skill_to_learn_or_never_asked_about_is_no_obstacle_but_a_no_is(
    now: datetime,
) -> None:
    task = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=3, skills=["reading"])
    answers: dict[str, dict[str, Any]] = {
        "lernt": {"learning_skills": ["reading"]},
        "ungefragt": {},
        "nein": {"lacking_skills": ["reading"]},
    }
    pledges = {
        name: make_pledge(now, email=f"{name}@example.org", times=[MONDAY], wanted=task, **answer)
        for name, answer in answers.items()
    }

    run_matching(now)

    assert {name: asked(pledge) for name, pledge in pledges.items()} == {
        "lernt": ["Vorlesen"],
        "ungefragt": ["Vorlesen"],
        "nein": [],
    }
    reasons = Offer.objects.get(pledge=pledges["lernt"]).reason_texts
    assert "möchte lernen: Vorlesen" in reasons


def test_of_a_task_not_chosen_a_skill_to_learn_is_not_enough(now: datetime) -> None:
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT], skills=["reading"])
    pledge = make_pledge(now, times=[MONDAY], learning_skills=["reading"])

    run_matching(now)

    assert asked(pledge) == []


def test_a_favourite_age_does_not_close_the_task_that_was_chosen(now: datetime) -> None:
    task = make_opportunity("Babys", slots=[MONDAY_SLOT], age_bands=["0-2"])
    pledge = make_pledge(now, times=[MONDAY], age_bands=["14-17"], wanted=task)

    run_matching(now)

    assert asked(pledge) == ["Babys"]


def test_a_chosen_task_stays_closed_without_its_language(now: datetime) -> None:
    task = make_opportunity("Übersetzen", slots=[MONDAY_SLOT], languages=["tr", "ar"])
    pledge = make_pledge(now, times=[MONDAY], languages=["de"], wanted=task)

    run_matching(now)

    assert asked(pledge) == []


def test_hard_gates_are_never_outweighed(now: datetime) -> None:
    far = make_district("Fern", latitude=50.95, longitude=6.48)
    near = make_district("Nah", latitude=50.80, longitude=6.48)
    make_opportunity("falsche Zeit", district=near, slots=[MONDAY_SLOT])
    make_opportunity("zu weit", district=far, slots=[TUESDAY_SLOT])
    make_opportunity("Sprache fehlt", district=near, slots=[TUESDAY_SLOT], languages=["uk"])
    make_opportunity("Fähigkeit fehlt", district=near, slots=[TUESDAY_SLOT], skills=["swimming"])
    make_opportunity("andere Kinder", district=near, slots=[TUESDAY_SLOT], age_bands=["14-17"])
    make_opportunity("zu jung", district=near, slots=[TUESDAY_SLOT], minimum_age=21)
    make_opportunity("zu lang", district=near, slots=[(1, 14 * 60, 18 * 60)])
    make_opportunity("voll", district=near, slots=[TUESDAY_SLOT], places=0)
    make_opportunity("Entwurf", district=near, slots=[TUESDAY_SLOT], status=Opportunity.Status.DRAFT)
    make_opportunity("vorbei", district=near, slots=[TUESDAY_SLOT], ends_on=date(2026, 3, 1))
    pledge = make_pledge(
        now,
        times=[TUESDAY],
        home_district=near,
        hours_per_week=2,
        languages=["tr"],
        age_bands=["6-9"],
        max_distance_km=5,
    )

    run_matching(now)

    assert asked(pledge) == []
    assert MatchRun.objects.get().edges == 0


@pytest.mark.parametrize("answer", ["no", "none", "left"])
def test_a_pair_once_asked_is_closed_for_a_season_and_not_for_ever(answer: str, now: datetime) -> None:
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=2, clearance_required=False)
    pledge = make_pledge(now, times=[MONDAY])
    run_matching(now)
    offer = Offer.objects.get()
    if answer == "no":
        decline_offer(offer, reason=Offer.Decline.TIME, now=now)
    elif answer == "none":
        expire_due(now + timedelta(days=30))
        Offer.objects.update(status_changed_at=now)
    else:
        accept_offer(offer, now=now)
        stop_placement(Placement.objects.get(), reason="on_request", actor=system("test"), now=now)
    season = timedelta(days=180)

    run_matching(now + season - timedelta(seconds=1))
    assert asked(pledge) == ["Vorlesen"]

    run_matching(now + season)
    assert asked(pledge) == ["Vorlesen", "Vorlesen"]


def test_whoever_is_there_is_not_asked_again_however_long(now: datetime) -> None:
    task = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=2, clearance_required=False)
    pledge = make_pledge(now, times=[MONDAY], hours_per_week=9)
    TimePledge.objects.update(placements_wanted=3)
    make_placement(pledge, task, now, "active", from_on=date(2026, 3, 2))
    run_matching(now + timedelta(days=700))
    assert asked(pledge) == []


def test_declined_question_goes_to_the_next_person(now: datetime) -> None:
    opportunity = make_opportunity("Vorlesen", slots=[MONDAY_SLOT], places=1, field="education")
    first = make_pledge(now, email="eins@example.org", times=[MONDAY], fields=["education"])
    second = make_pledge(now, email="zwei@example.org", times=[MONDAY], fields=["sport"])
    run_matching(now)
    assert (asked(first), asked(second)) == (["Vorlesen"], [])

    decline_offer(Offer.objects.get(), reason=Offer.Decline.PLACE, now=now)
    run_matching(now + timedelta(minutes=1))

    assert (asked(first), asked(second)) == (["Vorlesen"], ["Vorlesen"])
    opportunity.refresh_from_db()
    assert occupied(opportunity) == 1


def test_at_most_two_questions_wait_at_once(now: datetime) -> None:
    for slot in (MONDAY_SLOT, TUESDAY_SLOT, WEDNESDAY_SLOT):
        make_opportunity(slots=[slot])
    pledge = make_pledge(now, times=AFTERNOONS, hours_per_week=10)
    TimePledge.objects.filter(pk=pledge.pk).update(placements_wanted=3)

    run_matching(now)
    run_matching(now + timedelta(hours=1))

    assert len(asked(pledge)) == 2


def test_at_most_three_questions_come_in_a_week(now: datetime) -> None:
    for slot in (MONDAY_SLOT, TUESDAY_SLOT, WEDNESDAY_SLOT, THURSDAY_SLOT):
        make_opportunity(slots=[slot])
    pledge = make_pledge(now, times=AFTERNOONS, hours_per_week=10)
    for day in range(5):
        moment = now + timedelta(days=day)
        run_matching(moment)
        for offer in Offer.objects.filter(status=Offer.Status.SENT):
            decline_offer(offer, reason=Offer.Decline.TASK, now=moment)

    assert len(asked(pledge)) == 3
    run_matching(now + timedelta(days=7, minutes=1))
    assert len(asked(pledge)) == 4


def test_who_says_later_is_left_alone_for_four_weeks(now: datetime) -> None:
    make_opportunity(slots=[MONDAY_SLOT])
    make_opportunity(slots=[TUESDAY_SLOT])
    pledge = make_pledge(now, times=[MONDAY, TUESDAY])
    run_matching(now)
    decline_offer(Offer.objects.get(), reason=Offer.Decline.LATER, now=now)

    run_matching(now + timedelta(days=27))
    assert len(asked(pledge)) == 1
    run_matching(now + timedelta(days=28))
    assert len(asked(pledge)) == 2


def test_unconfirmed_paused_and_absent_people_are_not_asked(now: datetime) -> None:
    make_opportunity(slots=[MONDAY_SLOT], places=5)
    record_pledge(Person("Ungenannt", "neu@example.org"), Wishes(times=[MONDAY]), now=now)
    paused = make_pledge(now, email="pause@example.org", times=[MONDAY])
    pause_pledge(paused, until=date(2026, 4, 1), now=now)
    away = make_pledge(now, email="weg@example.org", times=[MONDAY])
    add_absence(away, from_on=date(2026, 3, 1), until_on=date(2026, 3, 2), now=now)

    run_matching(now)

    assert not Offer.objects.exists()
    run_matching(now + timedelta(days=1))
    assert Offer.objects.get().pledge == away


def test_placements_stay_and_block_their_time_and_their_number(now: datetime) -> None:
    mine = make_opportunity("Meins", slots=[MONDAY_SLOT], places=2)
    make_opportunity("zur selben Zeit", slots=[(0, 15 * 60 + 30, 17 * 60)])
    make_opportunity("daneben", slots=[TUESDAY_SLOT])
    busy = make_pledge(now, email="eins@example.org", times=[MONDAY, TUESDAY], hours_per_week=8)
    full = make_pledge(now, email="voll@example.org", times=[MONDAY, TUESDAY], hours_per_week=8)
    TimePledge.objects.filter(pk=busy.pk).update(placements_wanted=2)
    for pledge in (busy, full):
        make_placement(pledge, mine, now, Placement.Status.AWAITING_CONFIRMATION)

    run_matching(now)

    assert asked(busy) == ["daneben"]
    assert asked(full) == []
    assert Placement.objects.filter(opportunity=mine).count() == 2


def test_second_pledge_of_a_person_respects_what_the_first_took_on(now: datetime) -> None:
    mine = make_opportunity("Meins", slots=[MONDAY_SLOT], places=2)
    make_opportunity("zur selben Zeit", slots=[(0, 15 * 60 + 30, 17 * 60)])
    make_opportunity("frei", slots=[TUESDAY_SLOT])
    first = make_pledge(now, times=[MONDAY])
    second = make_pledge(now, times=[MONDAY, TUESDAY], hours_per_week=1)
    assert first.volunteer == second.volunteer
    make_placement(first, mine, now, Placement.Status.AWAITING_CONFIRMATION)

    run_matching(now)

    assert (asked(first), asked(second)) == ([], ["frei"])


def test_two_pledges_of_a_person_are_not_asked_for_the_same_time(now: datetime) -> None:
    for number in range(2):
        make_opportunity(f"Montag {number}", slots=[MONDAY_SLOT])
        make_pledge(now, times=[MONDAY])

    run_matching(now)

    statuses = Offer.objects.order_by("pk").values_list("status", "sent_at")
    assert list(statuses) == [("sent", now), ("withdrawn", None)]
    assert sorted(map(occupied, Opportunity.objects.all())) == [0, 1]
    assert mails("offer").count() == 1


def test_open_question_counts_as_taken(now: datetime) -> None:
    opportunity = make_opportunity(slots=[MONDAY_SLOT], places=1)
    first = make_pledge(now, email="eins@example.org", times=[MONDAY])
    make_sent_offer(first, opportunity, now)
    second = make_pledge(now, email="zwei@example.org", times=[MONDAY])

    run_matching(now)

    assert asked(second) == []


def test_withdrawn_question_may_be_put_again(now: datetime) -> None:
    opportunity = make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    pledge = make_pledge(now, times=[MONDAY])
    Offer.objects.create(
        pledge=pledge, role=role_of(opportunity), status="withdrawn", status_changed_at=now, created_at=now
    )

    run_matching(now)

    assert asked(pledge) == ["Vorlesen"]


def test_paused_opportunity_asks_nobody_but_keeps_its_people_busy(now: datetime) -> None:
    paused = make_opportunity("Pause", slots=[MONDAY_SLOT], places=3)
    make_opportunity("zur selben Zeit", slots=[MONDAY_SLOT])
    busy = make_pledge(now, email="eins@example.org", times=[MONDAY], hours_per_week=9)
    TimePledge.objects.filter(pk=busy.pk).update(placements_wanted=3)
    make_placement(busy, paused, now, Placement.Status.AWAITING_CONFIRMATION)
    Opportunity.objects.filter(pk=paused.pk).update(status=Opportunity.Status.PAUSED)
    free = make_pledge(now, email="zwei@example.org", times=[MONDAY])

    run_matching(now)

    assert asked(busy) == []
    assert asked(free) == ["zur selben Zeit"]


def test_prices_of_the_run_are_stored(now: datetime) -> None:
    scarce = make_opportunity("knapp", slots=[MONDAY_SLOT], places=1)
    full = make_opportunity("voll", slots=[MONDAY_SLOT], places=0)
    plenty = make_opportunity("reichlich", slots=[TUESDAY_SLOT], places=9)
    for number in range(3):
        make_pledge(now, email=f"p{number}@example.org", times=[MONDAY])

    run_matching(now)

    assert role_of(scarce).matching_price > 0
    assert role_of(full).matching_price == NO_PRICE
    assert role_of(plenty).matching_price == 0


def test_failed_run_stays_visible_and_changes_nothing(now: datetime) -> None:
    make_opportunity(slots=[MONDAY_SLOT])
    make_pledge(now, times=[MONDAY])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteers_offer ADD CONSTRAINT broken CHECK (score < 0) NOT VALID")

    with pytest.raises(IntegrityError):
        run_matching(now)

    failed = MatchRun.objects.get()
    assert failed.failed_at is not None
    assert "broken" in failed.error
    assert failed.finished_at is None
    assert not Offer.objects.exists()
    assert occupied(Opportunity.objects.get()) == 0


@pytest.mark.parametrize("size", [2, 12])
def test_inputs_take_the_same_queries_whatever_the_size(
    size: int, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    provider = make_provider()
    for number in range(size):
        opportunity = make_opportunity(slots=[MONDAY_SLOT, TUESDAY_SLOT], provider=provider, places=3)
        pledge = make_pledge(
            now, email=f"p{number}@example.org", times=AFTERNOONS, districts=[opportunity.district]
        )
        make_sent_offer(pledge, opportunity, now)

    with django_assert_num_queries(9):
        inputs = match_inputs(now)

    assert (len(inputs.pledges), len(inputs.roles)) == (size, size)


def test_regular_run_needs_no_change(now: datetime) -> None:
    make_opportunity("Vorlesen", slots=[MONDAY_SLOT])
    pledge = make_pledge(now, times=[MONDAY])

    assert run("volunteers.match", now) == 1

    assert asked(pledge) == ["Vorlesen"]


def test_whoever_does_more_hours_than_they_wish_is_asked_for_what_takes_none_of_the_week(
    now: datetime,
) -> None:
    """They lowered their hours, or the times of their task grew; a single date adds nothing to a week."""
    fete = make_opportunity("Sommerfest", slots=[], places=1)
    long = make_opportunity("Ganzer Montag", slots=[(0, 480, 840)])
    short = make_opportunity("Dienstags", slots=[TUESDAY_SLOT])
    pledge = make_pledge(now, times=[MONDAY, TUESDAY], hours_per_week=2, placements_wanted=3, wanted=fete)
    make_placement(pledge, long, now, "awaiting_confirmation")
    assert standings([pledge], now)[pledge.pk].is_open

    run_matching(now)

    offer = Offer.objects.get()
    assert (offer.opportunity, offer.status) == (fete, "sent")
    accept_offer(offer, now=now)
    assert Placement.objects.filter(pledge=pledge, opportunity=fete).exists()
    assert not Offer.objects.filter(opportunity=short).exists()
