"""What an act would write, to whoever looks, is told and taken back."""

import pytest

from outbox.models import Message
from outbox.services.rehearsal import rehearse
from tests.outbox.conftest import Put

pytestmark = pytest.mark.django_db


def test_what_would_be_written_is_told_in_its_order_and_nothing_of_it_stays(put: Put) -> None:
    put(1)

    def act() -> str:
        for number in (3, 2, 4):
            put(number, to_email="" if number == 4 else "Maria@example.org")
        put(5, to_email="other@example.org")
        return "done"

    result, written = rehearse(act, ["maria@EXAMPLE.org", "a4@example.org", "a1@example.org"])
    assert result == "done"
    assert [mail.key for mail in written] == ["test:3", "test:2", "test:4"]
    assert list(Message.objects.values_list("key", flat=True)) == ["test:1"]


def test_an_act_that_fails_leaves_nothing_either(put: Put) -> None:
    def act() -> None:
        put(1)
        raise LookupError

    with pytest.raises(LookupError):
        rehearse(act, ["a1@example.org"])
    assert not Message.objects.exists()
