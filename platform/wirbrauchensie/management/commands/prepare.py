"""`manage.py prepare`: schema, rights and city; may be run as often as one likes."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from figures.selectors import sheets
from wirbrauchensie import product_role


class Command(BaseCommand):
    """One process for all steps before the start: loading the apps takes longer than the steps.

    In production it fails, and with it the start, where a check finds what must not be missing.
    """

    help = "Bringt Datenbank und Stadt auf den heutigen Stand."

    def handle(self, *, verbosity: int, **options: object) -> None:
        self.announce(_("Datenbank wird eingerichtet …"))
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DATABASE_PRODUCT_ROLE:
            product_role.grant(settings.DATABASE_PRODUCT_ROLE, settings.DATABASE_WORKER_ROLE)
        self.announce(_("Stadt wird geladen …"))
        call_command("load_city", settings.CITY, verbosity=0)
        if not sheets.are_there():
            call_command("count_figures", verbosity=0, stdout=StringIO())
        if settings.PRODUCTION:
            call_command("check", deploy=True, databases=["default"])

    def announce(self, step: str) -> None:
        """Say at once what is going on; the first time each step may take a while."""
        self.stdout.write(step)
        self.stdout.flush()
