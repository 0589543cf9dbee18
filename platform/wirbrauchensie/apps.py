from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "wirbrauchensie"
    verbose_name = "WIR BRAUCHEN SIE"

    def ready(self) -> None:
        """Make the Celery app current, so that shared tasks sent from web processes reach our broker."""
        from wirbrauchensie import celery  # noqa: F401
