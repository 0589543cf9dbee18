"""A group or company is one contact with n heads: one answer, and a place and a seat for each of them."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from foundation.actors import staff
from foundation.history import lines_of
from foundation.lists.searching import Word
from programs.models import Activity, Opportunity, Role, ShiftRole
from programs.services.seats import take_seat
from programs.services.shifts import follow_series
from tests.factories import Slot, decide_anew, make_opportunity, make_shift, role_of
from tests.volunteers.pledging import mails, make_group, make_placement, make_pledge, make_sent_offer
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.models import Assignment, HoursEntry, Offer, Placement, StandInSearch, TimePledge, Volunteer
from volunteers.selectors.coordination import next_dates_of
from volunteers.selectors.people import people_like
from volunteers.selectors.placements import given_minutes
from volunteers.selectors.stand_ins import stand_in_candidates
from volunteers.selectors.two_adults import unsafe_dates
from volunteers.services.absences import come_after_all, skip_date
from volunteers.services.answers import TooFewPlaces, accept_offer, decline_offer, expire_due
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.calendar import person_calendar, placement_calendar
from volunteers.services.clearance_changes import follow_clearance_need
from volunteers.services.fit import standings
from volunteers.services.heads import HeadsOutcome, change_heads
from volunteers.services.hours import record_attendance
from volunteers.services.match_plan import match_plan, proposals_for_pledge, proposals_for_task
from volunteers.services.match_runs import run_matching
from volunteers.services.merging import MergeRefusal, merge_people
from volunteers.services.misfits import withdraw_misfits
from volunteers.services.placement_endings import leave_placement, stop_placement
from volunteers.services.placements import confirm_placement
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.questions import SendOutcome, send_offer
from volunteers.services.wishes import Wishes
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db
COORDINATOR = staff(1, "coordinator")
TUESDAY: Slot = (1, 15 * 60, 16 * 60)


def make_task(now: datetime, places: int = 10) -> Opportunity:
    task = make_opportunity("Ranzen packen", slots=[TUESDAY], places=places, clearance_required=False)
    follow_series(task, now=now)
    return task


def propose(pledge: TimePledge, task: Opportunity, now: datetime) -> Offer:
    return Offer.objects.create(pledge=pledge, role=role_of(task), status_changed_at=now, created_at=now)


def places(task: Opportunity) -> tuple[int, int]:
    """How many are taken, how many are held."""
    role = role_of(task)
    return role.places_taken, role.places_held


def seats(task: Opportunity) -> set[int]:
    return set(ShiftRole.objects.filter(shift__opportunity=task).values_list("places_taken", flat=True))


def come(task: Opportunity, heads: int, now: datetime) -> Placement:
    placement = make_placement(make_group(now, heads), task, now, "active", from_on=date(2026, 3, 2))
    assign_coming_shifts(now, placement=placement)
    return placement


def given() -> list[tuple[int, int]]:
    """The minutes of each date and how many gave them."""
    return list(HoursEntry.objects.order_by("worked_on").values_list("minutes", "heads"))


class TestPlaces:
    def test_one_yes_takes_a_place_for_each_of_eight_and_their_seats(self, now: datetime) -> None:
        task = make_task(now)
        offer = propose(make_group(now, 8), task, now)
        assert send_offer(offer.pk, now=now) == SendOutcome.SENT
        assert places(task) == (0, 8)
        accepted = accept_offer(offer, now=now)
        assert (accepted.status, accepted.heads, places(task)) == ("accepted", 8, (8, 0))
        placement = Placement.objects.get()
        assert confirm_placement(placement, actor=COORDINATOR, now=now)
        assert set(Assignment.objects.values_list("heads", "status")) == {(8, "confirmed")}
        assert seats(task) == {8}

    @pytest.mark.parametrize(
        ("free", "outcome", "held"), [(7, "no_place", 0), (8, "sent", 8), (9, "sent", 8)]
    )
    def test_a_group_is_asked_only_where_all_of_it_fits(
        self, free: int, outcome: str, held: int, now: datetime
    ) -> None:
        task = make_task(now, places=free)
        assert send_offer(propose(make_group(now, 8), task, now).pk, now=now) == outcome
        assert places(task) == (0, held)

    def test_two_groups_asked_together_do_not_share_the_last_places(self, now: datetime) -> None:
        task = make_task(now, places=9)
        groups = [make_group(now, 5, name=name, email=f"{name}@example.org") for name in ("Chor", "Bank")]
        outcomes = [send_offer(propose(each, task, now).pk, now=now) for each in groups]
        assert (outcomes, places(task)) == (["sent", "no_place"], (0, 5))

    @pytest.mark.parametrize("way", ["no", "silence", "withdrawn"])
    def test_whatever_is_no_yes_gives_all_places_back(self, way: str, now: datetime) -> None:
        task = make_task(now)
        offer = make_sent_offer(make_group(now, 6), task, now)
        if way == "no":
            decline_offer(offer, reason="time", now=now)
        elif way == "silence":
            expire_due(now + timedelta(days=9))
        else:
            withdraw_pledge(offer.pledge, now=now)
        assert places(task) == (0, 0)

    def test_leaving_gives_all_places_and_seats_back(self, now: datetime) -> None:
        task = make_task(now)
        placement = come(task, 6, now)
        assert (places(task), seats(task)) == ((6, 0), {6})
        assert leave_placement(placement, now=now)
        assert (places(task), seats(task)) == ((0, 0), {0})

    def test_a_date_with_too_few_seats_is_none_of_the_group(self, now: datetime) -> None:
        task = make_task(now)
        first, second = ShiftRole.objects.order_by("shift__starts_at")[:2]
        assert take_seat(first.shift_id, first.role_id, 5)
        assert take_seat(second.shift_id, second.role_id, 4)
        placement = come(task, 6, now)
        found = placement.assignments.order_by("shift__starts_at").values_list("status", "released_for")
        assert list(found[:2]) == [("released", "full"), ("confirmed", "")]
        both = ShiftRole.objects.filter(pk__in=[first.pk, second.pk]).order_by("shift__starts_at")
        assert list(both.values_list("places_taken", flat=True)) == [5, 10]

    def test_a_skipped_date_frees_every_seat_asks_nobody_to_stand_in_and_comes_back_whole(
        self, now: datetime
    ) -> None:
        task = make_task(now)
        assignment = come(task, 6, now).assignments.order_by("shift__starts_at").first()
        assert assignment is not None
        seat = ShiftRole.objects.filter(shift=assignment.shift)
        assert skip_date(assignment, now=now)
        assert (seat.get().places_taken, StandInSearch.objects.count()) == (0, 0)
        assignment.refresh_from_db()
        assert take_seat(assignment.shift_id, assignment.role_id, 5)
        assert not come_after_all(assignment, now=now)
        seat.update(places_taken=4)
        assert come_after_all(assignment, now=now)
        assert seat.get().places_taken == 10

    def test_the_database_refuses_what_makes_no_sense(self, now: datetime) -> None:
        person, group = make_pledge(now).volunteer, make_group(now, 8).volunteer
        offer = make_sent_offer(make_group(now, 2, name="Bank"), make_task(now), now)
        wrong: list[tuple[Volunteer | Offer, dict[str, object]]] = [
            (person, {"heads": 2}),
            (group, {"heads": 1}),
            (group, {"heads": 100}),
            (group, {"is_adult": False}),
            (offer, {"is_shared": True}),
            (offer, {"heads": 0}),
        ]
        for row, values in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**values)


class TestMoreOrFewer:
    def test_five_instead_of_eight_say_yes_and_three_places_are_free(self, now: datetime) -> None:
        task = make_task(now)
        offer = make_sent_offer(make_group(now, 8), task, now)
        accepted = accept_offer(offer, now=now, heads=5)
        assert (accepted.heads, Placement.objects.get().heads, places(task)) == (5, 5, (5, 0))

    def test_ten_instead_of_eight_say_yes_where_there_is_room(self, now: datetime) -> None:
        task = make_task(now)
        accept_offer(make_sent_offer(make_group(now, 8), task, now), now=now, heads=10)
        assert places(task) == (10, 0)

    def test_eleven_are_too_many_and_the_question_stays(self, now: datetime) -> None:
        task = make_task(now)
        offer = make_sent_offer(make_group(now, 8), task, now)
        with pytest.raises(TooFewPlaces):
            accept_offer(offer, now=now, heads=11)
        offer.refresh_from_db()
        assert (offer.status, offer.heads, places(task)) == ("sent", 8, (0, 8))

    def test_somebody_alone_stays_one_whatever_is_sent(self, now: datetime) -> None:
        task = make_task(now)
        accept_offer(make_sent_offer(make_pledge(now), task, now), now=now, heads=7)
        assert (Placement.objects.get().heads, places(task)) == (1, (1, 0))

    @pytest.mark.parametrize(
        ("heads", "outcome", "taken"),
        [
            (5, HeadsOutcome.CHANGED, 5),
            (1, HeadsOutcome.CHANGED, 1),
            (10, HeadsOutcome.CHANGED, 10),
            (8, HeadsOutcome.SAME, 8),
            (11, HeadsOutcome.TOO_FEW_PLACES, 8),
        ],
    )
    def test_after_the_yes_places_and_seats_follow(
        self, heads: int, outcome: HeadsOutcome, taken: int, now: datetime
    ) -> None:
        task = make_task(now)
        placement = come(task, 8, now)
        assert change_heads(placement, heads, actor=COORDINATOR, now=now) == outcome
        assert (places(task), seats(task)) == ((taken, 0), {taken})
        assert set(Assignment.objects.values_list("heads", flat=True)) == {taken}
        noted = lines_of(placement).filter(changes__has_key="heads", actor_role="coordinator").count()
        assert noted == (outcome == HeadsOutcome.CHANGED)

    def test_one_full_date_refuses_all(self, now: datetime) -> None:
        task = make_task(now)
        placement = come(task, 8, now)
        last = ShiftRole.objects.order_by("-shift__starts_at").first()
        assert last is not None
        assert take_seat(last.shift_id, last.role_id, 2)
        assert change_heads(placement, 9, actor=COORDINATOR, now=now) == HeadsOutcome.TOO_FEW_PLACES
        assert (places(task), seats(task)) == ((8, 0), {8, 10})
        placement.refresh_from_db()
        assert placement.heads == 8

    def test_fewer_come_again_on_the_date_that_was_too_full(self, now: datetime) -> None:
        task = make_task(now)
        first = ShiftRole.objects.order_by("shift__starts_at")[0]
        assert take_seat(first.shift_id, first.role_id, 4)
        placement = come(task, 8, now)
        assert placement.assignments.filter(status="released").count() == 1
        assert change_heads(placement, 6, actor=COORDINATOR, now=now) == HeadsOutcome.CHANGED
        assert not placement.assignments.filter(status="released").exists()
        assert ShiftRole.objects.get(pk=first.pk).places_taken == 10

    def test_what_is_over_or_of_one_person_is_not_changed(self, now: datetime) -> None:
        task = make_task(now)
        alone = make_placement(make_pledge(now), task, now, "active", from_on=date(2026, 3, 2))
        over = come(task, 4, now)
        leave_placement(over, now=now)
        for placement in (alone, over):
            assert change_heads(placement, 3, actor=COORDINATOR, now=now) == HeadsOutcome.OVER
        assert places(task) == (1, 0)

    def test_what_was_given_stays_as_it_was(self, now: datetime) -> None:
        task = make_task(now)
        placement = come(task, 8, now)
        later = now + timedelta(days=2)
        change_heads(placement, 3, actor=COORDINATOR, now=later)
        found = placement.assignments.order_by("shift__starts_at").values_list("heads", flat=True)
        assert list(found) == [8] + [3] * (len(found) - 1)


class TestMatching:
    def test_a_run_asks_a_group_where_all_of_it_fits_before_people_fill_it(self, now: datetime) -> None:
        small, large = make_task(now, places=3), make_task(now, places=5)
        alone = [make_pledge(now, email=f"p{number}@example.org") for number in range(6)]
        group = make_group(now, 4)
        assert run_matching(now) is not None
        asked = Offer.objects.filter(status="sent").order_by("pledge")
        assert list(asked.filter(pledge=group).values_list("opportunity", "heads")) == [(large.pk, 4)]
        assert asked.filter(pledge__in=alone).count() == 4
        assert [places(each) for each in (small, large)] == [(0, 3), (0, 5)]

    def test_groups_come_by_how_long_they_wait_and_the_same_rows_give_the_same_plan(
        self, now: datetime
    ) -> None:
        task = make_task(now, places=6)
        early = make_group(now - timedelta(days=2), 4, name="Bank", email="bank@example.org")
        make_group(now - timedelta(days=1), 5, name="Chor")
        plans = [list(match_plan(now).proposals()) for _time in range(2)]
        assert plans[0] == plans[1]
        assert [(each.pledge_id, each.opportunity_id, each.heads) for each in plans[0]] == [
            (early.pk, task.pk, 4)
        ]

    def test_a_wish_of_a_group_waits_until_there_is_room_and_says_so(self, now: datetime) -> None:
        task = make_task(now, places=3)
        group = make_group(now, 4, wanted=task)
        run_matching(now)
        assert not Offer.objects.exists()
        standing = standings([group], now)[group.pk]
        assert (standing.waiting, standing.is_on_waiting_list) == (("too_few_places",), True)
        Role.objects.filter(opportunity=task).update(places=4)
        run_matching(now)
        assert Offer.objects.get().reasons[0]["code"] == "wanted"

    @pytest.mark.parametrize("papers", ["clearance_required", "self_commitment"])
    def test_a_group_is_not_asked_where_each_needs_papers(self, papers: str, now: datetime) -> None:
        task = make_task(now)
        group = make_group(now, 4, wanted=task)
        decide_anew(Activity.objects.get(), contact_with_minors=True, **{papers: True})
        assert not list(match_plan(now).proposals())
        assert standings([group], now)[group.pk].waiting == ("clearance",)

    def test_an_open_question_to_a_group_is_taken_back_when_papers_are_needed(self, now: datetime) -> None:
        task = make_task(now)
        offer = make_sent_offer(make_group(now, 4), task, now)
        assert withdraw_misfits([task.pk], now=now) == 0
        decide_anew(Activity.objects.get(), contact_with_minors=True, self_commitment=True)
        assert withdraw_misfits([task.pk], now=now) == 1
        offer.refresh_from_db()
        assert (offer.status, places(task)) == ("withdrawn", (0, 0))
        assert "eigene Unterlagen jeder einzelnen Person" in mails("offer_withdrawn").get().body_text

    def test_a_freed_place_passes_over_a_group_that_is_too_large(self, now: datetime) -> None:
        task = make_task(now, places=2)
        make_group(now - timedelta(days=9), 3, wanted=task)
        pair = make_group(now, 2, name="Zu zweit", email="zwei@example.org")
        assert [each.pledge_id for each in proposals_for_task(task.pk, now)] == [pair.pk]
        assert [each.opportunity_id for each in proposals_for_pledge(pair.pk, now)] == [task.pk]

    def test_where_time_is_short_a_group_shares_no_place(self, now: datetime) -> None:
        soon = make_opportunity(places=5, slots=[], clearance_required=False)
        make_shift(soon, now + timedelta(days=2), places=5)
        group = make_group(now, 4)
        people = [make_pledge(now, email=f"p{number}@example.org") for number in range(4)]
        run_matching(now)
        found = Offer.objects.filter(status="sent").values_list("pledge", "heads", "is_shared")
        assert (group.pk, 4, False) in found
        shared = [row for row in found if row[2]]
        assert {row[0] for row in shared} <= {each.pk for each in people}
        assert len(shared) > 1
        assert places(soon) == (0, 5)


class TestWhoAGroupIs:
    def test_the_same_name_is_the_same_group_whoever_writes_for_it(self, now: datetime) -> None:
        first = make_group(now, 8, first_name="Maria")
        second = make_group(now, 5, first_name="Ali", name="CHOR st. Anna")
        assert first.volunteer_id == second.volunteer_id
        group = Volunteer.objects.get(pk=first.volunteer_id)
        assert (group.first_name, group.heads, group.group_name) == ("Ali", 5, "Chor St. Anna")

    def test_its_contact_who_comes_alone_is_somebody_else(self, now: datetime) -> None:
        group, alone = make_group(now, 8), make_pledge(now, email="chor@example.org")
        bank = make_group(now, 3, name="Bank")
        people = {each.volunteer_id for each in (group, alone, bank)}
        assert len(people) == 3
        again = record_pledge(Person("Eva", "chor@example.org"), Wishes(times=[]), now=now)
        assert confirm_pledge(again, now=now, is_known_person=True)
        assert Volunteer.objects.get(pk=group.volunteer_id).first_name == "Maria"
        assert Volunteer.objects.get(pk=alone.volunteer_id).first_name == "Eva"

    def test_it_is_found_by_its_name_and_called_by_it(self, now: datetime) -> None:
        group = make_group(now, 8).volunteer
        make_pledge(now)
        assert list(people_like(Word("chór"))) == [group]
        assert group.short_name == "Chor St. Anna (Maria)"

    def test_a_group_and_a_person_are_not_made_one(self, now: datetime) -> None:
        group, alone = make_group(now, 8).volunteer, make_pledge(now).volunteer
        refused = merge_people(group, alone, by=None, actor=COORDINATOR, now=now)  # type: ignore[arg-type]
        assert refused == MergeRefusal.GROUP_AND_PERSON


class TestWhatCounts:
    def test_hours_count_for_each_head(self, now: datetime) -> None:
        placement = come(make_task(now), 6, now)
        date_of_theirs = placement.assignments.order_by("shift__starts_at")[0]
        later = date_of_theirs.shift.ends_at
        assert record_attendance(date_of_theirs, outcome="attended", actor=COORDINATOR, now=later)
        assert list(HoursEntry.objects.values_list("minutes", "heads")) == [(60, 6)]

    def test_fewer_or_more_came_than_were_expected(self, now: datetime) -> None:
        first, second = come(make_task(now), 8, now).assignments.order_by("shift__starts_at")[:2]
        later = second.shift.ends_at
        note = partial(record_attendance, actor=COORDINATOR, now=later)
        assert note(first, outcome="attended", heads=6)
        assert note(second, outcome="attended", heads=9)
        assert given() == [(60, 6), (60, 9)]
        assert not note(first, outcome="attended", heads=6)
        assert not note(first, outcome="attended")
        assert note(first, outcome="attended", heads=7)
        assert not note(first, outcome="attended", heads=7)
        assert given() == [(60, 7), (60, 9)]
        assert lines_of(first).get(changes__has_key="heads").changes == {"heads": [None, "6 7"]}
        assert first.shift.seats.get().places_taken == first.heads == 8
        assert note(first, outcome="missed", heads=3)
        assert given() == [(60, 9)]

    def test_what_was_corrected_meanwhile_is_not_written_over(self, now: datetime) -> None:
        first = come(make_task(now), 8, now).assignments.order_by("shift__starts_at")[0]
        later = first.shift.ends_at
        record_attendance(first, outcome="attended", actor=COORDINATOR, now=later)
        seen = Assignment.objects.get(pk=first.pk)
        record_attendance(first, outcome="missed", actor=COORDINATOR, now=later)
        assert not record_attendance(seen, outcome="attended", actor=COORDINATOR, now=later, heads=5)
        assert given() == []

    def test_who_comes_alone_is_one_whatever_is_said(self, now: datetime) -> None:
        placement = make_placement(make_pledge(now), make_task(now), now, "active", from_on=now.date())
        assign_coming_shifts(now, placement=placement)
        first = placement.assignments.order_by("shift__starts_at")[0]
        for heads, is_noted in ((5, True), (4, False)):
            later = first.shift.ends_at
            noted = record_attendance(first, outcome="attended", actor=COORDINATOR, now=later, heads=heads)
            assert (noted, given()) == (is_noted, [(60, 1)])

    def test_given_hours_are_those_of_all_together_and_the_mail_says_so(self, now: datetime) -> None:
        placement = come(make_task(now), 8, now)
        first, second = placement.assignments.order_by("shift__starts_at")[:2]
        later = second.shift.ends_at
        record_attendance(first, outcome="attended", actor=COORDINATOR, now=later)
        record_attendance(second, outcome="attended", actor=COORDINATOR, now=later, heads=3)
        assert given_minutes(placement) == 8 * 60 + 3 * 60
        stop_placement(placement, reason=CancelReason.ON_REQUEST, actor=COORDINATOR, now=later)
        assert (
            "Sie alle zusammen haben 11\u00a0Stunden geschenkt." in mails("placement_ended").get().body_text
        )

    def test_a_calendar_names_how_many_are_expected(self, now: datetime) -> None:
        group = come(make_task(now), 5, now)
        entries = placement_calendar(group, now)
        assert entries.count("SUMMARY:Ranzen packen (für 5 Menschen)\r\n") == entries.count("SUMMARY:") > 0
        assert change_heads(group, 1, actor=COORDINATOR, now=now) == HeadsOutcome.CHANGED
        group.refresh_from_db()
        assert "SUMMARY:Ranzen packen\r\n" in person_calendar(group.volunteer, now)

    def test_all_heads_are_adults_that_come(self, now: datetime) -> None:
        task = make_task(now)
        decide_anew(Activity.objects.get(), two_adults=True, contact_with_minors=True)
        assert {vars(shift)["adults"] for shift in unsafe_dates(task.shifts.all(), now)} == {0}
        come(task, 2, now)
        assert not unsafe_dates(task.shifts.all(), now).exists()
        assert {vars(shift)["coming"] for shift in next_dates_of(task, now)} == {2}

    def test_a_group_is_not_asked_to_stand_in(self, now: datetime) -> None:
        task = make_opportunity(places=5, slots=[], clearance_required=False)
        owner = make_placement(make_pledge(now), task, now, "active", from_on=now.date())
        shift = make_shift(task, datetime(2026, 3, 3, 14, 30, tzinfo=now.tzinfo), minutes=30)
        absent = Assignment.objects.create(
            placement=owner, shift=shift, status="excused", status_changed_at=now
        )
        search = StandInSearch.objects.create(
            absent=absent, status_changed_at=now, created_at=now, look_at=now
        )
        make_group(now, 2)
        alone = make_pledge(now, email="ali@example.org")
        assert stand_in_candidates(search, now) == [alone.pk]

    def test_where_each_needs_papers_of_their_own_a_group_is_thanked_and_goes(self, now: datetime) -> None:
        task = make_task(now)
        placement = come(task, 6, now)
        decide_anew(Activity.objects.get(), self_commitment=True, contact_with_minors=True)
        assert follow_clearance_need([task.pk], now) == 1
        placement.refresh_from_db()
        assert (placement.status, places(task), seats(task)) == ("ended", (0, 0), {0})
