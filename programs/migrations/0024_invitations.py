"""Roles are given by invitation, and a provider has people who invite."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0023_telephones_are_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('coordinator', 'Koordination'), ('safeguarding_officer', 'Kinderschutz (Einsichtnahme)'), ('treasurer', 'Spenden und Buchung'), ('owner', 'Leitung (lädt ein)')], max_length=24, verbose_name='Rolle'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='E-Mail-Adresse')),
                ('role', models.CharField(choices=[('coordinator', 'Koordination'), ('safeguarding_officer', 'Kinderschutz (Einsichtnahme)'), ('treasurer', 'Spenden und Buchung'), ('owner', 'Leitung (lädt ein)')], max_length=24, verbose_name='Rolle')),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('serial', models.PositiveIntegerField(default=1)),
                ('status', models.CharField(choices=[('open', 'offen'), ('accepted', 'angenommen'), ('withdrawn', 'zurückgenommen')], default='open', max_length=12)),
                ('status_changed_at', models.DateTimeField()),
                ('invited_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='programs.provider')),
            ],
            options={
                'verbose_name': 'Einladung',
                'verbose_name_plural': 'Einladungen',
                'ordering': ['-invited_at', '-id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('provider'), models.F('role'), condition=models.Q(('status', 'open')), name='invitation_open_once'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'accepted', 'withdrawn'])), name='invitation_status_is_known')],
            },
        ),
    ]
