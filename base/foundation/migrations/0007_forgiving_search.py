"""How texts are compared in lists: without capitals and marks, ß as ss, and ae, oe, ue as a, o, u.

Letters with marks are taken apart first, so that it does not depend on the locale of the database.
"""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION search_folded(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(
    translate(
        lower(regexp_replace(normalize(typed, NFD), '[\u0300-\u036f]', '', 'g')),
        'ıøØłŁđĐðþæÆœŒẞ', 'ioolldddpaaooß'
    ),
    'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_history_is_searched")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION search_folded(text)")]
