import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0008_mailboxes_of_volunteers")]

    operations = [
        migrations.AlterField(
            model_name="volunteer",
            name="mailbox",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="volunteers",
                to="citizens.mailbox",
            ),
        ),
        migrations.RemoveConstraint(model_name="volunteer", name="volunteer_email_unique"),
        migrations.RemoveIndex(model_name="volunteer", name="volunteer_by_email"),
        migrations.RemoveField(model_name="volunteer", name="email"),
        migrations.RemoveField(model_name="volunteer", name="link_version"),
        migrations.DeleteModel(name="LinkRequest"),
    ]
