"""Texts as strangers write them, all of them made up: what must not pass, and what must not be in the way.

The right answer of each row was given by its writer before the rule was run; `stranger.csv` names the rule
of protection for each. `development.csv` was there when the rule was written; the others were looked at only
afterwards, and what had passed was mended as a kind; `sample.csv` is a sample of texts that were measured
against an earlier rule.
"""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from programs.domain.screening import Policy, Verdict, screen, verdict
from programs.domain.screening.local import words_of
from programs.gateways.city_files import read_city

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 27)
NAMED = ("name", "borough", "address", "operator", "site", "area_label")


@pytest.fixture(scope="module")
def local() -> frozenset[str]:
    city = read_city("dueren", with_demo_values=False)
    rows = [city.city, *city.districts.values(), *city.providers.values(), *city.programs.values()]
    return words_of(str(row[key]) for row in rows for key in NAMED if row.get(key))


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("development", 152, 134),
        ("held_out", 96, 93),
        ("second_look", 30, 30),
        ("third_look", 60, 60),
        ("fourth_look", 6, 6),
        ("fifth_look", 33, 33),
        ("sixth_look", 40, 40),
        ("seventh_look", 40, 40),
        ("eighth_look", 40, 40),
        ("ninth_look", 40, 40),
        ("tenth_look", 40, 40),
        ("eleventh_look", 60, 60),
        ("twelfth_look", 60, 60),
        ("thirteenth_look", 60, 60),
        ("fourteenth_look", 60, 60),
        ("fifteenth_look", 40, 40),
        ("sixteenth_look", 60, 60),
        ("seventeenth_look", 60, 60),
        ("eighteenth_look", 60, 60),
        ("nineteenth_look", 60, 60),
        ("twentieth_look", 60, 60),
        ("twenty_first_look", 60, 60),
        ("twenty_second_look", 93, 90),
        ("twenty_third_look", 115, 84),
        ("twenty_fourth_look", 100, 100),
        ("stranger", 61, 61),
        ("sample", 20, 20),
    ],
)
def test_bad_texts_do_not_pass_and_good_ones_mostly_do(
    name: str, bad: int, good: int, local: frozenset[str]
) -> None:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    told = Counter((row["right"] == "pass", _verdict(row["text"], local)) for row in rows)
    assert sum(told[False, each] for each in Verdict) == bad
    assert sum(told[True, each] for each in Verdict) == good
    passed = [
        row["text"] for row in rows if row["right"] != "pass" and _verdict(row["text"], local) == Verdict.PASS
    ]
    assert passed == []
    assert told[True, Verdict.REFUSE] == 0
    assert told[True, Verdict.ASK] <= 0.12 * good


def _verdict(text: str, local: frozenset[str]) -> Verdict:
    return verdict(screen({"text": text}, today=TODAY, local=local), Policy.PUBLISHED)
