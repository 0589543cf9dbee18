from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Konten"

    def ready(self) -> None:
        from accounts import new_proofs, sessions, watch

        sessions.connect()
        watch.connect()
        new_proofs.connect()
