"""The history is append-only, for whoever comes with SQL too; a door opens for one act in one transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from foundation.actors import STRIPE, Actor, ActorKind, citizen, staff, system
from foundation.doors.erasure import forget_words
from foundation.history import lines_of, note_reads
from foundation.models import Event
from foundation.transitions import move
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import Opportunity
from tests.factories import make_opportunity


def sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def line(now: datetime, **values: Any) -> Event:
    columns: dict[str, Any] = {
        "at": now,
        "kind": "transition",
        "app_label": "programs",
        "model": "opportunity",
        "object_id": 1,
        "from_status": "published",
        "to_status": "paused",
        "reason": "Ferien",
        "actor_kind": "user",
        "actor_user": 7,
        "actor_role": "coordinator",
    }
    return Event.objects.create(**{**columns, **values})


def everything() -> list[Any]:
    return sql("SELECT to_jsonb(foundation_event) FROM foundation_event ORDER BY id")


BARE = "from_status = '', reason = '', actor_kind = 'system', actor_user = NULL, actor_role = ''"
ATTACKS = [
    "UPDATE foundation_event SET reason = ''",
    "UPDATE foundation_event SET actor_user = 8",
    "UPDATE foundation_event SET object_id = object_id",
    "DELETE FROM foundation_event",
    "TRUNCATE foundation_event",
    "TRUNCATE foundation_event RESTART IDENTITY CASCADE",
    "MERGE INTO foundation_event USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO foundation_event SELECT * FROM foundation_event ON CONFLICT (id) DO UPDATE SET reason = 'x'",
]


@pytest.mark.django_db
class TestTheGuard:
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_nothing_written_is_changed_or_lost(self, attack: str, now: datetime) -> None:
        line(now)
        before = everything()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql(attack)
        assert everything() == before

    @pytest.mark.parametrize("attack", ATTACKS)
    @pytest.mark.parametrize("setting", ["erasure", "retention", "clearance_purge", "retention 1", ""])
    def test_a_setting_made_by_hand_opens_nothing(self, attack: str, setting: str, now: datetime) -> None:
        line(now)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql("SELECT set_config('history.door', %s, false)", setting)
            sql(attack)
        assert Event.objects.count() == 1

    def test_it_has_no_other_door(self) -> None:
        with pytest.raises(IntegrityError, match="no door kitchen"), transaction.atomic():
            sql("SELECT foundation_open_door('kitchen')")

    @pytest.mark.parametrize(
        ("door", "attack"),
        [
            ("erasure", "DELETE FROM foundation_event"),
            ("erasure", "UPDATE foundation_event SET reason = 'better'"),
            ("erasure", "UPDATE foundation_event SET to_status = 'closed', reason = ''"),
            ("erasure", "UPDATE foundation_event SET actor_user = 8, reason = ''"),
            ("erasure", """UPDATE foundation_event SET changes = '{"places": [1, 9]}'"""),
            ("clearance_purge", "DELETE FROM foundation_event"),  # this line is about no volunteer
            ("clearance_purge", f"UPDATE foundation_event SET {BARE}"),
            ("clearance_purge", "UPDATE foundation_event SET from_status = ''"),
            ("clearance_purge", "UPDATE foundation_event SET to_status = 'closed'"),
            ("clearance_purge", "UPDATE foundation_event SET from_status = '', reason = '', actor_user = 8"),
            ("retention", "UPDATE foundation_event SET reason = ''"),
            ("retention", "TRUNCATE foundation_event"),
        ],
    )
    def test_a_door_lets_through_only_its_own_act(self, door: str, attack: str, now: datetime) -> None:
        line(now, changes={"places": [1, 2]})
        before = everything()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql("SELECT foundation_open_door(%s)", door)
            sql(attack)
        assert everything() == before

    @pytest.mark.parametrize(
        "told",
        [
            {"model": "volunteer", "kind": "read", "from_status": "", "to_status": ""},
            {"model": "timepledge", "from_status": "on_hold", "to_status": "awaiting_clearance"},
            {"model": "placement", "from_status": "active", "to_status": "ended"},
            {
                "model": "placement",
                "kind": "changed",
                "from_status": "",
                "to_status": "",
                "changes": {"a": [1, 2]},
            },
            {"model": "assignment", "from_status": "booked", "to_status": "released", "reason": "ill"},
        ],
    )
    def test_that_of_inspections_leaves_what_tells_of_none(self, told: dict[str, Any], now: datetime) -> None:
        line(now, app_label="volunteers", **told)
        before = everything()
        for attack in ("DELETE FROM foundation_event", f"UPDATE foundation_event SET {BARE}"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                sql("SELECT foundation_open_door('clearance_purge')")
                sql(attack)
        assert everything() == before

    @pytest.mark.parametrize(
        "told",
        [
            {"model": "placement", "kind": "read", "from_status": "", "to_status": ""},
            {"model": "placement", "to_status": "awaiting_clearance"},
            {
                "model": "placement",
                "kind": "changed",
                "from_status": "",
                "to_status": "",
                "changes": {"clearance": []},
            },
            {"model": "assignment", "to_status": "on_hold"},
            {"model": "assignment", "to_status": "released", "reason": "lacking"},
        ],
    )
    def test_that_of_inspections_lets_go_what_tells_of_one(self, told: dict[str, Any], now: datetime) -> None:
        line(now, app_label="volunteers", **told)
        with transaction.atomic():
            sql("SELECT foundation_open_door('clearance_purge')")
            assert sql("DELETE FROM foundation_event") == 1

    @pytest.mark.parametrize(
        ("model", "left"),
        [("placement", "awaiting_clearance"), ("assignment", "on_hold"), ("assignment", "released")],
    )
    def test_that_of_inspections_leaves_of_the_end_a_bare_fact(
        self, model: str, left: str, now: datetime
    ) -> None:
        line(now, app_label="volunteers", model=model, from_status=left, to_status="active")
        with transaction.atomic():
            sql("SELECT foundation_open_door('clearance_purge')")
            assert sql(f"UPDATE foundation_event SET {BARE}") == 1
        assert (Event.objects.get().from_status, Event.objects.get().to_status) == ("", "active")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"actor_kind": "robot", "actor_user": None},
            {"actor_kind": "citizen"},
            {"actor_user": None},
            {"kind": "read"},
            {"kind": "rumour"},
            {"to_status": ""},
        ],
    )
    def test_a_line_that_cannot_be_is_not_written(self, wrong: dict[str, Any], now: datetime) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            line(now, **wrong)
        assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestADoorIsShutAgain:
    @pytest.mark.parametrize("door", ["erasure", "clearance_purge", "retention"])
    def test_for_the_next_transaction_of_the_same_connection(self, door: str, now: datetime) -> None:
        line(now)
        with transaction.atomic():
            sql("SELECT foundation_open_door(%s)", door)
        with pytest.raises(IntegrityError, match="append-only"):
            sql("DELETE FROM foundation_event")
        assert Event.objects.count() == 1

    def test_even_if_what_opened_it_is_put_on_the_connection(self, now: datetime) -> None:
        line(now)
        with transaction.atomic():
            sql("SELECT foundation_open_door('retention')")
            sql("SELECT set_config('history.door', current_setting('history.door'), false)")
        assert sql("SELECT current_setting('history.door')")[0][0].startswith("retention ")
        with pytest.raises(IntegrityError, match="append-only"):
            sql("DELETE FROM foundation_event")
        sql("RESET history.door")

    def test_in_the_same_transaction_once_its_act_is_done(self, now: datetime) -> None:
        line(now)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            assert forget_words(["Ferien"]) == 1
            sql("UPDATE foundation_event SET reason = '', changes = NULL")
        assert Event.objects.get().reason == "Ferien"

    def test_after_an_error_behind_it(self, now: datetime) -> None:
        line(now)
        with transaction.atomic():
            with pytest.raises(IntegrityError), transaction.atomic():
                sql("SELECT foundation_open_door('retention')")
                sql("UPDATE foundation_event SET reason = ''")
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                sql("DELETE FROM foundation_event")
        assert Event.objects.count() == 1

    def test_for_everybody_else_while_it_is_open(self, now: datetime) -> None:
        line(now)

        def stranger() -> str:
            try:
                sql("DELETE FROM foundation_event")
            except IntegrityError as error:
                return str(error)
            finally:
                connections.close_all()
            return "deleted"

        with transaction.atomic(), ThreadPoolExecutor(1) as pool:
            sql("SELECT foundation_open_door('retention')")
            assert "append-only" in pool.submit(stranger).result(timeout=30)


@pytest.mark.django_db
class TestErasure:
    def test_values_with_the_words_go_and_the_fact_stays(self, now: datetime) -> None:
        changes = {"task": ["Mit Maria Schönfeld lesen", "Lesen"], "places": [1, 2]}
        line(now, kind="changed", from_status="", to_status="", changes=changes, reason="")
        line(now, reason="maria@example.org rief an")
        assert forget_words(["maria@example.org", "", "schönfeld"]) == 2
        first, second = Event.objects.order_by("pk")
        assert (first.changes, first.actor_user, first.at) == ({"places": [1, 2]}, 7, now)
        assert (second.reason, second.to_status) == ("", "paused")

    def test_other_words_and_parts_of_words_stay(self, now: datetime) -> None:
        line(now, kind="changed", from_status="", to_status="", changes={"site": ["Bergstraße", "Tal 1"]})
        before = everything()
        assert forget_words(["Berg", "aria@example.org", " "]) == 0
        assert forget_words([]) == 0
        assert everything() == before

    def test_words_are_words_and_no_patterns(self, now: datetime) -> None:
        line(now, reason="a.b+c@example.org")
        line(now, reason="axb+c@example.org")
        assert forget_words(["a.b+c@example.org", "%", "_"]) == 1
        assert [event.reason for event in Event.objects.order_by("pk")] == ["", "axb+c@example.org"]

    def test_quotes_and_umlauts_in_changed_texts_are_found(self, now: datetime) -> None:
        line(now, kind="changed", from_status="", to_status="", changes={"task": ['"Jörg Öz"', "\\ neu"]})
        assert forget_words(["Öz"]) == 1
        assert Event.objects.get().changes is None


@pytest.mark.django_db
def test_a_read_says_who_when_whom_and_nothing_of_what_was_seen(
    now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    rows = [make_opportunity(), make_opportunity()]
    with django_assert_num_queries(1):
        note_reads(rows, actor=staff(7, "officer"), now=now, route="list")
    read = Event.objects.filter(kind="read").order_by("pk")
    assert list(read.values("object_id", "at", "actor_user", "route")) == [
        {"object_id": row.pk, "at": now, "actor_user": 7, "route": "list"} for row in rows
    ]
    for event in Event.objects.filter(kind="read"):
        assert (event.from_status, event.to_status, event.changes, event.reason) == ("", "", None, "")


@pytest.mark.django_db
def test_lines_of_a_row_are_not_those_of_its_namesake(now: datetime) -> None:
    row = make_opportunity(status="draft")
    mine = line(now, object_id=row.pk)
    line(now, object_id=row.pk, app_label="volunteers")
    line(now, object_id=row.pk, model="fund")
    line(now, object_id=row.pk + 1)
    assert list(lines_of(row).filter(kind="transition")) == [mine]
    assert lines_of(Opportunity).filter(kind="transition").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "columns"),
    [
        (staff(7, "treasurer"), ("user", 7, "treasurer")),
        (citizen("donor"), ("citizen", None, "donor")),
        (system("volunteers.match"), ("system", None, "volunteers.match")),
        (STRIPE, ("stripe", None, "")),
    ],
)
def test_every_kind_of_hand_is_written_as_what_it_is(
    actor: Actor, columns: tuple[str, int | None, str], now: datetime
) -> None:
    row = make_opportunity(status="published")
    assert move(row, OPPORTUNITY_MOVES, "paused", actor=actor, now=now)
    event = lines_of(row).get(kind="transition", to_status="paused")
    assert (event.actor_kind, event.actor_user, event.actor_role) == columns


@pytest.mark.parametrize(("kind", "user"), [("citizen", 7), ("system", 7), ("stripe", 7), ("user", None)])
def test_only_staff_have_an_account(kind: str, user: int | None) -> None:
    with pytest.raises(ValueError, match="account"):
        Actor(ActorKind(kind), user)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_write_one_line(now: datetime) -> None:
    for target in ("paused", "closed"):
        row = make_opportunity(status="published")
        start = Barrier(8)

        def mover(number: int, pk: int = row.pk, to: str = target, start: Barrier = start) -> bool:
            try:
                mine = Opportunity.objects.get(pk=pk)
                start.wait(timeout=30)
                return move(mine, OPPORTUNITY_MOVES, to, actor=staff(number, "coordinator"), now=now)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(mover, range(8)))
        event = lines_of(row).get(kind="transition", to_status=target)
        assert outcomes == [number == event.actor_user for number in range(8)]


@pytest.mark.django_db(transaction=True)
def test_a_move_that_is_rolled_back_leaves_no_line(now: datetime) -> None:
    row = make_opportunity(status="published")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        move(row, OPPORTUNITY_MOVES, "paused", actor=system("test"), now=now)
        raise ZeroDivisionError
    assert not lines_of(row).filter(kind="transition", to_status="paused").exists()
