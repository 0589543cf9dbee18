"""Who has no protection concept or no contact for it is not verified, whoever writes the row (§ 79a SGB VIII).

Who was verified without them is not any more: the youth office verifies anew once both are there, and questions that
are open are taken back by the next sweep.
"""

from django.db import migrations, models

CLOSE = """
UPDATE programs_provider SET is_verified = false
WHERE is_verified AND (protection_concept_on IS NULL OR safeguarding_contact = '')
"""


# Nobody is verified with words that no second person has read (0022 has the function).
READ = """
CREATE TRIGGER verified_is_released BEFORE UPDATE ON programs_provider
    FOR EACH ROW WHEN (NEW.is_verified AND NOT OLD.is_verified)
    EXECUTE FUNCTION programs_shown_is_released('provider');
"""
UNREAD = "DROP TRIGGER verified_is_released ON programs_provider"


class Migration(migrations.Migration):
    dependencies = [("programs", "0032_reviews_of_concepts")]

    operations = [
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
        migrations.RunSQL(READ, UNREAD),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_verified", False),
                    models.Q(
                        ("protection_concept_on__isnull", False),
                        models.Q(("safeguarding_contact", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="provider_verified_protects_children",
                violation_error_message=(
                    "Geprüft ist nur, wer ein Schutzkonzept und eine Ansprechperson für Kinderschutz hat."
                ),
            ),
        ),
    ]
