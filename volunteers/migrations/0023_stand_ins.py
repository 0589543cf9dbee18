import django.db.models.deletion
from django.db import migrations, models


OWNERS = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE volunteers_hoursentry AS hours
SET volunteer_id = placement.volunteer_id, opportunity_id = placement.opportunity_id
FROM volunteers_placement AS placement WHERE placement.id = hours.placement_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0008_places_of_dates'),
        ('volunteers', '0022_still_there'),
    ]

    operations = [
        migrations.CreateModel(
            name='StandInQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('sent', 'gefragt'), ('accepted', 'springt ein'), ('declined', 'abgelehnt'), ('expired', 'keine Antwort'), ('withdrawn', 'erledigt')], default='sent', max_length=12)),
                ('status_changed_at', models.DateTimeField()),
                ('asked_for', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'Frage nach Ersatz',
                'verbose_name_plural': 'Fragen nach Ersatz',
            },
        ),
        migrations.CreateModel(
            name='StandInSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('searching', 'Ersatz gesucht'), ('found', 'Ersatz gefunden'), ('exhausted', 'kein Ersatz gefunden'), ('ended', 'Suche beendet')], default='searching', max_length=12)),
                ('status_changed_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('look_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'Ersatzsuche',
                'verbose_name_plural': 'Ersatzsuchen',
            },
        ),
        migrations.AddField(
            model_name='hoursentry',
            name='opportunity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='programs.opportunity'),
        ),
        migrations.AddField(
            model_name='hoursentry',
            name='volunteer',
            field=models.ForeignKey(null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='volunteers.volunteer'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='placement',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='volunteers.placement'),
        ),
        migrations.AlterField(
            model_name='hoursentry',
            name='placement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='volunteers.placement'),
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='hoursentry',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='programs.opportunity'),
        ),
        migrations.AlterField(
            model_name='hoursentry',
            name='volunteer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='volunteers.volunteer'),
        ),
        migrations.AddIndex(
            model_name='hoursentry',
            index=models.Index(fields=['volunteer', 'opportunity', 'worked_on'], name='hours_of_person'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('placement', None)), fields=('volunteer', 'shift'), name='assignment_stand_in_once'),
        ),
        migrations.AddField(
            model_name='standinquestion',
            name='assignment',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stand_in_question', to='volunteers.assignment'),
        ),
        migrations.AddField(
            model_name='standinquestion',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_in_questions', to='volunteers.timepledge'),
        ),
        migrations.AddField(
            model_name='standinsearch',
            name='absent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='searches', to='volunteers.assignment'),
        ),
        migrations.AddField(
            model_name='standinquestion',
            name='search',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='volunteers.standinsearch'),
        ),
        migrations.AddIndex(
            model_name='standinsearch',
            index=models.Index(condition=models.Q(('status', 'searching')), fields=['look_at'], name='search_due'),
        ),
        migrations.AddConstraint(
            model_name='standinsearch',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['searching', 'exhausted'])), fields=('absent',), name='search_open_once'),
        ),
        migrations.AddConstraint(
            model_name='standinquestion',
            constraint=models.UniqueConstraint(fields=('search', 'pledge'), name='stand_in_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='standinquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['accepted', 'declined']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='stand_in_answered_has_moment'),
        ),
    ]
