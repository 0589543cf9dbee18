"""Transitions become lines of the one history. Every row stays, its actor taken apart into columns."""

import django.contrib.postgres.indexes
from django.db import migrations, models

KINDS = ["transition", "created", "changed", "deleted", "read"]
ACTORS = ["user", "citizen", "system", "stripe"]

FILL = """
UPDATE foundation_event SET
    kind = 'transition',
    app_label = CASE
        WHEN model IN ('donation', 'recurringdonation') THEN 'donations'
        WHEN model IN ('opportunity', 'program') THEN 'programs'
        WHEN model IN ('timepledge', 'offer', 'placement', 'assignment') THEN 'volunteers'
        ELSE '' END,
    actor_kind = CASE
        WHEN actor ~ '^user:[0-9]{1,18}$' THEN 'user'
        WHEN actor IN ('volunteer', 'donor') THEN 'citizen'
        WHEN actor = 'stripe' THEN 'stripe'
        ELSE 'system' END,
    actor_user = CASE WHEN actor ~ '^user:[0-9]{1,18}$' THEN substr(actor, 6)::bigint END,
    actor_role = CASE WHEN actor = 'stripe' OR actor ~ '^user:[0-9]{1,18}$' THEN '' ELSE actor END;
"""
EMPTY = """
UPDATE foundation_event SET actor = CASE
    WHEN actor_kind = 'user' THEN 'user:' || actor_user
    WHEN actor_kind = 'stripe' THEN 'stripe'
    WHEN actor_role = '' THEN actor_kind
    ELSE actor_role END;
"""


def text(length: int, **options: object) -> models.CharField:
    return models.CharField(blank=True, default="", max_length=length, **options)


def chosen(length: int, choices: list[str], labels: list[str]) -> models.CharField:
    return models.CharField(choices=list(zip(choices, labels, strict=True)), max_length=length)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.RemoveIndex("Transition", "transition_of_object"),
        migrations.RenameModel("Transition", "Event"),
        migrations.RenameField("Event", "noun", "model"),
        migrations.RenameField("Event", "happened_at", "at"),
        migrations.AddField("Event", "kind", text(12)),
        migrations.AddField("Event", "app_label", text(40)),
        migrations.AddField("Event", "changes", models.JSONField(null=True)),
        migrations.AddField("Event", "actor_kind", text(8)),
        migrations.AddField("Event", "actor_user", models.BigIntegerField(null=True)),
        migrations.AddField("Event", "actor_role", text(80), preserve_default=False),
        migrations.AddField("Event", "route", text(80), preserve_default=False),
        migrations.RunSQL(FILL, EMPTY),
        migrations.AlterField("Event", "actor", text(80)),
        migrations.RemoveField("Event", "actor"),
        migrations.AlterField("Event", "kind", chosen(12, KINDS, [name.title() for name in KINDS])),
        migrations.AlterField("Event", "actor_kind", chosen(8, ACTORS, [name.title() for name in ACTORS])),
        migrations.AlterField("Event", "app_label", models.CharField(max_length=40)),
        migrations.AlterField("Event", "from_status", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("Event", "to_status", models.CharField(blank=True, max_length=40)),
        migrations.AddIndex(
            "Event", models.Index(fields=["app_label", "model", "object_id", "at"], name="event_of_object")
        ),
        migrations.AddIndex(
            "Event", django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="event_by_age")
        ),
        migrations.AddConstraint(
            "Event",
            models.CheckConstraint(condition=models.Q(("actor_kind__in", ACTORS)), name="event_actor_is_known"),
        ),
        migrations.AddConstraint(
            "Event",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("actor_kind", "user"), ("actor_user__isnull", False)),
                    models.Q(models.Q(("actor_kind", "user"), _negated=True), ("actor_user__isnull", True)),
                    _connector="OR",
                ),
                name="event_exactly_a_user_has_an_account",
            ),
        ),
        migrations.AddConstraint(
            "Event",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "transition"), models.Q(("to_status", ""), _negated=True)),
                    models.Q(
                        ("from_status", ""), ("kind__in", KINDS[1:]), ("to_status", "")
                    ),
                    _connector="OR",
                ),
                name="event_kind_fits_its_columns",
            ),
        ),
    ]
