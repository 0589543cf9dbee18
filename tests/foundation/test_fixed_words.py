"""How fixed words are written where they are kept and sent: as their name in small letters."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages

from django.apps import apps

from tests.processes import ROOT

OTHERWISE = {
    "programs.domain.activities.Site": {
        "CHILDMINDER": "kindertagespflege",
        "SCHOOL": "schule_ogs",
        "HOME": "heim",
    },
    "programs.domain.activities.Criterion": {
        "TRUST": "art_trust",
        "POWER": "art_power",
        "AGE_GAP": "art_age_gap",
        "VULNERABLE": "art_vulnerable",
        "ALONE": "int_alone",
        "CLOSED": "int_closed",
        "BODILY": "int_bodily",
        "ONE_CHILD": "int_one_child",
        "REGULAR": "dau_regular",
        "SAME_CHILDREN": "dau_same_children",
    },
    "programs.domain.choices.Language": {
        "GERMAN": "de",
        "TURKISH": "tr",
        "ARABIC": "ar",
        "UKRAINIAN": "uk",
        "RUSSIAN": "ru",
        "POLISH": "pl",
        "ROMANIAN": "ro",
        "KURDISH": "ku",
        "ENGLISH": "en",
        "FRENCH": "fr",
    },
    "programs.domain.choices.AgeBand": {
        "BABIES": "0-2",
        "KINDERGARTEN": "3-5",
        "PRIMARY": "6-9",
        "SCHOOL": "10-13",
        "TEENAGERS": "14-17",
        "YOUNG_ADULTS": "18-27",
    },
    "programs.domain.declarations.DeclarationKind": {
        "SELF_COMMITMENT": "selbstverpflichtung",
        "GUARDIAN_CONSENT": "einverstaendnis",
    },
    "programs.domain.rhythms.Repeat": {
        "FIRST": "1",
        "SECOND": "2",
        "THIRD": "3",
        "FOURTH": "4",
        "LAST": "-1",
    },
    "programs.domain.tokens.Scope": {
        "TASKS_READ": "tasks:read",
        "TASKS_WRITE": "tasks:write",
        "DATES_WRITE": "dates:write",
    },
    "programs.domain.webhooks.Told": {
        "TASK_PUBLISHED": "task.published",
        "TASK_CHANGED": "task.changed",
        "TASK_CLOSED": "task.closed",
        "DATE_ADDED": "date.added",
        "DATE_MOVED": "date.moved",
        "DATE_CANCELLED": "date.cancelled",
    },
}


def lists() -> Iterator[type[Enum]]:
    """Every list of fixed words in the rules of the product, and every list of reasons of what it does."""
    for config in apps.get_app_configs():
        if config.path.startswith(f"{ROOT}/.venv") or not config.path.startswith(str(ROOT)):
            continue
        for layer in ("domain", "services"):
            try:
                package = import_module(f"{config.name}.{layer}")
            except ModuleNotFoundError:
                continue
            for found in walk_packages(package.__path__, f"{package.__name__}."):
                module = import_module(found.name)
                yield from (
                    each
                    for each in vars(module).values()
                    if isinstance(each, type) and issubclass(each, Enum) and each.__module__ == found.name
                )


def test_every_word_is_kept_as_its_name_in_small_letters_or_as_written_here() -> None:
    found = {
        f"{each.__module__}.{each.__qualname__}": {word.name: word.value for word in each}
        for each in lists()
        if any(isinstance(word.value, str) for word in each)  # numbers are not kept, only told apart
    }
    assert len(found) >= 50
    right = {
        name: {word: OTHERWISE.get(name, {}).get(word, word.lower()) for word in words}
        for name, words in found.items()
    }
    assert found == right
    assert OTHERWISE.keys() <= found.keys()
