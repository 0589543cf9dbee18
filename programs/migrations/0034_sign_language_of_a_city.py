"""Where a city's video in German sign language is, once there is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0033_verified_providers_protect_children")]

    operations = [
        migrations.AddField(
            model_name="city",
            name="sign_language_url",
            field=models.URLField(
                blank=True,
                db_default="",
                default="",
                help_text=(
                    "Adresse der Seite, auf der das Video steht; jede Seite führt dann dorthin (BITVNRW)."
                ),
                verbose_name="Video in Deutscher Gebärdensprache",
            ),
        ),
    ]
