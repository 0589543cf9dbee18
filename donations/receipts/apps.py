from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ReceiptsConfig(AppConfig):
    name = "donations.receipts"
    label = "receipts"
    verbose_name = gettext_lazy("Zuwendungsbestätigungen")

    def ready(self) -> None:
        """Take part in "Meine Seite", and say for which purposes receipts are issued."""
        from donations.receipts import receivers  # noqa: F401
