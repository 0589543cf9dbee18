"""The history follows keys and webhooks without what they keep secret, moved dates, and who noted an absence.

Of an absence it tells that somebody noted one or took it back, never the days: those are forgotten after a month,
and the history keeps its lines for years. Of a date it tells what became of it; that it was rolled out follows
from its series. A key's use is no change of it. The address of a webhook may hold a key of the other side.
"""

from django.db import migrations

# table, events, how the columns are meant, columns
FOLLOWED = [
    ("absence", "INSERT OR UPDATE OR DELETE", "only", ["user_id"]),
    ("apitoken", "INSERT OR UPDATE OR DELETE", "except", ["id", "digest", "last_used_at"]),
    ("webhook", "INSERT OR UPDATE OR DELETE", "except", ["id", "secret", "url"]),
    ("shift", "UPDATE OR DELETE", "only", ["opportunity_id", "starts_at", "ends_at", "is_cancelled"]),
]


def follow(table: str, events: str, meant: str, columns: list[str]) -> str:
    listed = ", ".join(f"'{each}'" for each in ("programs", table, "id", "", meant, *columns))
    return (
        f"CREATE TRIGGER history_follow AFTER {events} ON programs_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION foundation_follow({listed});"
    )


class Migration(migrations.Migration):
    dependencies = [("programs", "0053_words_are_found_at_once"), ("foundation", "0003_history_guard")]

    operations = [
        migrations.RunSQL(
            "\n".join(follow(*each) for each in FOLLOWED),
            "\n".join(f"DROP TRIGGER history_follow ON programs_{table};" for table, *_rest in FOLLOWED),
        )
    ]
