from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = gettext_lazy("Konten")

    def ready(self) -> None:
        from accounts import new_proofs, sessions, watch

        sessions.connect()
        watch.connect()
        new_proofs.connect()
