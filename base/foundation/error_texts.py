"""What a form says of an answer that it cannot take: in our own words, which name the field.

What a form of ours says itself stays as it is; only what Django would say is put into other words.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.formats import whole_number

_OFFERED = _("%(label)s: Bitte wählen Sie aus, was angeboten wird.")
_FILE = _("%(label)s: Es kam keine Datei an, oder sie ist leer. Bitte wählen Sie die Datei noch einmal.")
_WORDS: Mapping[str, Promise] = {
    "required": _("Noch offen: %(label)s"),
    "invalid_choice": _OFFERED,
    "invalid_list": _OFFERED,
    "invalid_pk_value": _OFFERED,
    "max_length": _("%(label)s: Bitte höchstens %(limit)s Zeichen; es sind %(length)s."),
    "min_length": _("%(label)s: Bitte mindestens %(limit)s Zeichen; es sind %(length)s."),
    "max_value": _("%(label)s: Bitte höchstens %(limit)s."),
    "min_value": _("%(label)s: Bitte mindestens %(limit)s."),
    "null_characters_not_allowed": _("%(label)s: Ein Zeichen darin lässt sich nicht speichern."),
    "missing": _FILE,
    "empty": _FILE,
    "no_name": _FILE,
}
_READ: tuple[tuple[type[forms.Field], Promise], ...] = (
    (forms.EmailField, _("%(label)s: Bitte in dieser Form: name@example.org.")),
    (forms.DateField, _("%(label)s: Bitte ein Datum, zum Beispiel 24.12.2026.")),
    (forms.TimeField, _("%(label)s: Bitte eine Uhrzeit, zum Beispiel 16:30.")),
    (forms.FloatField, _("%(label)s: Bitte eine Zahl.")),
    (forms.DecimalField, _("%(label)s: Bitte eine Zahl.")),
    (forms.IntegerField, _("%(label)s: Bitte eine ganze Zahl.")),
    (forms.URLField, _("%(label)s: Bitte eine Adresse, die mit https:// beginnt.")),
    (forms.FileField, _FILE),
)
"""What is asked of an answer that cannot be read as what the field is for, the first that fits."""
_UNREAD = _("%(label)s: Das lässt sich nicht lesen. Bitte prüfen Sie, was Sie eingegeben haben.")


def error_texts(field: BoundField) -> list[str]:
    """Return what is wrong with the answer to one field."""
    errors: list[ValidationError] = field.errors.as_data()
    return [_words(field, error) if _is_djangos(field.field, error) else _said(error) for error in errors]


def _said(error: ValidationError) -> str:
    return " ".join(error.messages)


def _is_djangos(field: forms.Field, error: ValidationError) -> bool:
    """Whether the words are those that Django brings along, for a kind of field or a validator of its own."""
    defaults = (
        each.__dict__.get("default_error_messages", {}).get(error.code)
        for each in type(field).__mro__
        if each.__module__.startswith("django.")
    )
    of_validators = (
        words
        for each in map(type, field.validators)
        if each.__module__.startswith("django.")
        for words in (getattr(each, "message", None), *getattr(each, "messages", {}).values())
    )
    return any(error.message is words for words in (*defaults, *of_validators))


def _words(field: BoundField, error: ValidationError) -> str:
    words = _WORDS.get(error.code or "") or next(
        (words for kind, words in _READ if isinstance(field.field, kind)), _UNREAD
    )
    asked = error.params or {}
    return str(words) % {
        "label": field.label,
        "limit": _number(asked.get("limit_value", asked.get("max"))),
        "length": _number(asked.get("show_value", asked.get("length"))),
    }


def _number(value: Any) -> str:
    return whole_number(value) if isinstance(value, int) else str(value)
