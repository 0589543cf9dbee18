"""The city this installation serves."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject

from foundation.prepared import statement_of
from programs.models import City

_LONG = ("loaded_values", "figures", "unconfirmed")


def current_city() -> City | None:
    """Return the configured city, read on first use, or None before `load_city` has run.

    Every page names it; its long columns are read when somebody asks for them.
    """
    return SimpleLazyObject(lambda: next(iter(City.objects.raw(*_city(settings.CITY))), None))  # type: ignore[return-value]


@statement_of
def _city(source_key: str) -> QuerySet[City]:
    return City.objects.filter(source_key=source_key).defer(*_LONG)
