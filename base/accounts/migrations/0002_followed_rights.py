"""The database writes down who was given or lost a right; names, addresses and passwords are not followed."""

from django.db import migrations

FOLLOW = """
CREATE TRIGGER history_follow AFTER INSERT OR UPDATE OR DELETE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION foundation_follow(
        'accounts', 'user', 'id', '', 'only', 'is_active', 'is_staff', 'is_superuser');
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("foundation", "0003_history_guard")]

    operations = [migrations.RunSQL(FOLLOW, "DROP TRIGGER history_follow ON accounts_user;")]
