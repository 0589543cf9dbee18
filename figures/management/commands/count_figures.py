"""`manage.py count_figures`: what each night does, now."""

from typing import Any

from django.core.management.base import BaseCommand

from figures.tasks import COUNT
from foundation import sweeps
from foundation.clock import utc_now


class Command(BaseCommand):
    """Derives all figures anew; what was published stays as it was and is carried on."""

    help = "Zählt bis gestern Abend; sonst geschieht das jede Nacht."

    def handle(self, *args: Any, **options: Any) -> None:
        facts = sweeps.run(COUNT, utc_now())
        self.stdout.write("läuft gerade" if facts is None else f"{facts}")
