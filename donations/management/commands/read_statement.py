import json
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand

from donations.domain.statements import Flag, Item, StatementEntry, StatementRefused
from donations.gateways.statements.reading import read_statement

_COPIED_AT_ONCE = 1 << 16


class Command(BaseCommand):
    """Read a bank statement without booking it and print its entries as JSON."""

    help = "Liest einen Kontoauszug (camt.053 oder MT940, auch gezippt), ohne zu buchen, und gibt JSON aus."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """A file refused at its last line prints nothing of the others: all wait in a temporary file."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
            try:
                _write(read_statement(options["file"]), printed)
            except (StatementRefused, OSError) as error:
                self.stdout.write(json.dumps({"error": str(error)}))
                sys.exit(1)
            printed.seek(0)
            while piece := printed.read(_COPIED_AT_ONCE):
                self.stdout.write(piece, ending="")
        self.stdout.write("")


def _write(items: Iterator[Item], out: IO[str]) -> None:
    """Write entries one by one, whatever their number, then the flags, each once."""
    flags: dict[str, None] = {}
    separator = '{"entries": ['
    for item in items:
        if isinstance(item, Flag):
            flags[item.text] = None
        elif isinstance(item, StatementEntry):
            out.write(separator + json.dumps(_facts(item)))
            separator = ", "
    if separator != ", ":
        out.write(separator)
    out.write(f'], "flags": {json.dumps(list(flags))}}}')


def _facts(entry: StatementEntry) -> dict[str, str]:
    return {
        "amount": str(entry.amount),
        "currency": entry.currency,
        "booking_date": entry.booking_date.isoformat(),
        "status": entry.status,
        "counterparty_name": entry.counterparty_name,
        "remittance": entry.remittance,
        "end_to_end_id": entry.end_to_end_id,
        "return_reason": entry.return_reason,
    }
