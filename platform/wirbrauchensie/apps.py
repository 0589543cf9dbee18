from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlatformConfig(AppConfig):
    name = "wirbrauchensie"
    verbose_name = "WIR BRAUCHEN SIE"

    def ready(self) -> None:
        """Make the Celery app current, register sweeps and checks, open the doors of free texts."""
        from wirbrauchensie import checks  # noqa: F401
        from wirbrauchensie.celery import schedule_sweeps
        from wirbrauchensie.free_texts import open_doors

        autodiscover_modules("tasks")
        schedule_sweeps()
        open_doors()
