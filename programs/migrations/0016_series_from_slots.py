"""Every task gets its series from the weekly slots it had; dates keep their rows and their series.

Until now the slots were the truth, and series existed only where dates had been rolled out. Where both exist
they agree, but for a task that was changed while it waited for release: there a series that fits no slot
takes over the next slot without a series, and its dates move when the task is released. A series that is
left over stays, and its slot is derived from it.
"""

from django.db import migrations

SERIES = """
CREATE TEMPORARY TABLE slot_rule ON COMMIT DROP AS
SELECT id, opportunity_id, start_minute, end_minute,
    'FREQ=WEEKLY;BYDAY=' || (ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[weekday + 1] AS rrule
FROM programs_weeklyslot;

UPDATE programs_shiftseries series SET end_minute = slot.end_minute
FROM slot_rule slot
WHERE slot.opportunity_id = series.opportunity_id AND slot.rrule = series.rrule
    AND slot.start_minute = series.start_minute AND slot.end_minute <> series.end_minute;

DELETE FROM slot_rule slot USING programs_shiftseries series
WHERE slot.opportunity_id = series.opportunity_id AND slot.rrule = series.rrule
    AND slot.start_minute = series.start_minute;

WITH lonely AS (
    SELECT series.id, series.opportunity_id,
        row_number() OVER (PARTITION BY series.opportunity_id ORDER BY series.id) AS place
    FROM programs_shiftseries series
    WHERE NOT EXISTS (
        SELECT FROM programs_weeklyslot slot
        WHERE slot.opportunity_id = series.opportunity_id AND slot.start_minute = series.start_minute
            AND series.rrule = 'FREQ=WEEKLY;BYDAY='
                || (ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[slot.weekday + 1]
    )
), waiting AS (
    SELECT slot.*, row_number() OVER (PARTITION BY opportunity_id ORDER BY id) AS place FROM slot_rule slot
)
UPDATE programs_shiftseries series
SET rrule = waiting.rrule, start_minute = waiting.start_minute, end_minute = waiting.end_minute
FROM lonely JOIN waiting USING (opportunity_id, place)
WHERE series.id = lonely.id;

INSERT INTO programs_shiftseries
    (opportunity_id, rrule, first_on, start_minute, end_minute, rdates, exdates, sequence)
SELECT slot.opportunity_id, slot.rrule, task.starts_on, slot.start_minute, slot.end_minute, '{}', '{}', 0
FROM slot_rule slot JOIN programs_opportunity task ON task.id = slot.opportunity_id
WHERE NOT EXISTS (
    SELECT FROM programs_shiftseries series
    WHERE series.opportunity_id = slot.opportunity_id AND series.rrule = slot.rrule
        AND series.start_minute = slot.start_minute
)
ORDER BY slot.id;

INSERT INTO programs_weeklyslot (opportunity_id, weekday, start_minute, end_minute)
SELECT opportunity_id, array_position(ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], right(rrule, 2)) - 1,
    start_minute, end_minute
FROM programs_shiftseries
ON CONFLICT DO NOTHING;
"""

FOLLOW = """
DROP TRIGGER history_follow ON programs_weeklyslot;
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_shiftseries
FOR EACH ROW EXECUTE FUNCTION foundation_follow(
    'programs', 'opportunity', 'opportunity_id', 'series', 'except',
    'id', 'opportunity_id', 'first_on', 'rolled_out_until', 'sequence');
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_schoolholiday
FOR EACH ROW EXECUTE FUNCTION foundation_follow(
    'programs', 'schoolholiday', 'id', '', 'except', 'id', 'source_key', 'loaded_values');
"""

UNFOLLOW = """
DROP TRIGGER history_follow ON programs_schoolholiday;
DROP TRIGGER history_follow ON programs_shiftseries;
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_weeklyslot
FOR EACH ROW EXECUTE FUNCTION foundation_follow(
    'programs', 'opportunity', 'opportunity_id', 'weekly_slot', 'except', 'id', 'opportunity_id');
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0015_series_are_the_truth")]

    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        # The slots are there as they were: going back needs nothing undone.
        migrations.RunSQL(
            "ALTER TABLE programs_shiftseries DISABLE TRIGGER history_follow;"
            + SERIES
            # A table whose new rows still wait for their foreign keys to be looked at cannot be altered.
            + "SET CONSTRAINTS ALL IMMEDIATE;"
            + "ALTER TABLE programs_shiftseries ENABLE TRIGGER history_follow;",
            migrations.RunSQL.noop,
        ),
    ]
