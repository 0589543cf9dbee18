from django.db import migrations, models

# Who is expected already is counted by the app that knows it (volunteers.0017).
PLACES = """
UPDATE programs_shift AS shift SET places = opportunity.places
FROM programs_opportunity AS opportunity WHERE opportunity.id = shift.opportunity_id
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0007_stop_reasons")]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="places",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="Plätze"),
        ),
        migrations.AddField(
            model_name="shift",
            name="places_taken",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, editable=False, verbose_name="vergebene Plätze"
            ),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(places_taken__lte=models.F("places")), name="shift_never_overbooked"
            ),
        ),
    ]
