from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0005_moved_dates_and_closures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('task', 'Engagementangebot'), ('program', 'Angebot'), ('purpose', 'Spendenzweck'), ('news', 'Neuigkeit zu einem Spendenzweck')], max_length=12, verbose_name='Was')),
                ('row_id', models.PositiveBigIntegerField()),
                ('ground', models.CharField(choices=[('child', 'Ein Kind, eine Familie oder sonst jemand ist zu erkennen'), ('unlawful', 'Der Inhalt ist verboten oder verletzt Rechte'), ('degrading', 'Der Inhalt setzt Menschen herab oder macht ihnen Angst'), ('wrong', 'Angaben stimmen nicht oder führen in die Irre'), ('other', 'Etwas anderes')], max_length=12, verbose_name='Grund')),
                ('text', models.TextField(max_length=2000, verbose_name='Begründung')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='E-Mail-Adresse')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('status', models.CharField(choices=[('open', 'offen'), ('stays', 'Der Inhalt bleibt'), ('taken_out', 'Der Inhalt ist nicht mehr öffentlich')], default='open', max_length=12)),
                ('status_changed_at', models.DateTimeField(editable=False)),
                ('filed_at', models.DateTimeField(editable=False, verbose_name='gemeldet am')),
                ('reasons', models.TextField(blank=True, max_length=2000, verbose_name='Gründe der Entscheidung')),
            ],
            options={
                'verbose_name': 'Meldung',
                'verbose_name_plural': 'Meldungen',
                'ordering': ['filed_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='fund',
            name='is_shown',
            field=models.BooleanField(db_default=True, default=True, help_text='Auch ein Zweck, der keine Spenden mehr annimmt, behält sonst seine Seite.', verbose_name='Seite ist öffentlich'),
        ),
        migrations.AddConstraint(
            model_name='fund',
            constraint=models.CheckConstraint(condition=models.Q(('is_shown', True), ('is_open', False), _connector='OR'), name='fund_hidden_takes_nothing'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['status', 'filed_at'], name='notice_list'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'stays', 'taken_out'])), name='notice_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reasons', ''), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='notice_decided_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'open'), ('email', ''), _connector='OR'), name='notice_decided_keeps_no_address'),
        ),
    ]
