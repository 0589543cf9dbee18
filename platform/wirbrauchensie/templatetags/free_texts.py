"""Showing what came in from outside."""

from django import template

from foundation.clock import local_day, utc_now
from programs.domain.screening.masking import masked

register = template.Library()


@register.filter(name="masked")
def masked_today(text: str) -> str:
    """Return a foreign text with what identifies a child or a family covered."""
    return masked(text, today=local_day(utc_now()))
