from django.db import migrations

TELLING = """
CREATE FUNCTION programs_places_tell() RETURNS trigger AS $$
DECLARE
    task record;
BEGIN
    SELECT id, provider_id, status INTO task FROM programs_opportunity
    WHERE id = (CASE TG_OP WHEN 'DELETE' THEN OLD.opportunity_id ELSE NEW.opportunity_id END)
        AND status <> 'draft';
    IF FOUND THEN
        PERFORM programs_tell_webhooks(
            task.provider_id, 'task.changed', task.id, jsonb_build_object('id', task.id, 'status', task.status)
        );
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER programs_places_tell
AFTER UPDATE OF places, minimum_age, skills, languages, name ON programs_role FOR EACH ROW
WHEN (
    (OLD.places, OLD.minimum_age, OLD.skills, OLD.languages, OLD.name)
    IS DISTINCT FROM (NEW.places, NEW.minimum_age, NEW.skills, NEW.languages, NEW.name)
)
EXECUTE FUNCTION programs_places_tell();

CREATE TRIGGER programs_lost_places_tell
AFTER DELETE ON programs_role FOR EACH ROW EXECUTE FUNCTION programs_places_tell();
"""
SILENT = """
DROP TRIGGER programs_lost_places_tell ON programs_role;
DROP TRIGGER programs_places_tell ON programs_role;
DROP FUNCTION programs_places_tell();
"""


class Migration(migrations.Migration):
    """What a task asks for stands in its roles; how many places are taken is told to nobody."""

    dependencies = [("programs", "0036_expiry_of_tasks")]

    operations = [migrations.RunSQL(TELLING, SILENT)]
