from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from volunteers.models import Volunteer
from workshop.demo.accounts import make_accounts

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
        call_command("demo_people", volunteers=VOLUNTEERS, seed=1, verbosity=verbosity)
