from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0019_who_may_come_to_a_date")]

    operations = [
        migrations.AddField(
            model_name="volunteer",
            name="is_asked_with_children",
            field=models.BooleanField(
                db_default=True,
                default=True,
                editable=False,
                verbose_name="wird nach Aufgaben mit Kindern gefragt",
            ),
        ),
    ]
