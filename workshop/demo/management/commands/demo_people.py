from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.clock import utc_now
from programs.models import District
from workshop.demo.accounts import make_accounts
from workshop.demo.crowd import Crowd, tell_crowd


class Command(BaseCommand):
    """Invents people, needs, dates and gifts at any size, many at once."""

    help = "Erfindet Freiwillige, Engagementangebote, Termine und Spenden (klar als Demo zu erkennen)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--volunteers", type=int, default=60, help="wie viele Freiwillige (1 bis 100000)")
        parser.add_argument("--seed", type=int, default=1, help="gleiche Zahl, gleiche Geschichte")

    def handle(self, *, volunteers: int, seed: int, verbosity: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Erfundene Personen haben im Betrieb nichts zu suchen.")
        if not 1 <= volunteers <= 100_000:
            raise CommandError("--volunteers muss zwischen 1 und 100000 liegen.")
        if not District.objects.exists():
            raise CommandError("Zuerst eine Stadt laden: manage.py load_city dueren")
        make_accounts()
        say = self.stdout.write if verbosity else lambda _line: None
        tell_crowd(Crowd(volunteers), seed, now=utc_now(), say=say)
