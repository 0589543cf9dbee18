"""Tags and filters of the pages: formats, icons, notices, navigation and form parts."""

import re
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation import formats, rendering
from foundation.error_texts import error_texts
from foundation.ibans import grouped_iban

register = template.Library()

_FORMATS: dict[str, Callable[..., str]] = {
    "euro": formats.euro,
    "grouped_iban": grouped_iban,
    "euro_exact": formats.euro_exact,
    "hours": formats.hours,
    "percent": formats.percent,
    "whole": formats.whole_number,
    "date_long": formats.date_long,
    "slot_time": formats.slot_time,
    "time_range": formats.time_range,
    "weekday": formats.weekday_name,
    "weekday_short": formats.weekday_short,
    "weekday_adverb": formats.weekday_adverb,
    "distance_km": formats.distance_km,
    "weekly_times": formats.weekly_times,
}
for _name, _format in _FORMATS.items():
    register.simple_tag(_format, name=_name)
    register.filter(_name, _format)

register.simple_tag(rendering.control, name="control")
register.filter("control_kind", rendering.control_kind)
register.filter("error_links", rendering.error_links)
register.filter("error_texts", error_texts)

_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DAY = rf"\d{{1,2}}\. (?:{_MONTHS})\b(?: \d{{4}})?(?:, \d{{1,2}}:\d\d\b(?!–)(?: Uhr)?)?"
_DAYS_AND_TIMES = re.compile(rf"{_DAY}|\d[\d:]*–\d[\d:]*(?: Uhr)?")
_NO_BREAK_BEHIND = re.compile(r"(?<=\d)–(?=\d)|\b(?:E|QR|Banking)-(?=[A-Z])")
_ICON = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
_NOTICE_ICONS = {"info": "info", "success": "check-circle", "warning": "warning", "danger": "error"}
_FIELD_ICONS = {"education": "book", "culture": "palette", "leisure": "play"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite, by its own name or by the name of a field of action."""
    return _icon(name)


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    """The address of the sprite holds a hash of the file: it stays as long as the process."""
    return format_html(_ICON, static("img/icons.svg"), _FIELD_ICONS.get(name, name))


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """Return a part of the frame around every page: the component `part`, kept for the next page.

    All it may depend on is the language, `is_signed_in`, and `section`, the address below which it lies.
    """
    user, request = context.get("user"), context.get("request")
    is_signed_in = user is not None and user.is_authenticated
    is_known = request is not None and request.resolver_match is not None
    section = f"/{request.path.split('/', 2)[1]}/" if request is not None and is_known else ""
    draw = _frame.__wrapped__ if settings.DEBUG else _frame
    return draw(part, get_language(), is_signed_in=is_signed_in, section=section)


@lru_cache(maxsize=256)
def _frame(part: str, _language: str | None, *, is_signed_in: bool, section: str) -> SafeString:
    return render_to_string(f"components/{part}.html", {"is_signed_in": is_signed_in, "section": section})


@register.simple_tag
def kept(template_name: str, value: Hashable) -> SafeString:
    """Draw a template that knows `value` alone, kept for the next page that shows an equal one.

    Whatever the drawing depends on is part of the value (plain text and numbers, frozen) or is the language;
    so a row that changed is another value, and nothing has to be forgotten.
    """
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    return draw(template_name, get_language(), value)


@lru_cache(maxsize=2048)
def _kept(template_name: str, _language: str | None, value: Hashable) -> SafeString:
    return render_to_string(template_name, {"value": value})


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Wrap the block in a notice; kind is info, success, warning or danger."""
    rendered = render_to_string(
        "components/notice.html",
        {"kind": kind, "title": title, "body": mark_safe(content)},  # noqa: S308 - rendered by the template
    )
    return mark_safe(rendered)  # noqa: S308 - rendered by the template


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(context: Context, name: str, label: str, symbol: str = "") -> dict[str, Any]:
    """Return one link of the main menu, marked when the page shown lies below it."""
    address = reverse(name)
    return {"address": address, "label": label, "symbol": symbol, "here": address == context["section"]}


@register.filter
def labelled(cells: Iterable[Any], headers: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return (header, cell) pairs of one table row."""
    return list(zip(headers, cells, strict=False))


@register.filter
def notice_kind(level: str) -> str:
    """Return the kind of notice for a message level or a kind ("error" is shown as danger)."""
    kind = {"error": "danger", "debug": "info"}.get(level, level)
    return kind if kind in _NOTICE_ICONS else "info"


@register.filter
def notice_icon(kind: str) -> str:
    """Return the icon that stands for a kind of notice."""
    return _NOTICE_ICONS[kind]


@register.filter
def page_numbers(page: Page) -> list[int]:
    """Return the page numbers to offer around `page`; 0 stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else 0 for number in numbers]


@register.filter
def whole_days(text: str) -> SafeString:
    """Keep each "3. März 2026" and each "15–16:30 Uhr" in a sentence on one line."""
    whole = _DAYS_AND_TIMES.sub('<span class="nowrap">\\g<0></span>', conditional_escape(text))
    return mark_safe(whole)  # noqa: S308 - escaped above


@register.filter(is_safe=True)
def unbroken(label: str) -> str:
    """Keep "E-Mail", "Banking-App" and "15–16 Uhr" on one line: nothing breaks behind hyphen or dash."""
    return _NO_BREAK_BEHIND.sub("\\g<0>\u2060", str(label))


@register.filter
def after_slash(words: str) -> SafeString:
    """Let two long words that a stroke joins stand on two lines; browsers break there only if told."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((word,) for word in words.split("/")))


@register.filter
def before_stop(name: str) -> str:
    """Return a name without its last dot, which the sentence puts itself: „… an: Verein Lesen e. V.“.

    "e. V" stays on one line.
    """
    return name.removesuffix(".").replace("e. V", "e.\u00a0V")


@register.filter
def step_state(number: int, current: int) -> str:
    """Return whether step `number` is done, current or open when `current` is being asked."""
    if number == current:
        return "current"
    return "done" if number < current else "open"
