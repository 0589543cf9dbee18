"""The hash of a password is in a row of its own, which the worker cannot read. Who is signed in stays so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APART = "INSERT INTO accounts_passwordhash (user_id, value) SELECT id, password FROM accounts_user"
BACK = "UPDATE accounts_user SET password = value FROM accounts_passwordhash WHERE user_id = id"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_hash_recovery_codes")]

    operations = [
        migrations.CreateModel(
            name="PasswordHash",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="password_hash",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("value", models.CharField(max_length=128)),
            ],
            options={"verbose_name": "Passwort", "verbose_name_plural": "Passwörter"},
        ),
        migrations.RunSQL(APART, BACK),
        migrations.AlterField(
            model_name="user", name="password", field=models.CharField(default="!", max_length=128)
        ),
        migrations.RemoveField(model_name="user", name="password"),
    ]
