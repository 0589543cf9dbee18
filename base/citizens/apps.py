from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CitizensConfig(AppConfig):
    name = "citizens"
    verbose_name = gettext_lazy("Postfächer")
