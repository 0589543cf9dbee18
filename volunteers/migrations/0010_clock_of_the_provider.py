from django.db import migrations, models

# What was promised for a day holds until the end of that day in Düren. A moment at midnight ends the day before.
TO_THE_END_OF_THE_DAY = """
UPDATE volunteers_{table} SET {column} = (
    date_trunc('day', ({column} - interval '1 microsecond') AT TIME ZONE 'Europe/Berlin') + interval '1 day'
) AT TIME ZONE 'Europe/Berlin'
WHERE status = '{status}' AND {column} IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0009_mailbox_is_the_address")]

    operations = [
        migrations.RunSQL(
            TO_THE_END_OF_THE_DAY.format(table="offer", column="expires_at", status="sent"),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            TO_THE_END_OF_THE_DAY.format(table="timepledge", column="answer_due_at", status="open"),
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="placement",
            name="pressed",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="placement",
            name="pressed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(pressed=0, pressed_at__isnull=True)
                | models.Q(pressed__gte=1, pressed__lte=3, pressed_at__isnull=False),
                name="placement_pressed_has_moment",
            ),
        ),
    ]
