"""`manage.py count_figures`: what each night does, now."""

from typing import Any

from django.core.management.base import BaseCommand

from figures.services.counting import FactsDiffered
from figures.tasks import COUNT
from foundation import sweeps
from foundation.clock import utc_now


class Command(BaseCommand):
    """Makes every fact what its row tells and all figures anew; what was published is carried on."""

    help = "Zählt bis gestern Abend; sonst geschieht das jede Nacht."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = sweeps.run(COUNT, utc_now())
        except FactsDiffered as differed:
            self.stdout.write(f"berichtigt und gezählt: {differed}")
        else:
            self.stdout.write("läuft gerade" if facts is None else f"{facts}")
