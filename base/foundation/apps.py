from django.apps import AppConfig
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext, gettext_lazy

from foundation.choices import translate_with

# Before the first model is read: its fields take the names of the words.
translate_with(now=gettext, later=gettext_lazy)


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = gettext_lazy("Grundlagen")

    def ready(self) -> None:
        """Say what is no address as we speak to people; rest_framework's German says "Gib …"."""
        EmailValidator.message = gettext_lazy("Bitte geben Sie eine gültige E-Mail-Adresse an.")
        URLValidator.message = gettext_lazy("Bitte geben Sie eine gültige Internetadresse an.")
