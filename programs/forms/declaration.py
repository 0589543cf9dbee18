"""The next version of a text that people sign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Declaration


class DeclarationForm(forms.ModelForm):
    """Its words, and where they come from."""

    class Meta:
        model = Declaration
        fields = ("text", "source")
        help_texts = {"text": _("Leere Zeilen trennen Absätze, Zeilen mit „- “ werden eine Liste.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 16})}
