from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from foundation import outgoing


class PlatformConfig(AppConfig):
    name = "wirbrauchensie"
    verbose_name = "WIR BRAUCHEN SIE"

    def ready(self) -> None:
        """Make the Celery app current, register sweeps and checks, open the doors of free texts.

        In production the process can connect from here on only to those whom its settings name.
        """
        from wirbrauchensie import checks  # noqa: F401
        from wirbrauchensie.celery import schedule_sweeps
        from wirbrauchensie.free_texts import open_doors

        autodiscover_modules("tasks")
        schedule_sweeps()
        open_doors()
        if settings.PRODUCTION:
            outgoing.confine(settings.OUTGOING_PLACES)
