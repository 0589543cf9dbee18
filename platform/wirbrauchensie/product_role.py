"""What the product may do in the database: read and write rows, and nothing else.

The owner of the tables migrates and grants; web and worker connect as roles that can switch off no trigger,
empty no table and make none. Where they are two, web ends nothing that is kept for a term, and the worker can
become nobody (docs/decisions/0063). Such roles are made by `deploy/postgres/init/product-role.sh`.
"""

from collections.abc import Collection

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql

ANALYZED = ("figures_fact", "figures_figure", "figures_finishedsheet")
"""Read as a whole by the night, which refreshes their statistics before or after filling them."""
PAGES_DELETE = {
    "donations_ledgercheckpoint",  # with a purpose for which nothing was ever given
    "donations_payment",  # an allocation that is taken back
    "donations_receiptaddress",  # somebody leaves
    "receipts_payernote",  # somebody leaves
    "receipts_wishrefusal",  # what it was refused for was mended, the wish waits again
}
"""Of the books, what also pages delete; all else ends with its term, which sweeps see to."""
SWEEPS_WRITE = {"donations_ledgercheckpoint", "foundation_sweeprun"}
"""What was checked and when: whoever takes over web cannot pretend that it was."""
PROOFS = {
    "account_emailaddress",
    "account_emailconfirmation",
    "accounts_passwordhash",
    "accounts_savedview",
    "django_admin_log",
    "django_session",
    "foundation_cache",
    "mfa_authenticator",
    "programs_apitoken",
}
"""By what people and programs prove who they are and which codes were used, and what pages alone read.
Of a session a sweep sees when it ends, of a note of the administration when it was made."""
POWERS = {
    "accounts_user",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "donations_acceptancerule",
    "donations_creditorid",
    "donations_methodlimit",
    "programs_membership",
    "receipts_issuer",
    "receipts_templateapproval",
}
"""Who may do what, and what two people decided: people change it at pages, sweeps only read it."""
LEAST_VERSION = 170_000
_GRANTS = """
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM {role};
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
GRANT MAINTAIN ON {analyzed} TO {role};
GRANT EXECUTE ON FUNCTION foundation_end_terms() TO {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""
_PARTED = """
REVOKE MAINTAIN ON {analyzed} FROM {web};
REVOKE EXECUTE ON FUNCTION foundation_end_terms() FROM PUBLIC, {web};
REVOKE DELETE ON {books} FROM {web};
REVOKE INSERT, UPDATE ON {sweeps_write} FROM {web};
REVOKE ALL ON {proofs}, accounts_session FROM {worker};
GRANT SELECT (expire_date), DELETE ON accounts_session TO {worker};
GRANT SELECT (action_time), DELETE ON django_admin_log TO {worker};
REVOKE INSERT, UPDATE, DELETE ON {powers} FROM {worker};
"""
_SETTINGS = "DATABASE_PRODUCT_ROLE, DATABASE_WORKER_ROLE"
# A member of the owner may do what the owner may; a superuser is a member of all.
_MIGHTY = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
    OR pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'django_migrations'::regclass), 'MEMBER')
FROM pg_roles WHERE rolname = coalesce(%s, current_user)
"""


def grant(role: str, worker: str = "") -> None:
    """Give `role` what the product needs in the tables as they are now, and take everything else from it.

    With `worker`, `role` is web's alone and each of the two lacks what only the other does.
    The default privileges hold for what the next migrations make, until they are through and this runs again.
    Raises ImproperlyConfigured if there is no such role, it could take back what it lacks, or the server is
    older than the right to refresh statistics.
    """
    if server_version() < LEAST_VERSION:
        raise ImproperlyConfigured(
            f"{_SETTINGS}: these roles need PostgreSQL 17 or newer, which knows the right MAINTAIN."
        )
    roles = [role, worker] if worker else [role]
    for each in roles:
        if is_mighty(each):
            raise ImproperlyConfigured(
                f"{_SETTINGS}: {each!r} owns the tables or may do more in the server than log in."
            )
    with transaction.atomic(), connection.cursor() as cursor:
        for each in roles:
            cursor.execute(_filled(_GRANTS, role=each))
        if worker:
            cursor.execute(_filled(_PARTED, web=role, worker=worker))


def server_version() -> int:
    """Return the server's version as a number: 180006 for 18.6."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0])


def _filled(statements: str, **roles: str) -> sql.Composed:
    return sql.SQL(statements).format(
        database=sql.Identifier(connection.settings_dict["NAME"]),
        analyzed=_names(ANALYZED),
        books=_names(books() - PAGES_DELETE),
        sweeps_write=_names(SWEEPS_WRITE),
        proofs=_names(PROOFS),
        powers=_names(POWERS),
        **{name: sql.Identifier(role) for name, role in roles.items()},
    )


def _names(tables: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))


def books() -> set[str]:
    """Return the tables of gifts, bookings and receipts."""
    models = (
        model for label in settings.BOOKKEEPING_APPS for model in apps.get_app_config(label).get_models()
    )
    return {model._meta.db_table for model in models}


def is_mighty(role: str | None) -> bool:
    """Whether `role`, or who is connected, could switch off what guards ledger and history.

    Raises ImproperlyConfigured if there is no such role.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MIGHTY, [role])
        found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(
            f"{_SETTINGS}: the server knows no role {role!r}; docs/operations.md, 'Three roles'."
        )
    return bool(found[0])
