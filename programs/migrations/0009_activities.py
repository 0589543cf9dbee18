import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0008_places_of_dates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('contact_with_minors', models.BooleanField(default=True)),
                ('clearance_required', models.BooleanField(default=True)),
                ('is_offered', models.BooleanField(default=True, verbose_name='zur Auswahl')),
            ],
            options={
                'verbose_name': 'Tätigkeit',
                'verbose_name_plural': 'Tätigkeiten',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='ActivityQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000, verbose_name='Was ist anders?')),
                ('status', models.CharField(choices=[('open', 'wartet auf das Jugendamt'), ('answered', 'beantwortet'), ('withdrawn', 'zurückgenommen')], default='open', max_length=12)),
                ('status_changed_at', models.DateTimeField(editable=False)),
                ('asked_at', models.DateTimeField(editable=False)),
                ('answer', models.TextField(blank=True, max_length=1000, verbose_name='Antwort des Jugendamts')),
            ],
            options={
                'verbose_name': 'Frage nach der Tätigkeit',
                'verbose_name_plural': 'Fragen nach der Tätigkeit',
                'ordering': ['asked_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActivityVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='Tätigkeit')),
                ('explanation', models.TextField(max_length=600, verbose_name='Woran Träger sie erkennen')),
                ('contact_with_minors', models.BooleanField(default=True, verbose_name='Kontakt mit Kindern')),
                ('clearance_required', models.BooleanField(default=True, verbose_name='Erweitertes Führungszeugnis nötig')),
                ('two_adults', models.BooleanField(default=False, verbose_name='Zwei Erwachsene bei jedem Termin')),
                ('overnight', models.BooleanField(default=False, verbose_name='Über Nacht')),
                ('minimum_age', models.PositiveSmallIntegerField(default=16, verbose_name='Mindestalter der Freiwilligen')),
                ('training', models.CharField(choices=[('none', 'nicht nötig'), ('recommended', 'empfohlen'), ('required', 'nötig')], default='none', max_length=12, verbose_name='Schulung zum Kinderschutz')),
                ('self_commitment', models.BooleanField(default=False, verbose_name='Selbstverpflichtung nötig')),
                ('measles_sites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('kita', 'Kita'), ('hort', 'Hort'), ('kindertagespflege', 'Kindertagespflege'), ('schule_ogs', 'Schule, OGS'), ('heim', 'Heim')], max_length=20), blank=True, default=list, size=None, verbose_name='Masernschutz zeigen in')),
                ('answers', models.JSONField(default=dict, verbose_name='Art, Intensität, Dauer')),
                ('reasons', models.TextField(max_length=2000, verbose_name='Begründung')),
                ('source', models.CharField(max_length=400, verbose_name='Quelle und Jahr')),
                ('status', models.CharField(choices=[('draft', 'Entwurf'), ('in_force', 'gilt'), ('replaced', 'durch eine neuere ersetzt'), ('discarded', 'verworfen')], default='draft', max_length=12)),
                ('status_changed_at', models.DateTimeField(editable=False)),
                ('writers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('released_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'Fassung einer Tätigkeit',
                'verbose_name_plural': 'Fassungen von Tätigkeiten',
                'ordering': ['-number'],
            },
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='clearance_required',
            field=models.BooleanField(default=True, editable=False, verbose_name='erweitertes Führungszeugnis nötig'),
        ),
        migrations.AlterField(
            model_name='opportunity',
            name='contact_with_minors',
            field=models.BooleanField(default=True, editable=False, verbose_name='Kontakt mit Kindern'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='activity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='programs.activity', verbose_name='Tätigkeit'),
        ),
        migrations.AddField(
            model_name='activityquestion',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activity_questions', to='programs.opportunity'),
        ),
        migrations.AddField(
            model_name='activityversion',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='programs.activity'),
        ),
        migrations.AddField(
            model_name='activityversion',
            name='released_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='activity',
            name='current',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.activityversion'),
        ),
        migrations.AddConstraint(
            model_name='activityquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('opportunity',), name='activity_question_open_once'),
        ),
        migrations.AddConstraint(
            model_name='activityquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'answered'), models.Q(('answer', ''), _negated=True)), models.Q(models.Q(('status', 'answered'), _negated=True), ('answer', '')), _connector='OR'), name='activity_question_answered_with_words'),
        ),
        migrations.AddConstraint(
            model_name='activityversion',
            constraint=models.UniqueConstraint(fields=('activity', 'number'), name='activity_version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='activityversion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('activity',), name='activity_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='activityversion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('activity',), name='activity_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='activityversion',
            constraint=models.CheckConstraint(condition=models.Q(('overnight', False), models.Q(('clearance_required', True), ('contact_with_minors', True), ('two_adults', True)), _connector='OR'), name='activity_overnight_is_inspected'),
        ),
        migrations.AddConstraint(
            model_name='activityversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'draft'), _negated=True), ('released_at__isnull', True), _connector='OR'), name='activity_draft_not_released'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(fields=('id', 'contact_with_minors', 'clearance_required'), name='activity_asks_for'),
        ),
    ]
