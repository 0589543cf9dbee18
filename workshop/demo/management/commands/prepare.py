"""`manage.py prepare` of a checkout: what the product does and, in the demo, its people."""

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from wirbrauchensie.management.commands import prepare


class Command(prepare.Command):
    """Goes before the product's command, because the demo is the first app."""

    help = "Bringt Datenbank, Stadt und in der Demo die erfundenen Menschen auf den heutigen Stand."

    def handle(self, *, verbosity: int, **options: object) -> None:
        super().handle(verbosity=verbosity, **options)
        if settings.DEMO:
            self.announce(_("Erfundene Menschen der Demo werden angelegt, falls noch niemand da ist …"))
            call_command("demo_seed", if_empty=True, verbosity=0)
            self.stdout.write("")
            call_command("demo_logins", stdout=self.stdout)
