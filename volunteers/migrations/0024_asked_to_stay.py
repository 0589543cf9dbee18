from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0023_stand_ins")]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="asked_to_stay_on",
            field=models.DateField(editable=False, null=True),
        ),
    ]
