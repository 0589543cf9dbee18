"""`flush` after a test that really committed: empties the tables that hold rows, not all of them.

Django's own truncates every table, which takes PostgreSQL half a second of work, and makes permissions and
content types anew. Triggers that refuse to forget are silent meanwhile.
"""

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

KEPT = {"auth_permission", "django_content_type", "django_migrations"}


class Command(BaseCommand):
    help = "Empties the database of the tests."
    stealth_options = ("allow_cascade", "database", "inhibit_post_migrate", "interactive", "reset_sequences")

    def handle(self, **options: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end may write rows
            tables = [sql.Identifier(name) for name in self.filled()]
            if not tables:
                return
            for table in tables:
                cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            # One statement, so that rows which refer to each other go together.
            gone = [
                sql.SQL("{} AS (DELETE FROM {})").format(sql.Identifier(f"gone_{number}"), table)
                for number, table in enumerate(tables)
            ]
            cursor.execute(sql.SQL("WITH {} SELECT 1").format(sql.SQL(", ").join(gone)))
            for table in tables:
                cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))

    def filled(self) -> list[str]:
        """Return the names of the tables that hold rows."""
        names = sorted({*connection.introspection.table_names()} - KEPT)
        one = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in names
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(one))
            return [name for (name,) in cursor.fetchall()]
