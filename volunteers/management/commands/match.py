"""`manage.py match`: match now and tell what was found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.clock import utc_now
from volunteers.models import Offer
from volunteers.services.match_plan import match_plan
from volunteers.services.match_report import report_lines
from volunteers.services.match_runs import run_matching


class Command(BaseCommand):
    """Matches everybody who waits with every free place and sends the questions; says what it did."""

    help = "Gleicht Zusagen und Angebote ab und verschickt die Anfragen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="nur berichten, nichts speichern, nichts senden"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = utc_now()
        if dry_run:
            self.stdout.write("Probelauf: nichts wird gespeichert, nichts wird gesendet.")
            self._tell(match_plan(now))
            return
        run = run_matching(now, tell=self._tell)
        if run is None:
            self.stdout.write("Ein anderer Abgleich läuft gerade.")
            return
        sent = Offer.objects.filter(run=run, status=Offer.Status.SENT).count()
        self.stdout.write(f"Gesendete Anfragen: {sent}")

    def _tell(self, plan: Any) -> None:
        for line in report_lines(plan):
            self.stdout.write(line)
