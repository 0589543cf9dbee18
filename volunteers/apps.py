from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "Zeit schenken"

    def ready(self) -> None:
        """Listen to what bears on matching."""
        from volunteers import receivers  # noqa: F401
