from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "Geld geben"

    def ready(self) -> None:
        """Take part in "Meine Seite"."""
        from donations import receivers  # noqa: F401
