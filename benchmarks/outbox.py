"""Measure how fast a run of reminders leaves, against one task per mail, and what a second worker brings.

    ./dev bench outbox --mails 500 --repeat 3 --round-trip-ms 5

Real workers, broker, database and SMTP; the mail server takes everything, a round trip away. Times are wall
time from the call of the workers until every mail is recorded as sent. The baseline is what a Django project
does first: a task per mail that connects, sends by Django's own backend and leaves. Runs are interleaved
baseline, outbox, baseline; a ratio compares a run with the two around it, the median is reported. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.common.place import fresh_database
from benchmarks.mails.server import mail_server
from volunteers.wording.mails import SHIFT_REMINDER
from workshop.runner.place import ROOT
from workshop.runner.processes import die_with

SECONDS_AT_MOST = 120
PRODUCT, BASELINE = "wirbrauchensie", "baseline"
PRODUCT_QUEUE, BASELINE_QUEUE = "benchmark-outbox", "benchmark-one-task-per-mail"  # nobody else calls there
WORKER = {
    PRODUCT: ["--app", "wirbrauchensie", "worker", "--queues", PRODUCT_QUEUE],
    BASELINE: ["--app", "benchmarks.mails.worker", "worker", "--queues", BASELINE_QUEUE],
}


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        port = stack.enter_context(mail_server(options.round_trip_ms / 1000))
        os.environ.pop("EMAIL_FILE_PATH", None)
        stack.enter_context(fresh_database(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port)))
        with _workers(BASELINE), _workers(PRODUCT):
            _timed(20, _one_task_each)
            _timed(20, _nudge)
            report = _interleaved(options.mails, options.repeat)
        with _workers(PRODUCT, PRODUCT):
            _timed(20, _nudge_twice)
            two = median(_timed(options.mails, _nudge_twice) for _turn in range(options.repeat))
    report["two_workers_seconds"] = round(two, 4)
    report["second_worker_gain"] = round(report["seconds"] / two, 3)
    print(json.dumps({"mails": options.mails, "round_trip_ms": options.round_trip_ms, **report}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the outbox against one task per mail.")
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--round-trip-ms", type=float, default=5.0, help="how far the mail server is away")
    return parser.parse_args()


@contextmanager
def _workers(*kinds: str) -> Iterator[None]:
    """Run one worker process for each kind, until the block ends."""
    with ExitStack() as stack:
        logs = [stack.enter_context(_worker(kind, number)) for number, kind in enumerate(kinds)]
        while not all("ready." in log.read_text(errors="replace") for log in logs):
            time.sleep(0.1)
        yield


@contextmanager
def _worker(kind: str, number: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        name = f"{kind}-{number}@%h"
        command = [sys.executable, "-m", "celery", *WORKER[kind], "--purge", "--hostname", name]
        options = [
            "--concurrency",
            "1",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            "--purge",
        ]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [*command, *options],
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid(), signal.SIGTERM),
            )
        try:
            yield log
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _interleaved(mails: int, repeat: int) -> dict[str, float]:
    before = _timed(mails, _one_task_each)
    seconds, baseline_seconds, ratios = [], [before], []
    for turn in range(repeat):
        took = _timed(mails, _nudge)
        after = _timed(mails, _one_task_each)
        seconds.append(took)
        baseline_seconds.append(after)
        ratios.append((before + after) / (2 * took))
        before = after
        print(f"{turn + 1}/{repeat}: outbox {took:.3f} s, one task per mail {after:.3f} s")
    return {
        "seconds": round(median(seconds), 4),
        "baseline_seconds": round(median(baseline_seconds), 4),
        "mails_per_second": round(mails / median(seconds), 1),
        "ratio": round(median(ratios), 3),
    }


def _timed(mails: int, call_workers: Callable[[list[int]], None]) -> float:
    """Return the seconds from the call until the last of `mails` is recorded."""
    from outbox.models import Message

    ids = _queue(mails)
    begun = time.perf_counter()
    call_workers(ids)
    while Message.objects.exclude(status=Message.Status.SENT).exists():
        if time.perf_counter() > begun + SECONDS_AT_MOST:
            raise SystemExit("The mails did not leave.")
        time.sleep(0.02)
    took = time.perf_counter() - begun
    if Message.objects.filter(claimed_by="").exists() != (call_workers is _one_task_each):
        raise SystemExit("Others have sent mails of this run.")
    Message.objects.all().delete()
    return took


def _queue(mails: int) -> list[int]:
    from foundation.clock import utc_now
    from outbox.models import Message

    now = utc_now()
    text = "Guten Tag,\n\nmorgen um 15 Uhr beginnt Ihr erster Termin.\n" * 20
    rows = Message.objects.bulk_create(
        Message(
            key=f"bench:{number}",
            template=SHIFT_REMINDER.template,
            to_email=f"person-{number}@example.org",
            subject="Morgen ist Ihr erster Termin",
            body_text=text,
            body_html=f"<p>{text}</p>",
            queued_at=now,
            due_at=now,
        )
        for number in range(mails)
    )
    return [row.pk for row in rows]


def _nudge(_ids: list[int]) -> None:
    """Call one worker. A real nudge may get lost, and here no schedule makes up for it."""
    from foundation.sweeps import run_sweep
    from outbox.services.queue import SEND_DUE

    run_sweep.apply_async(kwargs={"name": SEND_DUE}, queue=PRODUCT_QUEUE)


def _nudge_twice(ids: list[int]) -> None:
    _nudge(ids)
    _nudge(ids)


def _one_task_each(ids: list[int]) -> None:
    from benchmarks.mails.one_task import send_one

    for each in ids:
        send_one.apply_async(kwargs={"message_id": each}, queue=BASELINE_QUEUE)


if __name__ == "__main__":
    main()
