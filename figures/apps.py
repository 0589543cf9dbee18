from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class FiguresConfig(AppConfig):
    name = "figures"
    verbose_name = gettext_lazy("Zahlen")
