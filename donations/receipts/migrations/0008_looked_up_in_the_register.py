"""Who looked a body up in the Zuwendungsempfängerregister (§ 60b AO), when, and what stood there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0056_numbers_of_no_town"),
        ("receipts", "0007_payers_under_other_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_on", models.DateField(verbose_name="Nachgesehen am")),
                ("found", models.CharField(choices=[("iban", "Eintrag gefunden, die IBAN steht dort"), ("entry", "Eintrag gefunden, die IBAN steht nicht dort"), ("nothing", "kein Eintrag gefunden")], max_length=7, verbose_name="Was dort steht")),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="Verglichene IBAN")),
                ("noted_at", models.DateTimeField()),
                ("checked_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("provider", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="register_checks", to="programs.provider")),
            ],
            options={
                "verbose_name": "Blick ins Zuwendungsempfängerregister",
                "verbose_name_plural": "Blicke ins Zuwendungsempfängerregister",
                "ordering": ["-noted_at", "-id"],
                "indexes": [models.Index(fields=["provider", "-noted_at", "-id"], name="register_check_newest")],
                "constraints": [models.CheckConstraint(condition=models.Q(("found__in", ["entry", "nothing"]), models.Q(("found", "iban"), models.Q(("iban", ""), _negated=True)), _connector="OR"), name="register_check_known")],
            },
        ),
    ]
