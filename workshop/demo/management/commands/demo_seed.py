from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.clock import utc_now
from programs.models import District
from volunteers.models import Volunteer
from workshop.demo.accounts import make_accounts
from workshop.demo.story import Size, tell

VOLUNTEERS = 60


class Command(BaseCommand):
    """Fills a new demo; one that holds people already keeps them."""

    help = "Füllt die Demo mit Anmeldungen, erfundenen Personen, Terminen und Spenden."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="nichts tun, wenn schon jemand da ist")

    def handle(self, *, if_empty: bool, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Das geht nur in der Demo (DEMO=1).")
        make_accounts()
        if if_empty and Volunteer.objects.exists():
            return
        if not District.objects.exists():
            raise CommandError("Zuerst eine Stadt laden: manage.py load_city dueren")
        say = self.stdout.write if verbosity else lambda _line: None
        tell(Size(VOLUNTEERS), 1, now=utc_now(), say=say)
