"""The example beside the field names no city in particular."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0048_public_after_a_release")]

    operations = [
        migrations.AlterField(
            model_name="provider",
            name="name_dative",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Wie er nach „bei“ und „von“ heißt, zum Beispiel „der Stadt Musterstadt“.",
                max_length=180,
                verbose_name="Name mit Artikel im Dativ",
            ),
        ),
    ]
