"""Tags and filters of the pages: formats, icons, notices, navigation and form parts."""

from collections.abc import Callable, Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation import formats, rendering

register = template.Library()

_FORMATS: dict[str, Callable[..., str]] = {
    "euro": formats.euro,
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
}
for _name, _format in _FORMATS.items():
    register.simple_tag(_format, name=_name)
    register.filter(_name, _format)

register.simple_tag(rendering.control, name="control")
register.filter("control_kind", rendering.control_kind)
register.filter("error_links", rendering.error_links)

_NOTICE_ICONS = {"info": "info", "success": "check-circle", "warning": "warning", "danger": "error"}
_FIELD_ICONS = {"education": "book", "culture": "palette", "leisure": "play"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite, by its own name or by the name of a field of action."""
    address = f"{static('img/icons.svg')}#{_FIELD_ICONS.get(name, name)}"
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address
    )


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
    request = context.get("request")
    here = request is not None and request.path.startswith(address)
    return {"address": address, "label": label, "symbol": symbol, "here": here}


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
def step_state(number: int, current: int) -> str:
    """Return whether step `number` is done, current or open when `current` is being asked."""
    if number == current:
        return "current"
    return "done" if number < current else "open"
