"""The words that this city's texts may use because its places and institutions are called so."""

from collections.abc import Iterator

from programs.domain.screening.local import words_of
from programs.models import City, District, Fund, Program, Provider


def city_words() -> frozenset[str]:
    """Return the words of all names and addresses of districts, providers, programmes and funds."""
    return words_of(_names())


def _names() -> Iterator[str]:
    for rows in (
        City.objects.values_list("name", "state", "postal_address"),
        District.objects.values_list("name", "borough"),
        Provider.objects.values_list("name", "address"),
        Fund.objects.values_list("name"),
        Program.objects.values_list("name", "operator", "site", "area_label"),
    ):
        for row in rows:
            yield from row
    for partners in Program.objects.values_list("partners", flat=True):
        yield from partners
