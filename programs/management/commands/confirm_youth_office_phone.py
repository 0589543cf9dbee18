"""`manage.py confirm_youth_office_phone "01234 56-0"`: the number was tried and is right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.clock import local_day, utc_now
from programs.services.city import confirm_youth_office_phone


class Command(BaseCommand):
    help = "Trägt die Telefonnummer des Jugendamts ein, die jemand angerufen und bestätigt hat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="die Nummer des Amts, keine private, zum Beispiel »01234 56-0«")

    def handle(self, *, number: str, **options: Any) -> None:
        today = local_day(utc_now())
        if not confirm_youth_office_phone(number, today=today):
            raise CommandError(
                _("Das ist keine Telefonnummer mit Vorwahl, oder es ist noch keine Stadt geladen.")
            )
        self.stdout.write(_("Bestätigt: %(number)s") % {"number": number.strip()})
