"""Figures by period, provider, field and district: one statement per measure and period."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import connection

from figures.domain.measures import BEFORE, PERIODS, Measure, span, span_before
from figures.domain.steps import step_size
from figures.models import Figure

_COLUMNS = "(measure, period, provider_id, field, district_id, is_total, value, high, people)"
_SETS = """
GROUPING SETS (
    (), (district_id), (field), (field, district_id), (provider_id), (provider_id, district_id),
    (provider_id, field), (provider_id, field, district_id)
)
HAVING (grouping(provider_id) = 1 OR provider_id IS NOT NULL) AND (grouping(field) = 1 OR field <> '')
    AND (grouping(district_id) = 0 OR count(*) > 0)
"""
_WHERE = "WHERE measure = %(measure)s AND day BETWEEN %(first_on)s AND %(last_on)s"
_PEOPLE_AND_MINUTES = f"""
INSERT INTO figures_figure {_COLUMNS}
SELECT %(measure)s, %(period)s, provider_id, coalesce(field, ''), district_id, is_total,
    CASE WHEN %(measure)s = 'hours' THEN sum(minutes) ELSE sum(heads) END, 0, count(*)
FROM (
    SELECT provider_id, field, district_id, grouping(district_id) = 1 AS is_total,
        sum(minutes) AS minutes, max(heads) AS heads
    FROM (
        SELECT provider_id, field, district_id, person, sum(minutes) AS minutes, max(heads) AS heads
        FROM figures_fact {_WHERE} GROUP BY 1, 2, 3, 4
    ) AS fact
    GROUP BY person, {_SETS}
) AS of_person
GROUP BY provider_id, field, district_id, is_total
"""  # noqa: S608 - made of the constants above
_WAITING = f"""
INSERT INTO figures_figure {_COLUMNS}
SELECT %(measure)s, %(period)s, provider_id, coalesce(field, ''), district_id, grouping(district_id) = 1,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY minutes), count(DISTINCT person)
FROM figures_fact {_WHERE}
GROUP BY {_SETS}
"""  # noqa: S608 - made of the constants above
_PLACES = f"""
WITH contact AS (
    SELECT provider_id, coalesce(field, '') AS field, district_id, grouping(district_id) = 1 AS is_total,
        person, min(day) AS since, sum(heads) AS heads
    FROM figures_fact WHERE measure = %(taken)s
    GROUP BY person, {_SETS}
), in_line AS (
    SELECT *, row_number() OVER (cell ORDER BY since, person) AS number, count(*) OVER cell AS contacts
    FROM contact WINDOW cell AS (PARTITION BY provider_id, field, district_id, is_total)
), cell AS (
    SELECT provider_id, coalesce(field, '') AS field, district_id, grouping(district_id) = 1 AS is_total,
        sum(places) AS places, sum(places_taken) AS taken, 0 AS told
    FROM (
        SELECT provider_id, field, district_id, places, places_taken
        FROM programs_role JOIN programs_opportunity AS task ON task.id = opportunity_id
        JOIN programs_provider AS provider ON provider.id = provider_id
        WHERE task.status = 'published' AND provider.is_verified
            AND (ends_on IS NULL OR ends_on >= %(last_on)s)
    ) AS fact
    GROUP BY {_SETS}
    UNION ALL
    SELECT provider_id, field, district_id, is_total, 0, 0, sum(heads)
    FROM in_line WHERE number <= contacts / %(size)s * %(size)s GROUP BY 1, 2, 3, 4
)
INSERT INTO figures_figure {_COLUMNS}
SELECT %(measure)s, '', provider_id, field, district_id, is_total,
    sum(places), sum(taken), least(sum(told), sum(taken))
FROM cell GROUP BY provider_id, field, district_id, is_total
HAVING sum(places) > 0
"""  # noqa: S608 - made of the constants above

Values = dict[str, str | date]


def refill(counted_on: date) -> None:
    """Make the figures of all periods that end on `counted_on` anew."""
    Figure.objects.all().delete()
    with connection.cursor() as cursor:
        for period, (first_on, last_on) in _spans(counted_on):
            values: Values = {"period": period, "first_on": first_on, "last_on": last_on}
            for measure in (Measure.PLEDGED, Measure.PLACED, Measure.HOURS):
                cursor.execute(_PEOPLE_AND_MINUTES, {**values, "measure": measure.value})
            cursor.execute(_WAITING, {**values, "measure": Measure.ANSWERED.value})
        size = step_size(settings.PERSONS_SHOWN_FROM)
        places = {"measure": Figure.PLACES, "taken": Measure.TAKEN.value}
        cursor.execute(_PLACES, {**places, "size": size, "last_on": counted_on})
        cursor.execute("ANALYZE figures_figure")


def _spans(counted_on: date) -> Iterator[tuple[str, tuple[date, date]]]:
    for period in PERIODS:
        yield period, span(period, counted_on)
        if period != "alle":
            yield f"{period}{BEFORE}", span_before(period, counted_on)
