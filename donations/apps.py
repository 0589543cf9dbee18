from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = gettext_lazy("Geld geben")

    def ready(self) -> None:
        """Take part in "Meine Seite"."""
        from donations import receivers  # noqa: F401
