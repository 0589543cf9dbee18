import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donations.domain.statements import StatementRefused
from donations.services.bank.rows import ForeignAccount
from donations.services.bank.statements import IncompleteStatement, import_statement
from foundation.clock import utc_now
from programs.models import Provider


class Command(BaseCommand):
    """Take over a bank statement, for instance from a folder into which a banking program writes."""

    help = "Liest einen Kontoauszug ein und bucht jede Kontobewegung einmal; wiederholen schadet nicht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", help="Kurzname (slug) des Anbieters, dem das Konto gehört")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        provider = Provider.objects.filter(slug=options["provider"]).first()
        if provider is None:
            raise CommandError(f"Es gibt keinen Anbieter {options['provider']!r}.")
        try:
            done = import_statement(provider, options["file"], imported_by=None, now=utc_now())
        except (StatementRefused, ForeignAccount, IncompleteStatement, OSError) as refusal:
            self.stdout.write(json.dumps({"error": f"{type(refusal).__name__}: {refusal}"}))
            sys.exit(1)
        counted = {"lines": done.lines, "new": done.new_lines, "merged": done.merged_lines}
        self.stdout.write(json.dumps({**counted, "flags": done.flags}))
