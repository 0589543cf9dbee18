"""The door of inspections lets through what tells of one, and nothing else of those who give time."""

from importlib import import_module

from django.db import migrations

before = import_module("foundation.migrations.0009_whose_doors")

_OF_PLACES = (
    "door = 'clearance_purge' AND OLD.app_label = 'volunteers' AND OLD.model IN ('placement', 'assignment')"
)
TELLS = f"""{_OF_PLACES} AND (
    OLD.kind = 'read' OR coalesce(OLD.changes ? 'clearance', false)
    OR OLD.to_status IN ('awaiting_clearance', 'on_hold')
    OR (OLD.to_status, OLD.reason) = ('released', 'lacking'))"""
LEFT_IT = f"{_OF_PLACES} AND OLD.from_status IN ('awaiting_clearance', 'on_hold', 'released')"
NOW = before.GUARD.replace("{deleted}", f"{TELLS} OR {before.MAY_END}").replace("{laid_bare}", LEFT_IT)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0010_plain_texts_are_folded_fast")]

    operations = [migrations.RunSQL(NOW, before.NOW)]
