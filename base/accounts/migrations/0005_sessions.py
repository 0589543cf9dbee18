"""Sessions say whose they are. What visitors typed moves along; who was signed in signs in once more."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models


def move_visitors(apps, schema_editor):
    """Copy the sessions in which nobody is signed in, and empty the table of before."""
    before, now = apps.get_model("sessions", "Session"), apps.get_model("accounts", "Session")
    for row in before.objects.iterator(chunk_size=500):
        if SESSION_KEY not in SessionStore().decode(row.session_data):
            now.objects.create(
                session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date
            )
    before.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_saved_views'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('handle', models.CharField(blank=True, max_length=32)),
                ('device', models.CharField(blank=True, max_length=60)),
                ('began_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.RunPython(move_visitors, migrations.RunPython.noop),
    ]
