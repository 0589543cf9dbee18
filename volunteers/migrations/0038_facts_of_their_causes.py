"""Pledges, placements and hours become facts in their own transaction (figures 0006).

The same is said once more, for the night that compares, in `volunteers.selectors.figures`; a test compares
both, and whether every column read there is watched here.
"""

from django.db import migrations

from figures.migrations._noted import Note, forget, watch

_FIELDS = """unnest(CASE WHEN pledge.fields = '{}'
        THEN '{education,culture,leisure,health,sport}'::varchar[] ELSE pledge.fields END) AS named (field)"""
_COLUMNS = "(measure, day, district_id, field, provider_id, fund_id, person, minutes, cents, heads, cause)"
_FACTS = f"""
CREATE FUNCTION figures_of_pledge(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM figures_fact WHERE cause = ANY(touched) AND measure IN ('pledged', 'answered');
    INSERT INTO figures_fact {_COLUMNS}
    SELECT DISTINCT 'pledged', (pledge.confirmed_at AT TIME ZONE 'Europe/Berlin')::date,
        pledge.home_district_id, named.field, task.provider_id, NULL::bigint, pledge.volunteer_id, 0, 0,
        person.heads, pledge.id
    FROM volunteers_timepledge AS pledge
    JOIN volunteers_volunteer AS person ON person.id = pledge.volunteer_id
    LEFT JOIN volunteers_offer AS offer ON offer.pledge_id = pledge.id
    LEFT JOIN programs_opportunity AS task ON task.id = offer.opportunity_id
    CROSS JOIN LATERAL {_FIELDS}
    WHERE pledge.id = ANY(touched) AND pledge.confirmed_at IS NOT NULL
        AND pledge.status IN ('open', 'placed', 'paused', 'ended');
    INSERT INTO figures_fact {_COLUMNS}
    SELECT 'answered', (asked.first_at AT TIME ZONE 'Europe/Berlin')::date, pledge.home_district_id, named.field,
        NULL, NULL, pledge.volunteer_id,
        extract(epoch FROM greatest(asked.first_at - pledge.confirmed_at, interval '0')) / 60, 0, 1, pledge.id
    FROM volunteers_timepledge AS pledge
    CROSS JOIN LATERAL (
        SELECT min(sent_at) AS first_at FROM volunteers_offer WHERE pledge_id = pledge.id
    ) AS asked
    CROSS JOIN LATERAL {_FIELDS}
    WHERE pledge.id = ANY(touched) AND pledge.confirmed_at IS NOT NULL AND asked.first_at IS NOT NULL;
END $$;

CREATE FUNCTION figures_of_placement(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM figures_fact WHERE cause = ANY(touched) AND measure IN ('placed', 'taken');
    INSERT INTO figures_fact {_COLUMNS}
    SELECT 'placed', greatest(placement.from_on, (placement.created_at AT TIME ZONE 'Europe/Berlin')::date),
        task.district_id, task.field, task.provider_id, NULL, placement.volunteer_id, 0, 0,
        placement.heads, placement.id
    FROM volunteers_placement AS placement
    JOIN programs_opportunity AS task ON task.id = placement.opportunity_id
    WHERE placement.id = ANY(touched) AND placement.status IN ('active', 'ended');
    INSERT INTO figures_fact {_COLUMNS}
    SELECT 'taken', (placement.created_at AT TIME ZONE 'Europe/Berlin')::date,
        task.district_id, task.field, task.provider_id, NULL, placement.volunteer_id, 0, 0,
        placement.heads, placement.id
    FROM volunteers_placement AS placement
    JOIN programs_opportunity AS task ON task.id = placement.opportunity_id
    JOIN programs_provider AS provider ON provider.id = task.provider_id
    WHERE placement.id = ANY(touched) AND task.status = 'published' AND provider.is_verified
        AND placement.status IN ('awaiting_confirmation', 'awaiting_clearance', 'active');
END $$;

CREATE FUNCTION figures_of_hours(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM figures_fact WHERE cause = ANY(touched) AND measure = 'hours';
    INSERT INTO figures_fact {_COLUMNS}
    SELECT 'hours', (given.created_at AT TIME ZONE 'Europe/Berlin')::date,
        task.district_id, task.field, task.provider_id, NULL, given.volunteer_id,
        given.minutes * given.heads, 0, 1, given.id
    FROM volunteers_hoursentry AS given
    JOIN programs_opportunity AS task ON task.id = given.opportunity_id
    WHERE given.id = ANY(touched);
END $$;

CREATE FUNCTION figures_of_person(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_pledge(ARRAY(SELECT id FROM volunteers_timepledge WHERE volunteer_id = ANY(touched)));
END $$;

CREATE FUNCTION figures_of_task_status(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_placement(
        ARRAY(SELECT id FROM volunteers_placement WHERE opportunity_id = ANY(touched))
    );
END $$;

CREATE FUNCTION figures_of_task(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_task_status(touched);
    PERFORM figures_of_hours(ARRAY(SELECT id FROM volunteers_hoursentry WHERE opportunity_id = ANY(touched)));
    PERFORM figures_of_pledge(
        ARRAY(SELECT DISTINCT pledge_id FROM volunteers_offer WHERE opportunity_id = ANY(touched))
    );
END $$;

CREATE FUNCTION figures_of_provider(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM figures_of_task_status(
        ARRAY(SELECT id FROM programs_opportunity WHERE provider_id = ANY(touched))
    );
END $$;
"""  # noqa: S608 - made of the constants above
_NOTES = {
    "volunteers_timepledge": [
        Note("pledge", "id", "status confirmed_at home_district_id fields volunteer_id"),
    ],
    "volunteers_offer": [Note("pledge", "pledge_id", "opportunity_id sent_at")],
    "volunteers_placement": [
        Note("placement", "id", "status from_on created_at opportunity_id volunteer_id heads"),
    ],
    "volunteers_hoursentry": [Note("hours", "id", "created_at opportunity_id volunteer_id minutes heads")],
    "volunteers_volunteer": [Note("person", "id", "heads", is_wide=True)],
    "programs_opportunity": [
        Note("task", "id", "district_id field provider_id", is_wide=True),
        Note("task_status", "id", "status", is_wide=True),
    ],
    "programs_provider": [Note("provider", "id", "is_verified", is_wide=True)],
}
_FILL = [
    "SET LOCAL statement_timeout = '10min'",
    "SELECT figures_of_pledge(ARRAY(SELECT id FROM volunteers_timepledge))",
    "SELECT figures_of_placement(ARRAY(SELECT id FROM volunteers_placement))",
    "SELECT figures_of_hours(ARRAY(SELECT id FROM volunteers_hoursentry))",
]
_KINDS = "pledge placement hours person task task_status provider"


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0006_facts_of_their_causes'),
        ('programs', '0044_no_index_twice'),
        ('volunteers', '0037_no_index_twice'),
    ]

    operations = [
        migrations.RunSQL(_FACTS, "".join(f"DROP FUNCTION figures_of_{kind}(bigint[]);" for kind in _KINDS.split())),
        migrations.RunSQL(
            "".join(watch(table, *notes) for table, notes in _NOTES.items()),
            "".join(map(forget, _NOTES)),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
