"""Places and what is asked of people move from the Engagementangebot to its roles; each has one at first."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO programs_role (
    opportunity_id, name, places, places_taken, places_held, skills, languages, minimum_age, activity_id,
    contact_with_minors, clearance_required, matching_price
)
SELECT id, '', places, places_taken, 0, skills, languages, minimum_age, activity_id,
    contact_with_minors, clearance_required, matching_price
FROM programs_opportunity ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# As it was for the task: what is asked for is kept in step with the activity by the database, and nothing is
# public of which the youth office has not decided what it asks for. The task's row is locked before it is
# read, so that of a release and a change at the same moment one sees the other.
GUARD = """
ALTER TABLE programs_role ADD CONSTRAINT role_asks_what_its_activity_asks
    FOREIGN KEY (activity_id, contact_with_minors, clearance_required)
    REFERENCES programs_activity (id, contact_with_minors, clearance_required)
    ON UPDATE CASCADE;
CREATE FUNCTION programs_role_public_has_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM programs_opportunity
        WHERE id = NEW.opportunity_id AND status IN ('published', 'paused') FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'role % of a public task has no activity', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'role_public_has_activity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_public_has_activity BEFORE INSERT OR UPDATE ON programs_role
    FOR EACH ROW WHEN (NEW.activity_id IS NULL)
    EXECUTE FUNCTION programs_role_public_has_activity();
CREATE FUNCTION programs_opportunity_public_has_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM programs_role WHERE opportunity_id = NEW.id AND activity_id IS NULL)
        OR NOT EXISTS (SELECT 1 FROM programs_role WHERE opportunity_id = NEW.id)
    THEN
        RAISE EXCEPTION 'task % has a role without an activity', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_public_has_activity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opportunity_public_has_activity BEFORE UPDATE ON programs_opportunity
    FOR EACH ROW WHEN (
        NEW.status IN ('published', 'paused') AND OLD.status NOT IN ('published', 'paused')
    )
    EXECUTE FUNCTION programs_opportunity_public_has_activity();
"""
UNGUARD = """
DROP TRIGGER opportunity_public_has_activity ON programs_opportunity;
DROP FUNCTION programs_opportunity_public_has_activity();
DROP TRIGGER role_public_has_activity ON programs_role;
DROP FUNCTION programs_role_public_has_activity();
ALTER TABLE programs_role DROP CONSTRAINT role_asks_what_its_activity_asks;
"""

# Counters and prices are not followed. The facts of the only role, which has no name, are told as those of the
# task; of several each with its name. A name has a line of its own: it is a word that somebody releases.
FOLLOW = """
CREATE TRIGGER history_follow AFTER UPDATE ON programs_role
    FOR EACH ROW WHEN (OLD.name = '' AND NEW.name = '') EXECUTE FUNCTION foundation_follow(
        'programs', 'opportunity', 'opportunity_id', '', 'except', 'id', 'opportunity_id', 'name',
        'places_taken', 'places_held', 'matching_price'
    );
CREATE TRIGGER history_follow_named AFTER UPDATE ON programs_role
    FOR EACH ROW WHEN (OLD.name <> '' OR NEW.name <> '') EXECUTE FUNCTION foundation_follow(
        'programs', 'opportunity', 'opportunity_id', 'role', 'except', 'id', 'opportunity_id',
        'places_taken', 'places_held', 'matching_price'
    );
CREATE TRIGGER history_follow_first_name AFTER INSERT ON programs_role
    FOR EACH ROW WHEN (NEW.name <> '') EXECUTE FUNCTION foundation_follow(
        'programs', 'opportunity', 'opportunity_id', 'role_name', 'only', 'name'
    );
CREATE TRIGGER history_follow_name AFTER UPDATE ON programs_role
    FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION foundation_follow(
        'programs', 'opportunity', 'opportunity_id', 'role_name', 'only', 'name'
    );
CREATE TRIGGER history_follow_last_name AFTER DELETE ON programs_role
    FOR EACH ROW WHEN (OLD.name <> '') EXECUTE FUNCTION foundation_follow(
        'programs', 'opportunity', 'opportunity_id', 'role_name', 'only', 'name'
    );
