"""The directory for families."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from programs.domain.ages import band_limits
from programs.domain.choices import AgeBand
from programs.domain.german import sort_key
from programs.domain.published import Published
from programs.domain.search_words import asked_words, heads, may_be_mistyped, spellings, vocabulary
from programs.models import HelpTelephone, Program, Provider
from programs.selectors.opportunities import seeking_opportunities
from programs.selectors.visibility import public_funds, was_released

MOST_WORDS = 8
_LIKENESS = 0.45  # of trigrams: »Hebame« is a Hebamme, »Tauchen« is not »brauchen«
_ALIKE = """
SELECT typed, (array_agg(known ORDER BY similarity(typed, known) DESC, known))[:3]
FROM unnest(%s::text[]) AS typed, unnest(%s::text[]) AS known
WHERE similarity(typed, known) >= %s
GROUP BY typed
"""
_SEARCHED = ("name", "description", "page_text", "operator", "site", "area_label")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; an empty part does not matter to them."""

    topic: str = ""
    age_band: str = ""
    district: str = ""
    text: str = ""


@dataclass(frozen=True)
class ProviderCard:
    """A freier Träger, how many Angebote it lists and how many tasks seek people now."""

    provider: Provider
    program_count: int
    task_count: int


def listed_programs() -> QuerySet[Program]:
    """Return the Angebote that families may be sent to; none of a provider that the youth office stopped.

    With LIST_UNCHECKED_PROGRAMS off only those whose contact somebody has checked.
    """
    not_stopped = Q(provider=None) | Q(provider__stop_reasons="")
    listed = Program.objects.filter(not_stopped, is_listed=True, has_ended=False)
    return listed if settings.LIST_UNCHECKED_PROGRAMS else listed.filter(contact_checked_on__isnull=False)


def independent_providers() -> QuerySet[Provider]:
    """Return the freie Träger that are not stopped and whose words a second person has released."""
    return Provider.objects.filter(was_released(Published.PROVIDER), stop_reasons="").exclude(
        kind__in=[Provider.Kind.CITY, Provider.Kind.PUBLIC]
    )


def provider_cards(today: date) -> list[ProviderCard]:
    """Return the freie Träger by name, with how much there is of each."""
    programs = Counter(listed_programs().order_by().values_list("provider", flat=True))
    tasks = Counter(seeking_opportunities(today).order_by().values_list("provider", flat=True))
    found = sorted(independent_providers(), key=lambda provider: sort_key(provider.name))
    return [ProviderCard(each, programs[each.pk], tasks[each.pk]) for each in found]


def programs_of(provider: Provider) -> list[Program]:
    """Return what families find there, by name."""
    found = listed_programs().filter(provider=provider).select_related("provider")
    rows = found.prefetch_related("districts").defer("page_text")
    return sorted(rows, key=lambda program: sort_key(program.name))


def find_programs(wanted: Wanted) -> list[Program]:
    """Return what fits, the youth office's own systems first, then by name.

    An Angebot without ages fits every age; one for the whole city fits every district.
    """
    found = listed_programs().select_related("provider").prefetch_related("districts").defer("page_text")
    if wanted.topic:
        found = found.filter(topics__contains=[wanted.topic])
    if wanted.district:
        in_district = Program.districts.through.objects.filter(district__slug=wanted.district)
        found = found.filter(Q(is_city_wide=True) | Q(pk__in=in_district.values("program_id")))
    if wanted.age_band:
        youngest, oldest = band_limits(AgeBand(wanted.age_band))
        found = found.filter(
            Q(age_from=None) | Q(age_from__lte=oldest), Q(age_to=None) | Q(age_to__gte=youngest)
        )
    named = _with_words(found, asked_words(wanted.text)[:MOST_WORDS])
    return sorted(named, key=lambda program: (not program.is_core_system, sort_key(program.name)))


def _with_words(found: QuerySet[Program], words: list[str]) -> list[Program]:
    """Return what holds each word in some spelling.

    If nothing does, what holds words much like them, or what a long word ends in.
    """
    asked = [spellings(word) for word in words]
    named = list(_holding(found, asked))
    if named or not words:
        return named
    meant = _meant_by(words)
    alike = [[form for each in meant.get(word, []) for form in spellings(each)] for word in words]
    return list(_holding(found, alike)) if all(alike) else []


def _meant_by(words: list[str]) -> dict[str, list[str]]:
    """Return the words of the directory, and of families, each word may be a mistyped one of, or ends in."""
    rows = listed_programs().values_list("name", "description", "site", "operator")
    known = vocabulary(text for row in rows for text in row)
    with connection.cursor() as cursor:
        mistyped = [word for word in words if may_be_mistyped(word)]
        cursor.execute(_ALIKE, [mistyped, known, _LIKENESS])
        alike: dict[str, list[str]] = dict(cursor.fetchall())
    return {word: alike.get(word) or heads(word, known) for word in words}


def _holding(found: QuerySet[Program], asked: list[list[str]]) -> QuerySet[Program]:
    found = found.annotate(stems=SearchVector(*_SEARCHED, config="german"))
    for forms in asked:
        somewhere = Q()
        for form in forms:
            somewhere |= Q(stems=SearchQuery(form, config="german"))
            for column in _SEARCHED:
                somewhere |= Q(**{f"{column}__icontains": form})
        found = found.filter(somewhere)
    return found


def known_parts(program: Program) -> list[Program]:
    """Return the Angebote that are known to be part of this one, by name."""
    if program.part_count is None:
        return []
    return sorted(listed_programs().filter(part_of=program), key=lambda part: sort_key(part.name))


def program_page(slug: str) -> Program | None:
    """Return the Angebot with all its page shows, or None if it is not listed."""
    return (
        listed_programs()
        .select_related("provider")
        .prefetch_related("districts", Prefetch("funds", queryset=public_funds(), to_attr="open_funds"))
        .filter(slug=slug)
        .first()
    )


def youth_office() -> Provider | None:
    """Return the city's youth office, or None before its data is there."""
    return Provider.objects.filter(is_youth_office=True).first()


def help_telephones(called: str = "") -> list[HelpTelephone]:
    """Return the telephones to call in need, in their order; those named so if `called`."""
    return list(HelpTelephone.objects.filter(is_listed=True, name__icontains=called))
