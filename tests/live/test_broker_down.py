"""The broker is down while somebody pledges."""

import subprocess
import sys

import pytest

from outbox.models import Message
from tests.processes import ROOT, environment

QUEUE_ONE = """
import django; django.setup()
from outbox.services.queue import queue
from foundation.clock import utc_now
context = {"topic": "Frage", "text": "Text", "reply_to": ""}
to = "a@example.org"
print(queue(key="down:1", template="contact_message", to_email=to, context=context, now=utc_now()))
"""


@pytest.mark.live
@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_is_no_concern_of_the_citizen() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", QUEUE_ONE],
        cwd=ROOT,
        env=environment(REDIS_URL="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="wirbrauchensie.settings"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.strip().endswith("True")
    assert "nudge_lost" in answer.stderr
    assert Message.objects.get(key="down:1").status == "queued"
