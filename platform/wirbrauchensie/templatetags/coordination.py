"""The coordinators' menu."""

from django import template
from django.template import Context
from django.urls import reverse

from wirbrauchensie.dashboard.navigation import pages_for

register = template.Library()


@register.simple_tag(takes_context=True)
def coordination_pages(context: Context) -> list[tuple[str, str, bool]]:
    """Return (address, label, whether it is the page shown) for the reader."""
    request = context["request"]
    return [
        (reverse(name), label, request.path.startswith(reverse(name)))
        for name, label in pages_for(request.user)
    ]
