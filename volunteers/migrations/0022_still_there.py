from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0021_weightings")]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="stays_since_on",
            field=models.DateField(editable=False, null=True),
        ),
    ]
