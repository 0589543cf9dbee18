"""The database writes down every change of what staff edit, bulk and raw ones too."""

from django.db import migrations

LOADED = ["source_key", "loaded_values"]
COUNTED = ["received_cents", "balance_cents", "gift_count"]
# Moves have lines of their own; places and prices are counters; who edited is the line's actor.
MOVED = ["status", "status_changed_at", "places_taken", "matching_price", "created_by_id", "edited_by_id"]

# table, model of the line, column with its id, name of the part, columns that are not followed
FOLLOWED = [
    ("city", "city", "id", "", ["id", *LOADED]),
    ("helptelephone", "helptelephone", "id", "", ["id", *LOADED]),
    ("district", "district", "id", "", ["id", *LOADED]),
    ("districtfigure", "district", "district_id", "figure", ["id", "district_id", *LOADED]),
    ("provider", "provider", "id", "", ["id", *LOADED]),
    ("membership", "provider", "provider_id", "membership", ["id", "provider_id"]),
    ("program", "program", "id", "", ["id", *LOADED]),
    ("program_districts", "program", "program_id", "district", ["id", "program_id"]),
    ("fund", "fund", "id", "", ["id", *LOADED, *COUNTED]),
    ("fundupdate", "fund", "fund_id", "news", ["id", "fund_id"]),
    ("opportunity", "opportunity", "id", "", ["id", *MOVED]),
    ("weeklyslot", "opportunity", "opportunity_id", "weekly_slot", ["id", "opportunity_id"]),
]


def follow(table: str, *arguments: object) -> str:
    model, owner, part, columns = arguments
    listed = ", ".join(f"'{each}'" for each in ("programs", model, owner, part, "except", *columns))
    return (
        f"CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION foundation_follow({listed});"
    )


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_youth_office_phone_and_help_telephones"), ("foundation", "0003_history_guard")]

    operations = [
        migrations.RunSQL(
            "\n".join(follow(*each) for each in FOLLOWED),
            "\n".join(f"DROP TRIGGER history_follow ON programs_{each[0]};" for each in FOLLOWED),
        )
    ]
