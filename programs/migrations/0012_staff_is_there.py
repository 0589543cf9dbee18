from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0011_appeal")]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="staff_is_there",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="Bei jedem Termin ist eine erwachsene Person des Trägers dabei",
            ),
        ),
    ]
