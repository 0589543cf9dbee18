from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Konten"

    def ready(self) -> None:
        from accounts import sessions, watch

        sessions.connect()
        watch.connect()
