from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlatformConfig(AppConfig):
    name = "wirbrauchensie"
    verbose_name = "WIR BRAUCHEN SIE"

    def ready(self) -> None:
        """Make the Celery app current, register every sweep, in web processes too, and every check."""
        from wirbrauchensie import checks  # noqa: F401
        from wirbrauchensie.celery import schedule_sweeps

        autodiscover_modules("tasks")
        schedule_sweeps()
