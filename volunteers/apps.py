from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = gettext_lazy("Zeit schenken")

    def ready(self) -> None:
        """Listen to what bears on matching."""
        from volunteers import receivers  # noqa: F401
