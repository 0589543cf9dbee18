"""How much one payment takes is data: as long as there is no row, what the code has said so far counts."""

from django.db import migrations, models

import foundation.plausible_amounts

FOLLOW = """
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON donations_methodlimit
    FOR EACH ROW EXECUTE FUNCTION foundation_follow('donations', 'methodlimit', 'id', '', 'except', 'id');
"""
FORGET = "DROP TRIGGER history_follow ON donations_methodlimit;"


class Migration(migrations.Migration):

    dependencies = [
        ("donations", "0050_several_sent_at_once"),
        ("foundation", "0003_history_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="MethodLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("method", models.CharField(choices=[("transfer", "Überweisung"), ("sepa_debit", "SEPA-Lastschrift"), ("paypal", "PayPal"), ("card", "Karte")], max_length=12, verbose_name="Weg")),
                ("most_cents", models.PositiveBigIntegerField(validators=[foundation.plausible_amounts.an_amount], verbose_name="höchstens so viel auf einmal, in Cent")),
                ("valid_from", models.DateField(verbose_name="gilt ab")),
                ("source", models.CharField(help_text="Zum Beispiel: Stripe, SEPA-Lastschrift, Grenze je Einzug, gelesen am 3. März 2026.", max_length=300, verbose_name="Quelle")),
            ],
            options={
                "verbose_name": "Obergrenze eines Zahlungswegs",
                "verbose_name_plural": "Obergrenzen der Zahlungswege",
                "ordering": ["method", "-valid_from"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("most_cents__gt", 0)), name="method_limit_something"),
                    models.CheckConstraint(condition=models.Q(("method__in", ["transfer", "sepa_debit", "paypal", "card"])), name="method_limit_known"),
                    models.UniqueConstraint(fields=("method", "valid_from"), name="method_limit_one_a_day"),
                ],
            },
        ),
        migrations.RunSQL(FOLLOW, FORGET),
    ]
