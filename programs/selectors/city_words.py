"""The words that this city's texts may use because its places and institutions are called so."""

from collections.abc import Iterator

from django.db.models import Value

from programs.domain.published import Published
from programs.domain.screening.local import words_of
from programs.models import City, District, Fund, Program, Provider
from programs.selectors.visibility import was_released


def city_words() -> frozenset[str]:
    """Return the words of all names and addresses of districts, providers, programmes and funds.

    None of a row that nobody but its writer has read: a name would free itself in every text.
    """
    return words_of(_names())


def _names() -> Iterator[str]:
    pairs = District.objects.order_by().values_list("name", "borough")
    providers = Provider.objects.filter(was_released(Published.PROVIDER)).values_list("name", "address")
    purposes = Fund.objects.filter(was_released(Published.PURPOSE)).values_list("name", Value(""))
    programs = Program.objects.filter(was_released(Published.PROGRAM))
    for rows in (
        City.objects.values_list("name", "state", "postal_address"),
        pairs.union(providers.order_by(), purposes.order_by(), all=True),
    ):
        for row in rows:
            yield from row
    for *names, partners in programs.values_list("name", "operator", "site", "area_label", "partners"):
        yield from names
        yield from partners
