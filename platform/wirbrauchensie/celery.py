"""The Celery app: tasks of every app, and beat's static schedule made of the registered sweeps."""

import os

from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wirbrauchensie.settings")

app = Celery("wirbrauchensie")
app.config_from_object("django.conf:settings", namespace="CELERY")


def schedule_sweeps() -> None:
    """Let beat send each sweep in its rhythm; a tick that waited longer than a minute is dropped."""
    from foundation.sweeps import all_sweeps, run_sweep  # needs the apps

    app.conf.beat_schedule = {
        each.name: {
            "task": run_sweep.name,
            "schedule": each.when,
            "kwargs": {"name": each.name},
            "options": {"expires": 60},
        }
        for each in all_sweeps()
    }


@beat_init.connect
@worker_ready.connect
def beat_once(**_kwargs: object) -> None:
    """Prove the whole chain at start, not only after the first interval."""
    from foundation.sweeps import nudge_now

    nudge_now("foundation.heartbeat")
