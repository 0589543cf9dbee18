import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

REASONS = [
    ("illness", "Krankheit beim Träger"),
    ("closed", "Das Haus ist geschlossen"),
    ("holidays", "Ferien oder Feiertag"),
    ("not_needed", "Die Hilfe wird an diesem Tag nicht gebraucht"),
    ("other", "Anderer Grund"),
]
# The history follows what staff edit, as it does since 0004_followed_rows.
FOLLOW = (
    "CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_closure FOR EACH ROW EXECUTE "
    "FUNCTION foundation_follow('programs', 'opportunity', 'opportunity_id', 'closure', 'except', 'id', "
    "'opportunity_id', 'created_at');"
)


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_followed_rows")]

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("from_on", models.DateField(verbose_name="von")),
                ("until_on", models.DateField(null=True, verbose_name="bis")),
                ("reason", models.CharField(choices=REASONS, max_length=12, verbose_name="Grund")),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="programs.opportunity",
                    ),
                ),
            ],
            options={
                "verbose_name": "Ausfall",
                "verbose_name_plural": "Ausfälle",
                "ordering": ["from_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                        name="closure_ends_after_start",
                    )
                ],
            },
        ),
        migrations.RunSQL(FOLLOW, "DROP TRIGGER history_follow ON programs_closure;"),
        migrations.AddField(
            model_name="shift",
            name="closure",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="shifts",
                to="programs.closure",
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="sequence",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="shiftseries",
            name="sequence",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=Q(closure__isnull=True) | Q(is_cancelled=True), name="shift_closed_is_cancelled"
            ),
        ),
    ]