"""
UNFOLLOW = """
DROP TRIGGER history_follow_last_name ON programs_role;
DROP TRIGGER history_follow_name ON programs_role;
DROP TRIGGER history_follow_first_name ON programs_role;
DROP TRIGGER history_follow_named ON programs_role;
DROP TRIGGER history_follow ON programs_role;
"""


# Only one way: the roles of a task cannot go back into its one row.
class Migration(migrations.Migration):
    dependencies = [("programs", "0017_reminders_of_tasks"), ("foundation", "0003_history_guard")]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='Aufgabe')),
                ('places', models.PositiveSmallIntegerField(verbose_name='Plätze')),
                ('places_taken', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, verbose_name='vergebene Plätze')),
                ('places_held', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, verbose_name='gehaltene Plätze')),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('reading', 'Vorlesen'), ('homework', 'Hausaufgabenhilfe'), ('maths', 'Rechnen und Mathematik'), ('music', 'Musik machen'), ('crafts', 'Werken und Basteln'), ('cooking', 'Kochen'), ('swimming', 'Schwimmen (Rettungsfähigkeit)'), ('trainer', 'Trainerin, Trainer im Sport'), ('garden', 'Gärtnern'), ('driving', 'Auto fahren'), ('computer', 'Umgang mit Computern'), ('first_aid', 'Erste Hilfe')], max_length=12), blank=True, default=list, size=None, verbose_name='Nötige Fähigkeiten')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('de', 'Deutsch'), ('tr', 'Türkisch'), ('ar', 'Arabisch'), ('uk', 'Ukrainisch'), ('ru', 'Russisch'), ('pl', 'Polnisch'), ('ro', 'Rumänisch'), ('ku', 'Kurdisch'), ('en', 'Englisch'), ('fr', 'Französisch')], max_length=2), blank=True, default=list, size=None, verbose_name='Nötige Sprachen')),
                ('minimum_age', models.PositiveSmallIntegerField(default=16, verbose_name='Mindestalter der Freiwilligen')),
                ('contact_with_minors', models.BooleanField(default=True, editable=False, verbose_name='Kontakt mit Kindern')),
                ('clearance_required', models.BooleanField(default=True, editable=False, verbose_name='erweitertes Führungszeugnis nötig')),
                ('matching_price', models.FloatField(db_default=0, default=0, editable=False)),
            ],
            options={
                'verbose_name': 'Aufgabe eines Engagementangebots',
                'verbose_name_plural': 'Aufgaben von Engagementangeboten',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='role',
            name='activity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='programs.activity', verbose_name='Tätigkeit'),
        ),
        migrations.AddField(
            model_name='role',
            name='opportunity',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='programs.opportunity'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('places__gte', models.F('places_taken') + models.F('places_held'))), name='role_never_overbooked'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('activity__isnull', False), models.Q(('clearance_required', True), ('contact_with_minors', True)), _connector='OR'), name='role_without_activity_is_strict'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.UniqueConstraint(fields=('opportunity', 'name'), name='role_named_once'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.UniqueConstraint(fields=('id', 'opportunity'), name='role_of_its_opportunity'),
        ),
        migrations.RunSQL(FILL),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(
            "ALTER TABLE programs_opportunity DROP CONSTRAINT opportunity_asks_what_its_activity_asks"
        ),
        migrations.RemoveConstraint(
            model_name='opportunity',
            name='opportunity_never_overbooked',
        ),
        migrations.RemoveConstraint(
            model_name='opportunity',
            name='opportunity_without_activity_is_strict',
        ),
        migrations.RemoveConstraint(
            model_name='opportunity',
            name='opportunity_public_has_activity',
        ),
        migrations.RemoveIndex(
            model_name='opportunity',
            name='opportunity_seeking',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='activity',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='clearance_required',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='contact_with_minors',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='languages',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='matching_price',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='minimum_age',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='places',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='places_taken',
        ),
        migrations.RemoveField(
            model_name='opportunity',
            name='skills',
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('status', 'published')), fields=['-status_changed_at', '-id'], name='opportunity_seeking'),
        ),
    ]
