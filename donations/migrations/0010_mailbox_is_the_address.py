import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("donations", "0009_mailboxes_of_donors")]

    operations = [
        migrations.AlterField(
            model_name="donor",
            name="mailbox",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="donor", to="citizens.mailbox"
            ),
        ),
        migrations.RemoveConstraint(model_name="donor", name="donor_email_unique"),
        migrations.RemoveField(model_name="donor", name="email"),
        migrations.DeleteModel(name="GiftLinkRequest"),
    ]
