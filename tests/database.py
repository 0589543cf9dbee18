"""One migrated database that every worker's database is a copy of."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg import Connection, connect, sql

from tests.processes import ROOT, database_address

LOCK = 7_260_111  # of the tests alone: whoever makes a template keeps those waiting who need the same one


def be_patient(settings: dict[str, Any]) -> None:
    """Give statements and locks a minute.

    A test may make 10,000 rows at once, or let fifty come for one place, on a busy machine.
    """
    options = settings["OPTIONS"]
    for name, milliseconds in (("statement_timeout", 5000), ("lock_timeout", 4000)):
        options["options"] = options["options"].replace(f"{name}={milliseconds}", f"{name}=60000")


def use_template(settings: dict[str, Any]) -> None:
    """Let the test database be created as a copy of the template."""
    settings["TEST"]["TEMPLATE"] = template(settings)


def template(settings: dict[str, Any]) -> str:
    """Return the name of a migrated database without rows, made when code or migrations are new."""
    if known := settings["TEST"].get("TEMPLATE"):
        return str(known)
    name, wanted = f"template_{settings['NAME']}", fingerprint()
    with connect(database_address("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, name])
        if comment(server, name) != wanted:
            make(server, name, wanted)
    return name


def fingerprint() -> str:
    """Changes with every line that may shape the schema: migrations, and the code they call."""
    digest = sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        folder = Path(app.path)
        ours = folder.is_relative_to(ROOT) and ".venv" not in folder.parts
        for path in sorted((folder if ours else folder / "migrations").rglob("*.py")):
            digest.update(f"{app.label}/{path.relative_to(folder)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def comment(server: "Connection[Any]", name: str) -> str | None:
    """Return what the finished template was made from."""
    found = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return found[0] if found else None


def make(server: "Connection[Any]", name: str, made_from: str) -> None:
    """Create and migrate the template; the comment comes last, so that a half-made one is never used."""
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrate(name)
    server.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(made_from))
    )


def migrate(name: str) -> None:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
