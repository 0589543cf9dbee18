import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from donations.services.books.reconciliation import reconcile
from foundation.clock import utc_now


class Command(BaseCommand):
    """Compare Stripe, bank and rows with the books and print what differs."""

    help = "Vergleicht Stripe, Bank und Zeilen mit den Büchern und gibt die Unterschiede als JSON aus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="nur dieser Tag, JJJJ-MM-TT")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = reconcile(utc_now(), day=options["day"])
        self.stdout.write(json.dumps({"differences": differences}))
        if differences:
            sys.exit(1)
