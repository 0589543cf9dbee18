"""`manage.py renew_secrets`: what is encrypted under an old key is encrypted under the new one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services import second_factors
from programs.services import webhooks


class Command(BaseCommand):
    """Afterwards the old key is needed by nothing, and may be dropped; unless something stays unreadable."""

    help = (
        "Verschlüsselt zweite Faktoren und Geheimnisse der Meldungen mit dem ersten der SECOND_FACTOR_KEYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        factors, lost_factors = second_factors.renew_secrets()
        hooks, lost_hooks = webhooks.renew_secrets()
        self.stdout.write(f"Zweite Faktoren: {factors}\nMeldungen an Programme: {hooks}")
        if lost_factors or lost_hooks:
            raise CommandError(
                f"Mit keinem Schlüssel lesbar – zweite Faktoren: {lost_factors},"
                f" Meldungen an Programme: {lost_hooks}"
            )
