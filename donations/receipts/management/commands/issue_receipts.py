import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donations.receipts.services.yearly import issue_year
from foundation.clock import local_day, utc_now


class Command(BaseCommand):
    """Issue the receipts of a year, to everybody who wishes one and has none; any number of times."""

    help = "Stellt die Zuwendungsbestätigungen eines Jahres aus und gibt als JSON aus, was geschah."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="Jahr der Spenden, zum Beispiel 2026")

    def handle(self, *args: Any, year: int, **options: Any) -> None:
        now = utc_now()
        if year > local_day(now).year:
            raise CommandError("Dieses Jahr hat noch nicht begonnen.")
        outcome = issue_year(year, now)
        self.stdout.write(json.dumps({"year": year, "issued": outcome.issued, "left": dict(outcome.left)}))
