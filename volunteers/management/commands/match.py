"""`manage.py match`: match now and tell what was found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from foundation.clock import utc_now
from volunteers.models import Offer
from volunteers.services import match_replay
from volunteers.services.match_plan import match_plan
from volunteers.services.match_report import report_lines
from volunteers.services.match_runs import run_matching


class Command(BaseCommand):
    """Matches everybody who waits with every free place and sends the questions; says what it did."""

    help = "Gleicht Zusagen und Angebote ab und verschickt die Anfragen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--dry-run", action="store_true", help="nur berichten, nichts senden")
        way.add_argument(
            "--replay",
            type=int,
            metavar="RUN",
            help="einen früheren Abgleich wiederholen",
        )

    def handle(self, *args: Any, dry_run: bool, replay: int | None, **options: Any) -> None:
        if replay is not None:
            self._repeat(replay)
            return
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

    def _repeat(self, run_id: int) -> None:
        """Say that the stored inputs give the stored answer; raise CommandError (exit 1) if they do not."""
        found = match_replay.replay(run_id)
        if found is None:
            raise CommandError(f"Zu einem Abgleich {run_id} sind keine Eingaben (mehr) gespeichert.")
        self.stdout.write(f"Abgleich {run_id} vom {localtime(found.run.started_at):%d.%m.%Y %H:%M}")
        self.stdout.write(f"Prüfsumme der Eingaben: {found.run.inputs_hash}")
        if not found.is_readable:
            raise CommandError("Die Eingaben stammen aus einer anderen Version oder sind beschädigt.")
        if not found.is_same:
            raise CommandError(f"Die Antwort ist eine andere: {', '.join(found.differences)}")
        self.stdout.write(f"Vorschläge: {found.run.proposed}. Dieselbe Antwort, Bit für Bit.")

    def _tell(self, plan: Any) -> None:
        for line in report_lines(plan):
            self.stdout.write(line)
