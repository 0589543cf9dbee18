"""`manage.py load_city dueren`: bring a city's data in, or up to date."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.actors import system
from foundation.clock import utc_now
from foundation.history import acting
from programs.gateways.city_files import DATA_ROOT, CityDataError, read_city
from programs.services.loading import load_city


class Command(BaseCommand):
    help = "Lädt Stadtteile, Träger, Angebote und Spendenzwecke einer Stadt; Änderungen von Hand bleiben."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", help="Name des Ordners, zum Beispiel musterstadt")
        parser.add_argument("--root", type=Path, default=DATA_ROOT, help="Ordner, in dem die Städte liegen")
        parser.add_argument(
            "--demo-values",
            action=BooleanOptionalAction,
            default=settings.DEMO,
            help="Beispielziele und Testkonten laden (Voreinstellung: nur im Demobetrieb)",
        )

    def handle(self, *, city: str, root: Path, demo_values: bool, verbosity: int, **options: Any) -> None:
        if demo_values and settings.PRODUCTION:
            raise CommandError(_("Im Echtbetrieb werden keine Beispielwerte geladen."))
        try:
            with acting(system("load_city")):
                folder = read_city(city, with_demo_values=demo_values, root=root)
                tallies = load_city(folder, now=utc_now())
        except CityDataError as error:
            raise CommandError(str(error)) from error
        if verbosity < 1:
            return
        for each in tallies:
            self.stdout.write(
                _(
                    "%(noun)s: %(created)d neu, %(updated)d geändert, %(unchanged)d unverändert, "
                    "%(kept)d Felder von Hand geändert und behalten, %(gone)d nicht mehr in den Daten"
                )
                % vars(each)
            )
