"""Every task gets the activity that asks for what the task asks for today; from then on the database keeps both in step."""

from django.db import migrations, models
from django.db.models.functions import Now

CARE = {
    "slug": "regelmaessig-begleiten",
    "name": "Kinder regelmäßig begleiten oder anleiten",
    "explanation": "Vorlesen, Hausaufgaben, Musik, Sport oder Werken mit denselben Kindern, meist jede Woche."
    " Es kann Vertrauen entstehen.",
    "reasons": "Regelmäßige Betreuung oder Anleitung, bei der ein Vertrauensverhältnis entstehen kann.",
    "source": "expydoc 8979693, Anlage 1 eines Jugendamts (ohne Jahr), gelesen 2026",
    "two_adults": True,
    "self_commitment": True,
    "training": "recommended",
    "measles_sites": ["kita", "hort", "kindertagespflege", "schule_ogs", "heim"],
    "answers": {
        "art_trust": 2, "art_power": 1, "art_age_gap": 2, "art_vulnerable": 1, "int_alone": 0, "int_closed": 1,
        "int_bodily": 0, "int_one_child": 0, "dau_regular": 2, "dau_same_children": 2,
    },
}
APART = {
    "slug": "ohne-kontakt",
    "name": "Ohne Kontakt mit Kindern",
    "explanation": "Waren sortieren oder fahren, Buchhaltung, Webseite, Übersetzen für Erwachsene: Kinder sind"
    " nicht dabei.",
    "reasons": "§ 72a SGB VIII gilt nicht, wo kein Kontakt mit Minderjährigen besteht.",
    "source": "§ 72a SGB VIII (Stand 2026)",
    "answers": dict.fromkeys(
        ("art_trust", "art_power", "art_age_gap", "art_vulnerable", "int_alone", "int_closed", "int_bodily",
         "int_one_child", "dau_regular", "dau_same_children"), 0,
    ),
}
SAID_BY_PROVIDER = "Von den Trägern angegeben, bevor das Jugendamt die Tätigkeiten festlegte (November 2026)"
WITHOUT = {
    "slug": "bisher-ohne-zeugnis",
    "name": "Bisher ohne Führungszeugnis, vom Träger so angegeben",
    "explanation": "Nur für Angebote aus der Zeit vor dieser Liste. Bitte prüfen und eine Tätigkeit zuordnen.",
    "reasons": "Übernommen, wie es war; das Jugendamt hat nicht entschieden.",
    "source": SAID_BY_PROVIDER,
}
APART_WITH = {
    "slug": "bisher-ohne-kontakt-mit-zeugnis",
    "name": "Bisher mit Führungszeugnis, obwohl ohne Kontakt mit Kindern",
    "explanation": "Nur für Angebote aus der Zeit vor dieser Liste. Bitte prüfen und eine Tätigkeit zuordnen.",
    "reasons": "Übernommen, wie es war; das Jugendamt hat nicht entschieden.",
    "source": SAID_BY_PROVIDER,
}
# (contact with minors, clearance required) of the task → its activity, and whether others may choose it
FITTING = {
    (True, True): (CARE, True),
    (False, False): (APART, True),
    (True, False): (WITHOUT, False),
    (False, True): (APART_WITH, False),
}


def give_activities(apps, schema_editor):
    Opportunity = apps.get_model("programs", "Opportunity")
    for (contact, clearance), (facts, is_offered) in FITTING.items():
        tasks = Opportunity.objects.filter(
            activity=None, contact_with_minors=contact, clearance_required=clearance
        )
        if tasks.exists():
            tasks.update(activity=_activity(apps, contact, clearance, facts, is_offered))


def _activity(apps, contact, clearance, facts, is_offered):
    Activity, Version = apps.get_model("programs", "Activity"), apps.get_model("programs", "ActivityVersion")
    asked = {"contact_with_minors": contact, "clearance_required": clearance}
    words = {name: value for name, value in facts.items() if name != "slug"}
    activity = Activity.objects.create(slug=facts["slug"], is_offered=is_offered, **asked)
    activity.current = Version.objects.create(
        activity=activity, number=1, status="in_force", status_changed_at=Now(), **asked, **words
    )
    activity.save()
    return activity


IN_STEP = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE programs_opportunity ADD CONSTRAINT opportunity_asks_what_its_activity_asks
    FOREIGN KEY (activity_id, contact_with_minors, clearance_required)
    REFERENCES programs_activity (id, contact_with_minors, clearance_required)
    ON UPDATE CASCADE;
ALTER TABLE programs_activityversion ADD CONSTRAINT activity_released_by_a_second_person
    CHECK (released_by_id IS NULL OR NOT released_by_id = ANY (writers));
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON programs_activityversion
    FOR EACH ROW EXECUTE FUNCTION foundation_follow(
        'programs', 'activityversion', 'id', '', 'except', 'id', 'status', 'status_changed_at', 'writers',
        'released_by_id', 'released_at'
    );
"""
APART_AGAIN = """
DROP TRIGGER history_follow ON programs_activityversion;
ALTER TABLE programs_activityversion DROP CONSTRAINT activity_released_by_a_second_person;
ALTER TABLE programs_opportunity DROP CONSTRAINT opportunity_asks_what_its_activity_asks;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0009_activities"), ("foundation", "0003_history_guard")]

    operations = [
        migrations.RunPython(give_activities, migrations.RunPython.noop),
        migrations.RunSQL(IN_STEP, APART_AGAIN),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(activity__isnull=False)
                | models.Q(contact_with_minors=True, clearance_required=True),
                name="opportunity_without_activity_is_strict",
            ),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(activity__isnull=False) | ~models.Q(status__in=["published", "paused"]),
                name="opportunity_public_has_activity",
            ),
        ),
    ]
