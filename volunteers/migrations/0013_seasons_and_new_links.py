from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0012_records_of_runs")]

    operations = [
        migrations.AddField(
            model_name="timepledge",
            name="link_renewed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        # Wider than before: what was unique among all questions not withdrawn is so among the open ones.
        migrations.RemoveConstraint(model_name="offer", name="offer_asked_once"),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(status__in=["proposed", "sent"]),
                fields=("pledge", "opportunity"),
                name="offer_open_once",
            ),
        ),
    ]
