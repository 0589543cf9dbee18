from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workshop.demo.accounts import LOGINS, PASSWORD


class Command(BaseCommand):
    """Prints the demo's logins."""

    help = "Druckt die Anmeldungen der Demo."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Anmeldungen zum Ausprobieren gibt es nur in der Demo (DEMO=1).")
        self.stdout.write(f"Anmelden: {settings.PUBLIC_BASE_URL}/konto/login/ – Passwort: {PASSWORD}")
        for login in LOGINS:
            self.stdout.write(f"  {login.email:<28} {login.name}: {login.description}")
