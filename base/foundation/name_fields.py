"""The field in which people write a name or a line of an address."""

from typing import Any

from django import forms

from foundation.names import with_blanks


class NameOrLineField(forms.CharField):
    """A text whose dots get the blank that people leave out: "Dr.Müller", "St.Vith"."""

    def to_python(self, value: Any) -> str:
        return with_blanks(str(super().to_python(value)))
