from datetime import datetime

import pytest

from foundation.rows import change
from programs.models import Provider
from tests.factories import make_provider


@pytest.mark.django_db
def test_only_what_is_changed_is_written(now: datetime) -> None:
    row = make_provider("Tafel")
    Provider.objects.filter(pk=row.pk).update(note="meanwhile", name="Meanwhile")
    change(row, name="Tafel e. V.", kind="club")
    assert (row.name, row.kind) == ("Tafel e. V.", "club")
    row.refresh_from_db()
    assert (row.name, row.kind, row.note) == ("Tafel e. V.", "club", "meanwhile")
