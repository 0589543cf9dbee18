"""Facts are written in the transaction of their cause: after whatever is done they are what the rows tell."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Sum
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.models import Donation, Donor, LedgerEntry
from donations.services.online.payments import record
from donations.services.treasury.proposals import propose_reallocation, release
from figures.domain.measures import Measure
from figures.models import DueFact, Fact, Night
from figures.services import sources
from figures.services.counting import FactsDiffered, count
from foundation.actors import staff
from foundation.clock import utc_now
from foundation.sweeps import run
from foundation.units import Cents
from programs.domain.choices import Field
from programs.models import District, Fund, Membership, Opportunity, Provider, Role
from programs.services.shifts import follow_series
from tests.dashboard.test_report import pledge as confirmed_pledge
from tests.donations.gifts import make_donation
from tests.factories import make_district, make_fund, make_opportunity, make_provider, make_user
from tests.figures.facts import are_true, facts_of, settle
from tests.figures.nights import book_gift
from tests.log_lines import lines
from tests.volunteers.pledging import (
    link_in,
    mails,
    make_group,
    make_placement,
    make_pledge,
    make_sent_offer,
    send_pledge,
)
from volunteers.forms.fields import ANYWHERE
from volunteers.models import Assignment, HoursEntry, Offer, PersonMerge, Placement, TimePledge, Volunteer
from volunteers.services.answers import accept_offer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.hours import record_attendance
from volunteers.services.merging import merge_people, part_people
from volunteers.services.pauses import pause_pledge, resume_pledge
from volunteers.services.placement_endings import leave_placement
from volunteers.services.placements import confirm_placement
from volunteers.services.withdrawals import withdraw_pledge
from wirbrauchensie.dashboard.night_watch import watched

pytestmark = pytest.mark.django_db
COORDINATOR = staff(1, "coordinator")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestWhatIsDone:
    """Through the doors by which it is done, the facts asked after each step."""

    def test_from_a_pledge_to_being_forgotten(self, client: Client) -> None:
        now, north = utc_now(), make_district("Nord")
        task = make_opportunity(district=north, field="culture", clearance_required=False)
        assert send_pledge(client).status_code == 303
        pledge = TimePledge.objects.get()
        assert (facts_of("pledged"), are_true()) == ([], True)
        client.post(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        assert (facts_of("pledged"), are_true()) == ([(pledge.pk, "education", 0, 0, 1)], True)
        pledge.refresh_from_db()
        own = reverse("pledge_change", args=[my_page_token(pledge.volunteer.mailbox, now), pledge.pk])
        wishes = {"times": ["5-morning"], "hours_per_week": "4", "max_distance_km": "10"}
        for fields, named in (
            (["sport", "health"], ["health", "sport"]),
            ([ANYWHERE], sorted(Field.values)),
        ):
            answer = client.post(own, {**wishes, "fields_wanted": fields, "home_district": north.pk})
            assert answer.status_code == 303
            assert [(fact[0], fact[1]) for fact in facts_of("pledged")] == [
                (pledge.pk, each) for each in named
            ]
            assert set(Fact.objects.values_list("measure", "district")) == {("pledged", north.pk)}
            assert are_true()

        assert pledge.confirmed_at
        offer = make_sent_offer(pledge, task, pledge.confirmed_at + timedelta(minutes=90))
        assert [fact[2] for fact in facts_of("answered")] == [90] * 5
        assert set(Fact.objects.values_list("measure", "provider")) == {
            ("answered", None),
            ("pledged", task.provider_id),
        }
        assert are_true()
        accept_offer(offer, now=now + timedelta(hours=2))
        placement = Placement.objects.get()
        assert (facts_of("taken"), facts_of("placed")) == ([(placement.pk, "culture", 0, 0, 1)], [])
        assert confirm_placement(placement, actor=COORDINATOR, now=now + timedelta(hours=3))
        assert (facts_of("placed"), are_true()) == ([(placement.pk, "culture", 0, 0, 1)], True)
        erase(pledge.volunteer.mailbox, now + timedelta(hours=4))
        assert (facts_of("taken"), are_true()) == ([], True)

    def test_hours_noted_corrected_and_taken_back(self, now: datetime) -> None:
        task = make_opportunity(slots=[(1, 900, 960)], places=9, clearance_required=False)
        follow_series(task, now=now)
        placement = make_placement(make_group(now, 6), task, now, "active", from_on=now.date())
        assign_coming_shifts(now)
        came = Assignment.objects.order_by("shift__starts_at")[0]
        later = came.shift.ends_at
        for outcome, heads, minutes in (("attended", 6, 360), ("attended", 4, 240), ("missed", None, 0)):
            assert record_attendance(came, outcome=outcome, heads=heads, actor=COORDINATOR, now=later)
            came.refresh_from_db()
            assert (sum(fact[2] for fact in facts_of("hours")), are_true()) == (minutes, True)
        assert [fact[4] for fact in facts_of("taken")] == [6]
        assert leave_placement(placement, now=later)
        assert ([fact[4] for fact in facts_of("placed")], facts_of("taken"), are_true()) == ([6], [], True)

    def test_people_who_pause_are_one_are_two_and_go(self, now: datetime) -> None:
        kept, double = make_pledge(now), make_pledge(now, first_name="Mia", email="mia@example.org")
        both = {kept.volunteer_id, double.volunteer_id}
        assert pause_pledge(kept, until=now.date() + timedelta(days=9), now=now)
        assert ({fact[0] for fact in facts_of("pledged")}, are_true()) == ({kept.pk, double.pk}, True)
        assert resume_pledge(kept, actor=COORDINATOR, now=now)
        by = make_user()
        assert merge_people(kept.volunteer, double.volunteer, by=by, actor=COORDINATOR, now=now) is None
        assert (are_true(), persons()) == (True, {kept.volunteer_id})
        assert part_people(PersonMerge.objects.get(), actor=COORDINATOR, now=now)
        assert (are_true(), persons()) == (True, both)
        assert withdraw_pledge(kept, now=now)
        assert (are_true(), persons()) == (True, {double.volunteer_id})

    def test_gifts_that_come_go_in_part_are_disputed_and_moved(self) -> None:
        fund = make_fund(field="sport")
        other = make_fund("Schwimmkurse", provider=fund.provider)
        one, two = (make_user(Membership.Role.TREASURER, fund.provider) for _each in range(2))
        gift = make_donation(fund, amount_cents=10_000)

        def read(**more: Any) -> list[int]:
            facts = PaymentFacts("pi_1", "succeeded", Cents(10_000), AT, fee_cents=Cents(50), **more)
            record(gift.pk, facts, AT, page_is_over=False)
            gift.refresh_from_db()
            assert are_true()
            return sorted(fact[3] for fact in facts_of("gifts"))

        assert read() == [10_000]
        back, lost = RefundFact("re_1", Cents(2000), AT), DisputeFact("dp_1", Cents(3000), "lost", AT, AT)
        assert read(refunds=(back,)) == [-2000, 10_000]
        assert sum(read(refunds=(back,), disputes=(lost,))) == 5000
        assert release(propose_reallocation(gift, other, "Brief", by=one, now=AT).pk, by=two, now=AT)
        assert are_true()
        sums = Fact.objects.filter(measure="gifts").values_list("fund").annotate(Sum("cents"))
        assert dict(sums) == {fund.pk: 0, other.pk: 5000}


def persons() -> set[int]:
    return set(Fact.objects.filter(measure="pledged").values_list("person", flat=True))


@pytest.fixture
def tasks(now: datetime) -> list[Opportunity]:
    """A town in which every measure has facts: two houses, three tasks, three people, two gifts."""
    houses, north = [make_provider("Eins"), make_provider("Zwei")], make_district("Nord")
    common: dict[str, Any] = {"district": north, "places": 40, "field": "sport", "clearance_required": False}
    tasks = [make_opportunity(f"{each}", provider=houses[each % 2], **common) for each in range(3)]
    for number, task in enumerate(tasks):
        pledge = make_pledge(now, email=f"p{number}@example.org", home_district=north)
        make_sent_offer(pledge, task, now + timedelta(minutes=5))
        placed = make_placement(pledge, tasks[number - 1], now, "active", from_on=now.date())
        HoursEntry.objects.create(placement=placed, worked_on=now.date(), minutes=45, created_at=now)
    fund = make_fund(provider=houses[0], district=north, field="sport")
    for cents in (500, 700):
        book_gift(fund, cents, now)
    assert are_true()
    assert Fact.objects.values("measure").distinct().count() == 6
    return tasks


def execute(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestNobodyIsAsked:
    """What is written past every service is followed, by the trigger of its table and by nothing else."""

    @pytest.mark.parametrize(
        ("table", "one", "another"),
        [
            ("volunteers_timepledge", "fields = '{culture}'", "home_district_id = NULL"),
            (
                "volunteers_offer",
                "sent_at = sent_at + interval '2 days'",
                "sent_at = NULL, status = 'withdrawn'",
            ),
            ("volunteers_placement", "heads = 3", "status = 'cancelled'"),
            ("volunteers_hoursentry", "minutes = 60", "created_at = created_at - interval '3 days'"),
            ("volunteers_volunteer", "heads = 4, group_name = 'Chor'", "heads = 5"),
            ("programs_opportunity", "field = 'health'", "status = 'paused'"),
            ("programs_provider", "is_verified = false", "is_verified = true"),
            ("donations_donation", "donor_id = (SELECT max(id) FROM donations_donor)", "donor_id = %d"),
            ("programs_fund", "field = 'health'", "district_id = NULL"),
        ],
    )
    def test_a_row_that_changes(
        self, table: str, one: str, another: str, tasks: list[Opportunity], now: datetime
    ) -> None:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER figures_noted_update")
        execute(f"UPDATE {table} SET {one}")
        settle()
        untrue = sources.differences()
        assert untrue
        execute(f"ALTER TABLE {table} ENABLE TRIGGER figures_noted_update")
        assert sources.repair() == sum(map(len, untrue.values()))
        assert are_true()
        told = list(Fact.objects.order_by("pk").values_list("pk", flat=True))
        execute(f"UPDATE {table} SET id = id")
        assert are_true()
        assert list(Fact.objects.order_by("pk").values_list("pk", flat=True)) == told
        execute(f"UPDATE {table} SET {another.replace('%d', str(Donor.objects.earliest('pk').pk))}")
        assert are_true()
        assert list(Fact.objects.order_by("pk").values_list("pk", flat=True)) != told

    @pytest.mark.parametrize("model", [TimePledge, Offer, Placement, HoursEntry, LedgerEntry])
    def test_a_row_that_comes(self, model: type[Model], tasks: list[Opportunity], now: datetime) -> None:
        pledge = TimePledge.objects.earliest("pk")
        coming: dict[type[Model], Callable[[], object]] = {
            TimePledge: lambda: confirmed_pledge(77, make_district("Süd"), now),
            Offer: lambda: make_sent_offer(pledge, tasks[1], now - timedelta(minutes=1)),
            Placement: lambda: make_placement(pledge, tasks[1], now, "active", from_on=now.date()),
            HoursEntry: lambda: HoursEntry.objects.create(
                placement=Placement.objects.earliest("pk"), worked_on=now.date(), minutes=5, created_at=now
            ),
            LedgerEntry: lambda: book_gift(Fund.objects.get(), 900, now),
        }
        assert self._is_needed(model, "insert", coming[model])

    @pytest.mark.parametrize("model", [TimePledge, Offer, Placement, HoursEntry])
    def test_a_row_that_goes(self, model: type[Model], tasks: list[Opportunity]) -> None:
        rows = model._default_manager.filter(pk__gte=0)
        assert self._is_needed(model, "delete", lambda: rows._raw_delete("default"))

    def _is_needed(self, model: type[Model], event: str, act: Callable[[], object]) -> bool:
        """Do `act` without the trigger and, after that was undone, with it."""
        trigger = f"{model._meta.db_table} {{}} TRIGGER figures_noted_{event}"
        execute(f"ALTER TABLE {trigger.format('DISABLE')}")
        with undone():
            act()
            assert sources.differences()
        execute(f"ALTER TABLE {trigger.format('ENABLE')}")
        with undone():
            before = Fact.objects.count()
            act()
            assert sources.differences() == {}
            assert Fact.objects.count() != before
        return True

    @pytest.mark.parametrize("table", ["ledgertransaction", "ledgeraccount", "ledgerentry"])
    def test_the_books_change_no_row(self, table: str, tasks: list[Opportunity]) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            execute(f"UPDATE donations_{table} SET id = id")

    @pytest.mark.parametrize("seed", range(4))
    def test_a_story_of_anything_at_all(self, seed: int, tasks: list[Opportunity], now: datetime) -> None:
        """Rows written at random, many at once, some of it undone."""
        draw, done = Random(seed), 0
        make_district("Süd")
        for _number in range(40):
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        draw.choice(ACTS)(draw, now)
                        if draw.random() < 0.1:
                            raise DatabaseError("changed my mind")
                    done += 1
                except DatabaseError:
                    pass
            assert sources.differences() == {}
        assert done > 15


class undone:  # noqa: N801 - reads as what it is
    """A savepoint to which the transaction returns."""

    def __enter__(self) -> None:
        self.savepoint = transaction.savepoint()

    def __exit__(self, *_how: object) -> None:
        transaction.savepoint_rollback(self.savepoint)


def some(draw: Random, model: type[Model]) -> Any:
    rows = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    return model._default_manager.filter(pk__in=draw.sample(rows, min(len(rows), draw.choice([1, 1, 2, 9]))))


def any_of(draw: Random, model: type[Model]) -> Any:
    return draw.choice(list(model._default_manager.order_by("pk")))


def any_role(draw: Random) -> dict[str, Any]:
    role = any_of(draw, Role)
    return {"role": role, "opportunity": role.opportunity}


def any_day(draw: Random, now: datetime) -> datetime:
    return now + timedelta(minutes=draw.randint(-200_000, 200_000))


def change_pledges(draw: Random, now: datetime) -> None:
    changes: list[dict[str, Any]] = [
        {"status": draw.choice(TimePledge.Status.values), "answer_due_at": now},
        {"status": "paused", "paused_until": now.date(), "answer_due_at": None},
        {"confirmed_at": draw.choice([any_day(draw, now), None])},
        {"home_district": draw.choice([None, any_of(draw, District)])},
        {"fields": draw.sample(Field.values, draw.randint(0, 3))},
        {"volunteer": any_of(draw, Volunteer)},
    ]
    some(draw, TimePledge).update(**draw.choice(changes))


def change_offers(draw: Random, now: datetime) -> None:
    if draw.random() < 0.5:
        some(draw, Offer).update(sent_at=any_day(draw, now))
    else:
        some(draw, Offer).update(pledge=any_of(draw, TimePledge), **any_role(draw))


def change_placements(draw: Random, now: datetime) -> None:
    changes: list[dict[str, Any]] = [
        {"status": draw.choice(Placement.Status.values)},
        {"from_on": any_day(draw, now).date()},
        {"created_at": any_day(draw, now)},
        {"heads": draw.randint(1, 9)},
        any_role(draw),
        {"volunteer": any_of(draw, Volunteer)},
    ]
    some(draw, Placement).update(**draw.choice(changes))


def change_hours(draw: Random, now: datetime) -> None:
    some(draw, HoursEntry).update(
        minutes=draw.randint(1, 500),
        heads=draw.randint(1, 9),
        created_at=any_day(draw, now),
        opportunity=any_of(draw, Opportunity),
        volunteer=any_of(draw, Volunteer),
    )


def give_hours(draw: Random, now: datetime) -> None:
    HoursEntry.objects.bulk_create(
        HoursEntry(
            placement=placed,
            volunteer_id=placed.volunteer_id,
            opportunity_id=placed.opportunity_id,
            worked_on=now.date(),
            minutes=draw.randint(1, 500),
            created_at=any_day(draw, now),
        )
        for placed in some(draw, Placement)
    )


def change_tasks(draw: Random, now: datetime) -> None:
    some(draw, Opportunity).update(
        field=draw.choice(Field.values), district=draw.choice([None, any_of(draw, District)])
    )


def stop_or_show_tasks(draw: Random, now: datetime) -> None:
    some(draw, Opportunity).update(status=draw.choice(["published", "paused", "ended"]))


def move_tasks(draw: Random, now: datetime) -> None:
    some(draw, Opportunity).update(provider=any_of(draw, Provider))


def change_houses(draw: Random, now: datetime) -> None:
    some(draw, Provider).update(is_verified=draw.random() < 0.5)


def change_people(draw: Random, now: datetime) -> None:
    some(draw, Volunteer).update(heads=draw.randint(2, 9), group_name="Chor")


def change_money(draw: Random, now: datetime) -> None:
    some(draw, Donation).update(donor=any_of(draw, Donor))
    some(draw, Fund).update(field=draw.choice(Field.values), district=any_of(draw, District))


ACTS: list[Callable[[Random, datetime], object]] = [
    change_pledges,
    change_pledges,
    change_offers,
    change_placements,
    change_placements,
    change_hours,
    give_hours,
    change_tasks,
    stop_or_show_tasks,
    move_tasks,
    change_houses,
    change_people,
    change_money,
    lambda draw, now: book_gift(any_of(draw, Fund), draw.randint(100, 9000), any_day(draw, now)),
    lambda draw, now: confirmed_pledge(draw.randint(100, 10**6), any_of(draw, District), any_day(draw, now)),
    lambda draw, now: some(draw, HoursEntry).delete(),
    lambda draw, now: some(draw, Offer).filter(placement=None).delete(),
]


@pytest.mark.parametrize("measure", sources.registered())
def test_every_column_that_the_slow_query_reads_is_watched(measure: Measure) -> None:
    query = sources.registered()[measure]().order_by().query
    statement, _values = query.sql_with_params()
    tables = {alias: joined.table_name for alias, joined in query.alias_map.items()}
    read = {
        (tables[alias], column)
        for alias, column in re.findall(r'"(\w+)"\."(\w+)"', statement)
        if column != "id"
    }
    assert read
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'figures\\_note\\_%%'")
        watched = {
            (name.removeprefix("figures_note_"), column)
            for name, text in cursor.fetchall()
            for column in re.findall(r"was\.(\w+)", text)
        }
    assert read - watched == set()


class TestTheNight:
    def test_finds_nothing_and_writes_no_fact(self, tasks: list[Opportunity], now: datetime) -> None:
        told = list(Fact.objects.values_list("pk", flat=True).order_by("pk"))
        assert count(now + timedelta(days=1)) == len(told)
        assert list(Fact.objects.values_list("pk", flat=True).order_by("pk")) == told
        assert (DueFact.objects.count(), Night.objects.get().counted_on) == (0, now.date())

    @pytest.mark.parametrize(
        "falsehood",
        [
            "DELETE FROM figures_fact",
            "DELETE FROM figures_fact WHERE measure = 'gifts'",
            "UPDATE figures_fact SET minutes = minutes + 1 WHERE measure = 'hours'",
            "UPDATE figures_fact SET day = day + 1",
            "UPDATE figures_fact SET cause = cause + 1",
            "INSERT INTO figures_fact (measure, day, field, person, minutes, cents, cause)"
            " SELECT measure, day, field, person, minutes, cents, cause FROM figures_fact LIMIT 1",
            "INSERT INTO figures_fact (measure, day, field, person, minutes, cents, cause)"
            " VALUES ('placed', now(), '', 1, 0, 0, 999999)",
        ],
    )
    def test_puts_right_what_is_not_true_and_says_so(
        self, falsehood: str, tasks: list[Opportunity], now: datetime, caplog: pytest.LogCaptureFixture
    ) -> None:
        execute(falsehood)
        different = sum(map(len, sources.differences().values()))
        assert different > 0
        night = now + timedelta(days=1)
        with pytest.raises(FactsDiffered):
            run("figures.count", night)
        told = lines(caplog, "figures.services.counting", "causes")
        assert told == [("facts_differed", "error", different)]
        assert (are_true(), Night.objects.get().counted_on) == (True, now.date())
        job = next(each for each in watched(night) if each.name == "figures.count")
        assert job.state == "failed"
        assert re.search(r"^Zu \d+ Vorg(ang|ängen) standen falsche Zahlen; sie sind berichtigt\.", job.advice)
        assert run("figures.count", night) == Fact.objects.count()
        assert next(each for each in watched(night) if each.name == "figures.count").state == "fine"

    def test_writes_what_the_rows_tell_though_a_trigger_would_write_something_else(
        self, tasks: list[Opportunity], now: datetime
    ) -> None:
        execute(BROKEN.format("PERFORM 1;"))
        make_pledge(now, email="neu@example.org")
        assert sources.repair() == 1
        assert sources.differences() == {}


BROKEN = """
CREATE OR REPLACE FUNCTION figures_of_pledge(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN {} END $$
"""


def test_nobody_is_sent_away_because_a_fact_cannot_be_written(now: datetime) -> None:
    execute(BROKEN.format("PERFORM 1 / 0;"))
    pledge, task = make_pledge(now), make_opportunity(clearance_required=False)
    make_placement(pledge, task, now, "active", from_on=now.date())
    settle()
    assert (pledge.status, DueFact.objects.count()) == ("open", 0)
    assert sources.repair() == 3, "one of what is pledged, of what is placed, of what is taken"
    assert len(facts_of("pledged")) == 5
