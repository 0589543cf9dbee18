"""Each body may have an account of its own at Stripe; who took online payments until now has the first one."""

from django.db import migrations, models

TO_NAMES = "UPDATE programs_provider SET stripe_account = 'default' WHERE takes_online_payments"
TO_FLAG = "UPDATE programs_provider SET takes_online_payments = true WHERE stripe_account = 'default'"


class Migration(migrations.Migration):
    dependencies = [("programs", "0029_one_stripe_account")]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="stripe_account",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text=(
                    "Sein eigenes Konto beim Zahlungsdienst, unter dem Namen, den der Betrieb ihm gegeben hat. "
                    "Ohne eines bieten seine Zwecke nur die Überweisung an."
                ),
                max_length=19,
                verbose_name="Konto bei Stripe",
            ),
        ),
        migrations.RunSQL(TO_NAMES, TO_FLAG),
        migrations.RemoveConstraint(model_name="provider", name="provider_one_stripe_account"),
        migrations.RemoveField(model_name="provider", name="takes_online_payments"),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stripe_account", ""), _negated=True),
                fields=("stripe_account",),
                name="provider_stripe_account_once",
                violation_error_message=(
                    "Dieses Konto beim Zahlungsdienst gehört schon einem anderen Träger. Geld des einen darf "
                    "nie auf dem Konto des anderen liegen."
                ),
            ),
        ),
    ]
