"""Web, worker and beat connect as a role that reads and writes rows; what guards them is out of its reach."""

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client
from psycopg import sql
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from donations.models import Donation, LedgerEntry
from donations.services.bank.statements import import_statement
from foundation import sweeps
from foundation.clock import utc_now
from foundation.models import Event, SweepRun
from tests.access.scene import make_scene
from tests.browser.running_product import fresh_database
from tests.donations.statements.written import camt, entry, item, text
from tests.donations.visits import give, newest
from tests.factories import make_fund, make_provider
from tests.processes import ROOT, database_address
from tests.volunteers.pledging import send_pledge
from volunteers.models import TimePledge
from wirbrauchensie import product_role
from wirbrauchensie.checks import product_cannot_switch_off_guards
from workshop.runner.programs import installed_programs, postgres_program

pytestmark = pytest.mark.django_db

SCRIPT = ROOT / "deploy/postgres/init/product-role.sh"
PASSWORD = "letters'3"
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
FORBIDDEN = {
    "the guard of the ledger off": "ALTER TABLE donations_ledgerentry DISABLE TRIGGER ledger_append_only",
    "the guard of the history off": "ALTER TABLE foundation_event DISABLE TRIGGER USER",
    "the guards of the session off": "SET session_replication_role = replica",
    "the ledger emptied": "TRUNCATE donations_ledgerentry CASCADE",
    "the history emptied": "TRUNCATE foundation_event",
    "the ledger dropped": "DROP TABLE donations_ledgerentry CASCADE",
    "a table": "CREATE TABLE public.mine (id int)",
    "a function": "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a guard replaced": "CREATE OR REPLACE FUNCTION donations_ledger_append_only() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "a schema": "CREATE SCHEMA mine",
    "a column": "ALTER TABLE donations_ledgerentry ADD COLUMN mine int",
    "a trigger": "CREATE TRIGGER mine BEFORE INSERT ON donations_ledgerentry FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a migration": "INSERT INTO django_migrations (app, name, applied) VALUES ('donations', 'mine', now())",
    "a role": "CREATE ROLE mine SUPERUSER",
    "a program on the server": "COPY (SELECT 1) TO PROGRAM 'true'",
    "a file of the server": "SELECT pg_read_file('postgresql.conf')",
}


@pytest.fixture
def as_it_runs() -> None:
    """Here one role does all, in a database of its own."""


def make_role(owner: dict[str, object], database: str, role: str) -> None:
    """Run what the image of the database runs."""
    psql = postgres_program(installed_programs(), "psql")
    done = subprocess.run(
        [str(SCRIPT)],
        env={
            "PATH": f"{psql.parent}:{os.environ['PATH']}",
            "PGHOST": str(owner["HOST"]),
            "PGPORT": str(owner["PORT"]),
            "PGPASSWORD": str(owner["PASSWORD"]),
            "POSTGRES_USER": str(owner["USER"]),
            "POSTGRES_DB": database,
            "PRODUCT_ROLES": role,
        },
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def connect_as(**who: str) -> None:
    connection.close()
    connection.settings_dict.update(who)


@pytest.fixture(scope="module")
def owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address, as its owner, of a database that both roles know; the product's role is made twice."""
    own = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD")}
    template = connection.settings_dict["TEST"].get("TEMPLATE") or own["NAME"]
    connection.close()
    with django_db_blocker.unblock(), fresh_database(f"{own['NAME']}_roles", template) as name:
        yield database_address(name)


@pytest.fixture(scope="module")
def role(owner: str) -> Iterator[str]:
    """Who connects from here on, in this process too."""
    own = dict(connection.settings_dict)
    database = owner.rpartition("/")[2]
    role = f"{database}-product"
    identifier = sql.Identifier(role)
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(identifier))
        make_role(own, database, role)
        server.execute(sql.SQL("ALTER ROLE {} SUPERUSER CREATEDB PASSWORD 'old'").format(identifier))
        make_role(own, database, role)
        known_by = server.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]).fetchone()
        assert known_by == (None,)
        server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(identifier, PASSWORD))
        try:
            connect_as(NAME=database)
            product_role.grant(role)
            server.execute(sql.SQL("GRANT ALL ON donations_ledgerentry TO {}").format(identifier))
            server.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(identifier))
            product_role.grant(role)
            connect_as(USER=role, PASSWORD=PASSWORD)
            yield role
        finally:
            connect_as(**{name: own[name] for name in ("NAME", "USER", "PASSWORD")})
            server.execute(sql.SQL("DROP OWNED BY {}").format(identifier))
            server.execute(sql.SQL("DROP ROLE {}").format(identifier))


