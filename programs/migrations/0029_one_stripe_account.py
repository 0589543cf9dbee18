"""The account at Stripe belongs to one body: no money of others on it."""

from django.db import migrations, models


def keep_the_citys(apps, schema_editor):
    """Where several bodies took online payments, only the city still does; without it nobody.

    Whose account it is cannot be told from the rows. Who is entitled ticks the right one again.
    """
    taking = apps.get_model("programs", "Provider").objects.filter(takes_online_payments=True)
    if taking.count() > 1:
        cities = list(taking.filter(kind="city").values_list("pk", flat=True))
        taking.exclude(pk__in=cities if len(cities) == 1 else []).update(takes_online_payments=False)


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0028_provider_dative'),
    ]

    operations = [
        migrations.RunPython(keep_the_citys, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='provider',
            name='takes_online_payments',
            field=models.BooleanField(default=False, help_text='Nur bei dem Träger, dem das Konto beim Zahlungsdienst gehört.', verbose_name='nimmt Online-Zahlungen an'),
        ),
        migrations.AddConstraint(
            model_name='provider',
            constraint=models.UniqueConstraint(condition=models.Q(('takes_online_payments', True)), fields=('takes_online_payments',), name='provider_one_stripe_account', violation_error_message='Das Konto beim Zahlungsdienst gehört schon einem anderen Träger. Geld des einen darf nie auf dem Konto des anderen liegen: Nehmen Sie dort erst das Häkchen weg.'),
        ),
    ]
