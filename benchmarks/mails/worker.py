"""Start Celery with the tasks of the baseline: `celery --app benchmarks.mails.worker worker`."""

import django

django.setup()

from benchmarks.mails.one_task import app  # noqa: E402

__all__ = ["app"]
