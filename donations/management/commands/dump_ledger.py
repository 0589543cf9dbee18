from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from donations.selectors.ledger import balance_lines, canonical_lines


class Command(BaseCommand):
    """Print the ledger in canonical form, or what stands on each account."""

    help = "Gibt das Kassenbuch in kanonischer Form aus, damit zwei Stände als Text verglichen werden können."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--balances", action="store_true", help="nur der Stand jedes Kontos")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in balance_lines() if options["balances"] else canonical_lines():
            self.stdout.write(line)
