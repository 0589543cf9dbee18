"""`manage.py sweep NAME [--at MOMENT]`: one sweep, now or as if it were another moment."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation import sweeps
from foundation.clock import LOCAL_ZONE, utc_now


class Command(BaseCommand):
    """Whoever tries the product out does not wait for the night; in production only beat runs them."""

    help = "Führt einen wiederkehrenden Auftrag einmal aus, auf Wunsch so, als wäre es ein anderer Zeitpunkt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="Name des Auftrags, etwa outbox.send_due")
        parser.add_argument(
            "--at", metavar="2027-01-05T12:00", help="Zeitpunkt; ohne Zeitzone gilt die Ortszeit"
        )

    def handle(self, *args: Any, name: str, at: str | None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Im Betrieb laufen die Aufträge nur nach Plan.\nRefused in production mode.")
        names = [each.name for each in sweeps.all_sweeps()]
        if name not in names:
            known = "\n".join(f"  {each}" for each in names)
            raise CommandError(f"Einen Auftrag {name!r} gibt es nicht. Es gibt (known sweeps):\n{known}")
        handled = sweeps.run(name, moment(at) if at else utc_now())
        if handled is None:
            raise CommandError(f"{name} läuft gerade.\n{name} is running already.")
        self.stdout.write(f"{name}: {handled}")


def moment(text: str) -> datetime:
    """Return the aware UTC moment written in ISO 8601; without an offset it is wall-clock time in Düren.

    Raises CommandError for what is no moment, and for the hour that the clock skips in spring.
    """
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} ist kein Zeitpunkt wie 2027-01-05T12:00.") from None
    if written.tzinfo:
        return written.astimezone(UTC)
    found = written.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)
    if found.astimezone(LOCAL_ZONE).replace(tzinfo=None) != written:
        raise CommandError(f"{text} gibt es hier nicht: Die Uhr wird in dieser Nacht vorgestellt.")
    return found
