from django.apps import AppConfig
from django.utils.translation import gettext, gettext_lazy

from foundation.choices import translate_with

# Before the first model is read: its fields take the names of the words.
translate_with(now=gettext, later=gettext_lazy)


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Grundlagen"
