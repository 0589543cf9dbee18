import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0010_clock_of_the_provider"), ("programs", "0005_moved_dates_and_closures")]

    operations = [
        migrations.CreateModel(
            name="DateNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("was_cancelled", models.BooleanField()),
                ("noted_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice",
                        to="volunteers.assignment",
                    ),
                ),
            ],
            options={
                "verbose_name": "geänderter Termin",
                "verbose_name_plural": "geänderte Termine",
                "indexes": [models.Index(fields=["touched_at"], name="date_notice_due")],
            },
        ),
    ]
