"""Facts are written at the end of the transaction of their cause.

Triggers of the apps above note in `figures_duefact` what a statement has touched (`figures_note`). At the end
of the transaction its notes become facts (`figures_settle`). No lock is taken before, and then in one order:
first the one of all figures, shared or, where the facts of many causes move with one row (is_wide), alone;
then those of the single causes by number. Whoever holds one of them only waits for others at their end, too:
nothing can wait in a circle. Checks of foreign keys wait for rows, so they must be over: the first call lets
itself be called again, behind them.

Facts are worked out after the locks by statements of their own, which see what others have committed by then.
Whatever goes wrong here is a warning in the database's log and work for the night, and no booking fails for it.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

_HERE = "pg_current_xact_id()::text::bigint"
_SETTLING = f"""
CREATE FUNCTION figures_note(what text, touched bigint[], for_many boolean) RETURNS void LANGUAGE sql AS $$
    INSERT INTO figures_duefact (transaction, kind, causes, is_wide)
    SELECT {_HERE}, what, touched, for_many WHERE touched IS NOT NULL
$$;

CREATE FUNCTION figures_settle() RETURNS void LANGUAGE plpgsql SET lock_timeout = '3s' AS $$
DECLARE
    is_alone boolean;
    number integer;
    due record;
BEGIN
    SELECT bool_or(is_wide) OR sum(cardinality(causes)) > 100 INTO is_alone
    FROM figures_duefact WHERE transaction = {_HERE};
    IF is_alone IS NULL THEN
        RETURN;
    END IF;
    BEGIN
        IF is_alone THEN
            PERFORM pg_advisory_xact_lock(11, 0);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(11, 0);
            FOR number IN
                SELECT DISTINCT hashtext(kind || ' ' || cause) FROM figures_duefact, unnest(causes) AS cause
                WHERE transaction = {_HERE} ORDER BY 1
            LOOP
                PERFORM pg_advisory_xact_lock(12, number);
            END LOOP;
        END IF;
        FOR due IN
            SELECT kind, array_agg(DISTINCT cause ORDER BY cause) AS causes
            FROM figures_duefact, unnest(causes) AS cause
            WHERE transaction = {_HERE} GROUP BY kind ORDER BY kind
        LOOP
            EXECUTE format('SELECT %I($1)', 'figures_of_' || due.kind) USING due.causes;
        END LOOP;
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'facts are left to the night: % (%)', SQLERRM, SQLSTATE;
    END;
    DELETE FROM figures_duefact WHERE transaction = {_HERE};
END $$;

CREATE FUNCTION figures_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM figures_settle();
    ELSIF NOT EXISTS (SELECT FROM figures_duefact WHERE transaction = NEW.transaction AND is_last) THEN
        UPDATE figures_duefact SET is_last = true WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER figures_called AFTER INSERT OR UPDATE ON figures_duefact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION figures_call();
"""
_BY_NIGHT = """
DROP TRIGGER figures_called ON figures_duefact;
DROP FUNCTION figures_call();
DROP FUNCTION figures_settle();
DROP FUNCTION figures_note(text, bigint[], boolean);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0005_finished_sheets'),
    ]

    operations = [
        # They do not know their cause; the next migrations of the apps above write them anew.
        migrations.RunSQL("TRUNCATE figures_fact", migrations.RunSQL.noop),
        migrations.AddField(
            model_name='fact',
            name='cause',
            field=models.BigIntegerField(),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(fields=['cause', 'measure'], name='fact_of_cause'),
        ),
        migrations.CreateModel(
            name='DueFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField(db_index=True)),
                ('kind', models.CharField(max_length=20)),
                ('causes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('is_wide', models.BooleanField()),
                ('is_last', models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.RunSQL(_SETTLING, _BY_NIGHT),
    ]
