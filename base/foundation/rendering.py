"""How Django's forms become KERN markup: `{{ form }}` and `{{ form.name.as_field_group }}`."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation.error_texts import error_texts


class KernRenderer(TemplatesSetting):
    """The FORM_RENDERER of the product; needs "django.forms" among the installed apps."""

    form_template_name = "components/forms/form.html"
    field_template_name = "components/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render as Django does; a list to choose from without a template for each of its options.

        A question with such a list is drawn once for all who are asked the same, and kept.
        """
        if template_name == forms.Select.template_name:
            return _select(context["widget"])
        asked = _asked(context["field"]) if template_name == self.field_template_name else None
        if asked is None or settings.DEBUG:
            return super().render(template_name, context, request)
        if (drawn := _kept_questions.get(asked)) is None:
            drawn = super().render(template_name, context, request)
            if len(_kept_questions) >= KEPT_QUESTIONS:
                _kept_questions.clear()
            _kept_questions[asked] = drawn
        return drawn


KEPT_QUESTIONS = 1024
_kept_questions: dict[Hashable, str] = {}


def _asked(field: BoundField) -> Hashable | None:
    """Return all that the drawing of a list to choose from depends on; None for whatever is not kept.

    A list that is read when it is drawn is not kept, so that it is read once. Neither is one with a hint or
    an error: what a stranger sent besides what is offered is in no key.
    """
    widget, value = field.field.widget, field.value()
    if type(widget) is not forms.Select or not isinstance(widget.choices, list):
        return None
    if field.help_text or field.errors or not isinstance(value, str | int | None):
        return None
    if any(isinstance(label, list | tuple) for _key, label in widget.choices):
        return None
    return (
        get_language(),
        (str(field.label), field.html_name, field.auto_id, field.id_for_label),
        (type(value), value),
        tuple((type(key), key, str(label)) for key, label in widget.choices),
        (field.field.required, field.field.disabled, field.form.use_required_attribute),
        getattr(field.form, "method", ""),
        repr(widget.attrs),
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _number in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}\n</select>',
        widget["name"],
        flatatt(widget["attrs"]),
        mark_safe(groups),  # noqa: S308 - each of its parts is escaped
    )


def _group(name: str | None, options: list[dict[str, Any]]) -> str:
    drawn = "".join(map(_option, options))
    return f'\n  <optgroup label="{conditional_escape(name)}">{drawn}\n  </optgroup>' if name else drawn


def _option(option: Mapping[str, Any]) -> str:
    attributes = flatatt(option["attrs"]) if option["attrs"] else ""
    value, label = escape(option["value"]), conditional_escape(option["label"])
    return f'\n  <option value="{value}"{attributes}>{label}</option>'


@dataclass(frozen=True)
class Choice:
    """The label of a radio or checkbox tile with a second line and an icon."""

    label: str | Promise
    hint: str | Promise = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(self.label)


def control_kind(field: BoundField) -> str:
    """Return which partial draws the field: choices, checkbox, select, textarea, widget or input."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    if widget.use_fieldset:
        return "widget"
    return "input"


_CLASSES = {
    "input": "kern-form-input__input",
    "select": "kern-form-input__select",
    "checkbox": "kern-form-check__checkbox",
}


def control(field: BoundField) -> SafeString:
    """Return the bare control with its KERN classes, without label, hint and error."""
    widget = field.field.widget
    kind = control_kind(field)
    classes = [_CLASSES.get(kind, ""), str(widget.attrs.get("class", ""))]
    if field.errors and kind in _CLASSES:
        classes.append(f"{_CLASSES[kind]}--error")
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, forms.EmailInput) and "autocomplete" not in widget.attrs:
        attrs["autocomplete"] = "email"
    return field.as_widget(attrs=attrs)


def first_control_id(field: BoundField) -> str:
    """Return the id of the control that a link to the field should bring into focus."""
    return field.id_for_label or f"{field.auto_id}_0"


def error_links(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    """Yield (id of the control or "", message) for each error of a bound form, fields in their order."""
    for message in form.non_field_errors():
        yield "", str(message)
    for field in form:
        target = "" if field.is_hidden else first_control_id(field)
        for message in error_texts(field):
            yield target, message
