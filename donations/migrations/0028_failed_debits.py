"""A debit that failed is told from a page that nobody paid. What failed before is not known any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("donations", "0027_stripe_accounts_of_bodies")]

    operations = [
        migrations.AddField(
            model_name="donation",
            name="failed_at",
            field=models.DateTimeField(null=True, verbose_name="misslungen"),
        ),
        migrations.AddField(
            model_name="donation",
            name="failure",
            field=models.CharField(blank=True, db_default="", max_length=20, verbose_name="Grund"),
        ),
        migrations.AddField(
            model_name="recurringdonation",
            name="failed_at",
            field=models.DateTimeField(null=True, verbose_name="misslungen"),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False)),
                fields=["failed_at"],
                name="donation_failed",
            ),
        ),
    ]
