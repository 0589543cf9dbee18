from typing import Any

from django.core.management.base import BaseCommand

from donations.selectors.ledger import canonical_lines


class Command(BaseCommand):
    """Print the ledger in canonical form."""

    help = "Gibt das Kassenbuch in kanonischer Form aus, damit zwei Stände als Text verglichen werden können."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in canonical_lines():
            self.stdout.write(line)
