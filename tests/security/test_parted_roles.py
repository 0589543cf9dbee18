"""Web ends nothing that is kept for a term, and the worker can become nobody (docs/decisions/0063)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import Client
from psycopg import sql
from pytest_django.fixtures import Settings

from foundation.clock import utc_now
from foundation.models import SweepRun
from foundation.sweeps import all_sweeps, heartbeat
from foundation.sweeps import run as run_sweep
from programs.models import District
from tests import roles
from tests.access.scene import make_scene
from tests.processes import database_address
from wirbrauchensie import product_role

pytestmark = pytest.mark.django_db

FULL = {"SELECT", "INSERT", "UPDATE", "DELETE"}
LINE = (
    "INSERT INTO foundation_event (at, kind, app_label, model, object_id, from_status, to_status, reason,"
    " actor_kind, actor_role, route) VALUES (now() - interval '50 years', 'created', 'donations',"
    " 'donation', 1, '', '', '', 'system', '', '')"
)
OLD = "DELETE FROM foundation_event WHERE at < now() - interval '40 years'"
WEB_MAY_NOT = {
    "a gift deleted": "DELETE FROM donations_donation",
    "a booking deleted": "DELETE FROM donations_ledgerentry",
    "a line of the bank deleted": "DELETE FROM donations_banktransaction",
    "a dispute deleted": "DELETE FROM donations_dispute",
    "what the check compares deleted": "DELETE FROM donations_changedmoney",
    "a receipt deleted": "DELETE FROM receipts_receipt",
    "a receipt's file deleted": "DELETE FROM receipts_receiptfile",
    "said that a sweep ran": "UPDATE foundation_sweeprun SET finished_at = now()",
    "said that the ledger was checked": "UPDATE donations_ledgercheckpoint SET fund_id = fund_id",
    "terms ended": "SELECT foundation_end_terms()",
}
WORKER_MAY_NOT = {
    "a session's key read": "SELECT session_key FROM accounts_session",
    "all sessions read": "SELECT * FROM accounts_session",
    "a session made": "INSERT INTO accounts_session (session_key, session_data, expire_date, handle, device)"
    " VALUES ('k', 'd', now(), '', '')",
    "a session lengthened": "UPDATE accounts_session SET expire_date = now()",
    "a second factor read": "SELECT data FROM mfa_authenticator",
    "a second factor taken away": "DELETE FROM mfa_authenticator",
    "an address to sign in with read": "SELECT email FROM account_emailaddress",
    "a password's hash read": "SELECT value FROM accounts_passwordhash",
    "a password set": "UPDATE accounts_passwordhash SET value = 'x'",
    "somebody made mighty": "UPDATE accounts_user SET is_superuser = true",
    "a role given": "UPDATE programs_membership SET role = 'operator'",
    "a role taken": "DELETE FROM programs_membership",
    "a note of the administration read": "SELECT object_repr FROM django_admin_log",
    "a note of the administration changed": "UPDATE django_admin_log SET action_flag = 1",
    "a program's key read": "SELECT digest FROM programs_apitoken",
    "a used code forgotten": "DELETE FROM foundation_cache",
    "a program's key changed": "UPDATE programs_apitoken SET id = id",
    "who issues receipts changed": "UPDATE receipts_issuer SET id = id",
    "a template released": "UPDATE receipts_templateapproval SET id = id",
    "what awaits acceptance changed": "UPDATE donations_acceptancerule SET id = id",
    "whose debits are its own changed": "UPDATE donations_creditorid SET id = id",
    "what a way of paying takes changed": "UPDATE donations_methodlimit SET id = id",
}


@pytest.fixture
def database(made: tuple[str, str]) -> Iterator["psycopg.Connection"]:
    """A way of one's own, as the owner, of which nothing stays."""
    with psycopg.connect(database_address(connection.settings_dict["NAME"])) as way:
        yield way
        way.rollback()


def be(database: "psycopg.Connection", role: str) -> None:
    database.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize("act", WEB_MAY_NOT.values(), ids=WEB_MAY_NOT)
def test_web_ends_nothing(made: tuple[str, str], database: "psycopg.Connection", act: str) -> None:
    be(database, made[0])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute(act)


@pytest.mark.parametrize("act", WORKER_MAY_NOT.values(), ids=WORKER_MAY_NOT)
def test_the_worker_is_nobody(made: tuple[str, str], database: "psycopg.Connection", act: str) -> None:
    be(database, made[1])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute(act)


@pytest.mark.parametrize("act", [*WEB_MAY_NOT.values(), *WORKER_MAY_NOT.values()])
def test_the_owner_could_do_each_of_them(database: "psycopg.Connection", act: str) -> None:
    """The acts are well formed: it is the role that is refused, not a wrong word."""
    database.execute(act)


def test_each_can_do_what_the_other_cannot(made: tuple[str, str], database: "psycopg.Connection") -> None:
    for role, acts in zip(made, (WORKER_MAY_NOT, WEB_MAY_NOT), strict=True):
        be(database, role)
        for act in acts.values():
            database.execute(act)


