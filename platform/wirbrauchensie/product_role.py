"""What the product may do in the database: read and write rows, and nothing else.

The owner of the tables migrates and grants; web, worker and beat connect as a role that can switch off no
trigger, empty no table and make none. Such a role is made by `deploy/postgres/init/product-role.sh`.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql

ANALYZED = ("figures_fact", "figures_figure", "figures_finishedsheet")
"""Read as a whole by the night, which refreshes their statistics before or after filling them."""
_GRANTS = """
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM {role};
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
GRANT MAINTAIN ON {analyzed} TO {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};
"""
# A member of the owner may do what the owner may; a superuser is a member of all.
_MIGHTY = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
    OR pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'django_migrations'::regclass), 'MEMBER')
FROM pg_roles WHERE rolname = coalesce(%s, current_user)
"""


def grant(role: str) -> None:
    """Give `role` what the product needs in the tables as they are now, and take everything else from it.

    The default privileges hold for what the next migrations make, until they are through and this runs again.
    Raises ImproperlyConfigured if there is no such role or it could take back what it lacks.
    """
    if is_mighty(role):
        raise ImproperlyConfigured(
            f"DATABASE_PRODUCT_ROLE: {role!r} owns the tables or may do more in the server than log in."
        )
    statements = sql.SQL(_GRANTS).format(
        role=sql.Identifier(role),
        database=sql.Identifier(connection.settings_dict["NAME"]),
        analyzed=sql.SQL(", ").join(map(sql.Identifier, ANALYZED)),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements)


def is_mighty(role: str | None) -> bool:
    """Whether `role`, or who is connected, could switch off what guards ledger and history.

    Raises ImproperlyConfigured if there is no such role.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MIGHTY, [role])
        found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(
            f"DATABASE_PRODUCT_ROLE: the server knows no role {role!r}; docs/operations.md, 'Two roles'."
        )
    return bool(found[0])