@pytest.mark.parametrize("act", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_guards_the_rows_is_out_of_reach(role: str, act: str) -> None:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as product:
        assert product.info.user == role
        with pytest.raises(psycopg.Error) as refusal:
            product.execute(act)
    assert refusal.value.sqlstate == "42501"


def test_the_owner_could_do_each_of_them(owner: str, role: str) -> None:
    """The acts are well formed: it is the role that is refused, not a wrong word."""
    for name, act in FORBIDDEN.items():
        if "on the server" in name or "of the server" in name:
            continue
        with psycopg.connect(owner) as database:
            try:
                database.execute(act)
            except psycopg.errors.RestrictViolation:
                assert name.endswith("emptied")
            finally:
                database.rollback()


def test_each_table_gives_four_rights_and_no_more(owner: str, role: str) -> None:
    with psycopg.connect(owner) as database:
        rights = database.execute(
            "SELECT relname, relkind, array_agg(privilege_type) FROM pg_class, aclexplode(relacl)"
            " WHERE grantee = %s::regrole AND relnamespace = 'public'::regnamespace GROUP BY 1, 2",
            [f'"{role}"'],
        ).fetchall()
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    given = {name: set(what) for name, kind, what in rights if kind in "rp"}
    assert given == {
        **{name: ROWS for (name,) in tables},
        **{name: {*ROWS, "MAINTAIN"} for name in product_role.ANALYZED},
        "django_migrations": {"SELECT"},
    }
    assert {frozenset(what) for _name, kind, what in rights if kind == "S"} == {frozenset({"USAGE"})}


def test_a_table_of_the_next_migration_can_be_used_before_the_grants_run_again(owner: str, role: str) -> None:
    with psycopg.connect(owner) as database:
        database.execute("CREATE TABLE coming (id bigserial, word text)")
        database.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        database.execute("INSERT INTO coming (word) VALUES ('da')")
        assert database.execute("SELECT id, word FROM coming").fetchall() == [(1, "da")]
        database.rollback()


def test_a_check_names_the_owner_but_not_the_role(owner: str, role: str, settings: Settings) -> None:
    assert product_cannot_switch_off_guards(databases=["default"]) == []
    settings.DATABASE_PRODUCT_ROLE = psycopg.conninfo.conninfo_to_dict(owner)["user"]
    (warning,) = product_cannot_switch_off_guards(databases=["default"])
    assert warning.id == "wirbrauchensie.W001"
    assert product_cannot_switch_off_guards() == []


@pytest.mark.parametrize(("name", "said"), [("", "owns the tables"), ("nobody-here", "knows no role")])
def test_rights_are_given_to_no_other_than_a_small_role(owner: str, role: str, name: str, said: str) -> None:
    mighty = str(psycopg.conninfo.conninfo_to_dict(owner)["user"])
    with pytest.raises(ImproperlyConfigured, match=said):
        product_role.grant(name or mighty)


def test_a_server_that_does_not_know_the_rights_is_refused_in_words(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_role, "LEAST_VERSION", 1_000_000)
    with pytest.raises(ImproperlyConfigured, match="need PostgreSQL 17 or newer"):
        product_role.grant(role)


@pytest.fixture
def warnings(role: str) -> list[str]:
    """What the server remarks beside its answers; who may not refresh statistics only reads a warning."""
    said: list[str] = []
    connection.ensure_connection()
    connection.connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
    return said


def test_the_city_a_pledge_and_a_gift_come_in(role: str, tmp_path: Path, run_commits: Any) -> None:
    with run_commits(execute=True):
        call_command("load_city", "dueren", verbosity=0)
        call_command("load_city", "dueren", verbosity=0)
        assert send_pledge(Client()).status_code == 303
        house = make_provider("Haus", account_holder_name="Haus", iban="DE02120300000000202051")
        make_fund("Turnschuhe", slug="turnschuhe", provider=house)
        give(Client(), what={"zweck": "turnschuhe"}, method="transfer")
        gift = pay_by_statement(newest(), tmp_path / "auszug", utc_now())
    assert TimePledge.objects.get().volunteer.first_name == "Maria"
    assert (gift.status, gift.amount_cents) == ("received", 2500)
    assert sorted(LedgerEntry.objects.values_list("amount_cents", flat=True)) == [-2500, 2500]
    assert Event.objects.filter(app_label="donations", model="donation", object_id=gift.pk).exists()


def test_every_sweep_runs_over_a_town_of_everything(role: str, warnings: list[str]) -> None:
    """Also so much later that what has had its time is deleted."""
    now = utc_now()
    make_scene(now)
    for moment in (now, now + timedelta(days=400)):
        for each in sweeps.all_sweeps():
            sweeps.run(each.name, moment)
    assert SweepRun.objects.filter(finished_at__isnull=False).count() == len(sweeps.all_sweeps())
    assert [words for words in warnings if "permission" in words] == []


def pay_by_statement(gift: Donation, file: Path, now: datetime) -> Donation:
    """What the bank's file says comes in by COPY into a table of the transaction."""
    line = entry("25.00", "CRDT", item(text(str(gift.transfer_reference.reference))))
    file.write_text(camt(line))
    import_statement(gift.fund.provider, file, imported_by=None, now=now)
    gift.refresh_from_db()
    return gift