def test_old_history_ends_by_the_worker_alone(made: tuple[str, str], database: "psycopg.Connection") -> None:
    web, worker = made
    database.execute(LINE)
    be(database, web)
    for opened in (
        "SELECT foundation_open_door('retention')",
        "SELECT set_config('history.door', 'retention ' || pg_current_xact_id()::text, true)",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation), database.transaction():
            database.execute(opened)
            database.execute(OLD)
    be(database, worker)
    with pytest.raises(psycopg.errors.RestrictViolation), database.transaction():
        database.execute(OLD)
    database.execute("SELECT foundation_open_door('retention')")
    assert database.execute(OLD).rowcount == 1


def test_the_lists_are_all_that_differs(made: tuple[str, str], database: "psycopg.Connection") -> None:
    rights = database.execute(
        "SELECT relname, grantee::regrole::text, array_agg(privilege_type) FROM pg_class, aclexplode(relacl)"
        " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace GROUP BY 1, 2"
    ).fetchall()
    given = {(name, role.strip('"')): set(what) for name, role, what in rights}
    tables = {
        name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    web, worker = made
    kept = product_role.books() - product_role.PAGES_DELETE
    plain = tables - {"django_migrations"}
    assert {name: given.get((name, web), set()) for name in plain} == {
        name: FULL
        - ({"DELETE"} if name in kept else set())
        - ({"INSERT", "UPDATE"} if name in product_role.SWEEPS_WRITE else set())
        for name in plain
    }
    lacking = dict.fromkeys(product_role.PROOFS, FULL)
    lacking |= {name: FULL - {"SELECT"} for name in product_role.POWERS}
    lacking |= dict.fromkeys(("accounts_session", "django_admin_log"), FULL - {"DELETE"})
    more = {name: {"MAINTAIN"} for name in product_role.ANALYZED}
    assert {name: given.get((name, worker), set()) for name in plain} == {
        name: (FULL | more.get(name, set())) - lacking.get(name, set()) for name in plain
    }
    assert kept >= {"donations_donation", "donations_ledgerentry", "receipts_receipt", "receipts_receiptfile"}
    assert {name for name in tables if name.startswith("donations_")} == {
        name for name in product_role.books() if name.startswith("donations_")
    }


def test_sessions_that_have_ended_go_by_the_sweep(parted: None) -> None:
    """The worker deletes them although it can read none."""
    with connection.cursor() as cursor:
        for key, days in (("old", -1), ("new", 1)):
            cursor.execute(
                "INSERT INTO accounts_session (session_key, session_data, expire_date, handle, device)"
                " VALUES (%s, '', now() + %s * interval '1 day', '', '')",
                [key, days],
            )
    assert run_sweep("foundation.purge", utc_now()) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM accounts_session")
        assert cursor.fetchall() == [("new",)]


def test_every_sweep_runs_as_the_worker(parted: None) -> None:
    """Over a town of everything, and so much later that what has had its time is deleted."""
    now = utc_now()
    make_scene(now)
    for moment in (now, now + timedelta(days=400)):
        for each in all_sweeps():
            run_sweep(each.name, moment)
    assert SweepRun.objects.filter(finished_at__isnull=False).count() == len(all_sweeps())


def test_one_role_for_both_keeps_all_that_it_had(
    made: tuple[str, str], database: "psycopg.Connection"
) -> None:
    """Who parts them no more, or never did, gives one role all again."""
    web, worker = made
    product_role.grant(web)
    try:
        with connection.cursor() as cursor:
            for act in (*WEB_MAY_NOT.values(), *WORKER_MAY_NOT.values()):
                cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(web)))
                cursor.execute(act)
                cursor.execute("RESET ROLE")
    finally:
        product_role.grant(web, worker)


def test_the_worker_needs_a_role_that_is_there_and_small(settings: Settings, made: tuple[str, str]) -> None:
    settings.DATABASE_PRODUCT_ROLE = made[0]
    for name, said in (("nobody-here", "knows no role 'nobody-here'"), (owner(), "owns the tables")):
        settings.DATABASE_WORKER_ROLE = name
        with pytest.raises(ImproperlyConfigured, match=said):
            call_command("prepare")
    assert District.objects.count() == 0


def owner() -> str:
    return str(psycopg.conninfo.conninfo_to_dict(database_address(connection.settings_dict["NAME"]))["user"])


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (lambda: Client().get("/"), 0),
        (lambda: call_command("dump_ledger", stdout=StringIO()), 0),
        (lambda: heartbeat(utc_now()), 1),
        (lambda: call_command("match", stdout=StringIO()), 1),
    ],
    ids=["request", "command of web", "job", "command of the worker"],
)
def test_every_test_reaches_the_database_as_production_does(
    made: tuple[str, str], act: Callable[[], object], who: int
) -> None:
    seen = set()

    def look(execute: Callable[..., Any], *statement: Any) -> Any:
        seen.add(connection.connection.execute("SELECT current_user").fetchone()[0])
        return execute(*statement)

    with connection.execute_wrapper(look):
        act()
    assert seen == {made[who]}


def test_every_command_is_somebodys() -> None:
    """`prepare` is the owner's; those of the workshop are no part of production."""
    here = {
        each.name
        for each in apps.get_app_configs()
        if "site-packages" not in each.path and not each.name.startswith(("workshop", "tests"))
    }
    ours = {name for name, app in get_commands().items() if app in here} - {"prepare"}
    assert ours | {"createsuperuser"} == roles.WEBS_COMMANDS | roles.WORKERS_COMMANDS
