"""Words of the directory, of purposes and of their news wait for a second person; what is public stays so."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What was never released is not public, whoever ticks it: asked only where something becomes public, so that
# the ledger's moves of a purpose cost nothing.
SECOND_PERSON = """
ALTER TABLE programs_textdraft ADD CONSTRAINT text_released_by_a_second_person
    CHECK (released_by_id IS NULL OR NOT released_by_id = ANY (writers));
CREATE FUNCTION programs_shown_is_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM programs_textdraft
        WHERE about = TG_ARGV[0] AND row_id = NEW.id AND is_new AND status = 'draft'
    ) THEN
        RAISE EXCEPTION '% % has words that nobody has released', TG_ARGV[0], NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shown_is_released';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shown_is_released BEFORE UPDATE ON programs_program
    FOR EACH ROW WHEN (NEW.is_listed AND NOT OLD.is_listed)
    EXECUTE FUNCTION programs_shown_is_released('program');
CREATE TRIGGER shown_is_released BEFORE UPDATE ON programs_fund
    FOR EACH ROW WHEN (NEW.is_shown AND NOT OLD.is_shown)
    EXECUTE FUNCTION programs_shown_is_released('purpose');
CREATE TRIGGER shown_is_released BEFORE UPDATE ON programs_fundupdate
    FOR EACH ROW WHEN (NEW.is_shown AND NOT OLD.is_shown)
    EXECUTE FUNCTION programs_shown_is_released('news');
CREATE TRIGGER shown_is_released BEFORE UPDATE ON programs_helptelephone
    FOR EACH ROW WHEN (NEW.is_listed AND NOT OLD.is_listed)
    EXECUTE FUNCTION programs_shown_is_released('telephone');
"""
ONE_PERSON = """
DROP TRIGGER shown_is_released ON programs_helptelephone;
DROP TRIGGER shown_is_released ON programs_fundupdate;
DROP TRIGGER shown_is_released ON programs_fund;
DROP TRIGGER shown_is_released ON programs_program;
DROP FUNCTION programs_shown_is_released();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0021_dates_to_follow'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='fundupdate',
            name='is_shown',
            field=models.BooleanField(default=True, verbose_name='ist öffentlich'),
        ),
        migrations.AlterField(
            model_name='fundupdate',
            name='is_shown',
            field=models.BooleanField(default=False, verbose_name='ist öffentlich'),
        ),
        migrations.CreateModel(
            name='TextDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('program', 'Angebot'), ('purpose', 'Spendenzweck'), ('news', 'Neuigkeit zu einem Spendenzweck'), ('provider', 'Träger'), ('telephone', 'Hilfetelefon'), ('city', 'Stadt')], max_length=12, verbose_name='Was')),
                ('row_id', models.PositiveBigIntegerField()),
                ('is_new', models.BooleanField(default=False, verbose_name='noch nie veröffentlicht')),
                ('texts', models.JSONField(default=dict, verbose_name='Texte')),
                ('status', models.CharField(choices=[('draft', 'Entwurf'), ('in_force', 'gilt'), ('replaced', 'durch eine neuere ersetzt'), ('discarded', 'verworfen')], default='draft', max_length=12)),
                ('status_changed_at', models.DateTimeField(editable=False)),
                ('writers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('released_at', models.DateTimeField(editable=False, null=True)),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.provider')),
                ('released_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Textentwurf',
                'verbose_name_plural': 'Textentwürfe',
                'ordering': ['status_changed_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('about', 'row_id'), name='text_one_draft'), models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('texts', {})), _connector='OR'), name='text_waits_or_leaves_no_words')],
            },
        ),
        migrations.RunSQL(SECOND_PERSON, ONE_PERSON),
    ]
