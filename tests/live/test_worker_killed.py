"""The worker dies by SIGKILL while mails go out."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.utils import timezone

from foundation.sweeps import run_sweep
from outbox.models import Message
from outbox.services.queue import SEND_DUE
from outbox.services.sending import LOST_AFTER, give_up_on_lost
from tests.processes import WORKER, environment, kill_group, process, wait_until

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

MAILS = 900
KILLS = 4


def queue_mails() -> None:
    moment = timezone.now()
    Message.objects.bulk_create(
        Message(
            key=f"kill:{number}",
            template="test",
            to_email=f"mail{number}@example.org",
            subject=f"Nummer {number}",
            body_text="Text",
            body_html="<p>Text</p>",
            queued_at=moment,
            due_at=moment,
        )
        for number in range(MAILS)
    )


def written(folder: Path) -> Counter[str]:
    """How often each mail was written, by its number."""
    numbers = (re.search(r"^Subject: Nummer (\d+)", path.read_text(), re.M) for path in folder.glob("*.eml"))
    return Counter(number[1] for number in numbers if number)


def test_each_mail_leaves_at_most_once_and_only_the_one_in_flight_needs_a_human(tmp_path: Path) -> None:
    folder, log = tmp_path / "mails", tmp_path / "worker.log"
    folder.mkdir()
    env = environment(EMAIL_FILE_PATH=str(folder), CELERY_SKIP_CHECKS="1")
    queue_mails()
    current_app.control.purge()

    for kill in range(1, KILLS + 1):
        with process(WORKER, env, log) as worker:
            run_sweep.delay(name=SEND_DUE)
            least = kill * MAILS // (KILLS + 2)
            wait_until(
                lambda least=least: len(list(folder.glob("*.eml"))) >= least,
                what=f"{least} mails",
                log=log,
            )
            kill_group(worker)
    assert Message.objects.exclude(status="sent").exists(), "the worker was never killed in the middle"

    with process(WORKER, env, log):
        run_sweep.delay(name=SEND_DUE)
        wait_until(
            lambda: not Message.objects.filter(status__in=["queued", "failed"]).exists(),
            what="an empty queue",
            log=log,
        )
        wait_until(
            lambda: Message.objects.filter(status="sending").count() <= KILLS,
            what="the last mail",
            log=log,
        )
    give_up_on_lost(timezone.now() + LOST_AFTER + timedelta(seconds=1))

    count = written(folder)
    states = Counter(Message.objects.values_list("status", flat=True))
    assert max(count.values()) == 1
    assert states["sent"] + states["unknown"] == MAILS
    assert states["unknown"] <= KILLS
    sent = {
        key.removeprefix("kill:")
        for key in Message.objects.filter(status="sent").values_list("key", flat=True)
    }
    assert sent <= set(count)
