"""Reading and releasing another person's text."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.domain.screening import Finding


class ReleaseForm(forms.Form):
    """Confirms that the text was read and that no word found in it names anybody, word by word."""

    text_read = forms.CharField(widget=forms.HiddenInput, max_length=32)
    hints_read = forms.MultipleChoiceField(
        label=_("An diesen Stellen ist kein Kind und keine Familie zu erkennen:"),
        help_text=_("Bitte beantworten Sie jede einzeln; im Text sind sie hervorgehoben."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, findings: Iterable[Finding], **options: Any) -> None:
        super().__init__(data, **options)
        words = {finding.excerpt: finding for finding in findings}
        self._asked = set(words)
        field = self.fields["hints_read"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(excerpt, f"„{excerpt}“ ({finding.label})") for excerpt, finding in words.items()]
        if not words:
            del self.fields["hints_read"]

    @property
    def every_hint_was_read(self) -> bool:
        """True if each place was answered."""
        return set(self.cleaned_data.get("hints_read", ())) == self._asked


class OneOfSeveralForm(ReleaseForm):
    """A text among several on a page: it is released only if it is ticked."""

    is_read = forms.BooleanField(required=False)
    field_order = ("text_read", "hints_read", "is_read")

    def __init__(self, data: Any = None, *, name: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["is_read"].label = gettext("„%(name)s“ habe ich gelesen: freigeben") % {"name": name}

    @property
    def is_ticked(self) -> bool:
        """Whether its reader says that they have read it."""
        return bool(self.cleaned_data.get("is_read"))
