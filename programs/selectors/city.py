"""The city this installation serves."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from programs.models import City


def current_city() -> City | None:
    """Return the configured city, read on first use, or None before `load_city` has run."""
    return SimpleLazyObject(lambda: City.objects.filter(source_key=settings.CITY).first())  # type: ignore[return-value]
