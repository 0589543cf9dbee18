"""Small rules about words: order, addresses, ages, texts, sources."""

from datetime import date

import pytest

from programs.domain.ages import band_limits
from programs.domain.choices import AgeBand
from programs.domain.german import german_slug, sort_key
from programs.domain.publishing import Decided, Safeguards, fingerprint, obstacles
from programs.domain.refusals import Refusal
from programs.domain.screening import Finding, Kind
from programs.domain.texts import Block, blocks, latest_year, web_addresses
from programs.wording.ages import age_range

SAFE = Safeguards(is_verified=True, has_concept=True, has_contact=True)
TODAY = date(2026, 3, 2)


def test_umlauts_are_sorted_like_their_vowel() -> None:
    assert sorted(["Zoo", "Über", "Ulm", "Ästhetik", "Straße", "Strasse"], key=sort_key) == [
        "Ästhetik",
        "Straße",
        "Strasse",
        "Über",
        "Ulm",
        "Zoo",
    ]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Düren-Süd: Größe zählt!", "dueren-sued-groesse-zaehlt"),
        ("Çok güzel", "cok-guezel"),
        ("???", ""),
        ("a" * 130, "a" * 120),
        (f"{'a' * 119}-b", "a" * 119),
    ],
)
def test_an_address_is_written_without_umlauts(text: str, slug: str) -> None:
    assert german_slug(text, 120) == slug


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((14, 21), "14 bis 21 Jahre"),
        ((6, None), "ab 6 Jahren"),
        ((0, 6), "bis 6 Jahre"),
        ((None, 6), "bis 6 Jahre"),
        ((0, None), ""),
        ((None, None), ""),
    ],
)
def test_ages_in_words(ends: tuple[int | None, int | None], words: str) -> None:
    assert age_range(*ends) == words


def test_the_limits_of_a_band() -> None:
    assert band_limits(AgeBand.TEENAGERS) == (14, 17)


def test_a_text_is_taken_apart_into_paragraphs_and_lists() -> None:
    text = "Erste Zeile\nzweite Zeile\r\n\r\n• eins\n• zwei\n \n- drei\n\nSchluss"
    assert blocks(text) == [
        Block(("Erste Zeile zweite Zeile",)),
        Block(("eins", "zwei"), is_list=True),
        Block(("drei",), is_list=True),
        Block(("Schluss",)),
    ]
    assert blocks("  \n\n ") == []


def test_only_a_complete_address_is_a_source_to_read() -> None:
    note = (
        "https://a.example/x; http://b.example/…kurz; Zeitung aid-1; javascript:alert(1); http://c.example/"
    )
    assert web_addresses(note) == ["https://a.example/x", "http://c.example/"]


@pytest.mark.parametrize(
    ("note", "year"),
    [
        ("2018", "2018"),
        ("2013–2019", "2019"),
        ("seit 10/2008 (Artikel ca. 2009)", "2009"),
        ("undatiert; Einzelliste unbekannt", ""),
        ("Eröffnung 24. März, Jahr nicht genannt", ""),
        ("Tel. 02421 20185", ""),
    ],
)
def test_the_last_year_of_a_note(note: str, year: str) -> None:
    assert latest_year(note) == year


def test_the_mark_of_a_text_tells_every_change() -> None:
    texts = {"title": "a", "task": "b"}
    assert fingerprint(texts) == fingerprint({"task": "b", "title": "a"})
    others = [{"title": "b", "task": "a"}, {"title": "a", "task": "b "}, {"title": "ab", "task": ""}]
    assert fingerprint(texts) not in {fingerprint(other) for other in others}


def test_every_obstacle_is_named_at_once() -> None:
    unsafe = Safeguards(is_verified=False, has_concept=False, has_contact=False)
    family = Finding("task", Kind.FAMILY, "Familie Yilmaz")
    undecided = Decided(has_activity=False, asks=False, minimum_age=18)
    assert obstacles(
        unsafe,
        [family],
        decided=undecided,
        minimum_age=16,
        has_no_date=True,
        ends_on=date(2026, 3, 1),
        today=TODAY,
    ) == [
        Refusal.IDENTIFIES_SOMEBODY,
        Refusal.PROVIDER_NOT_VERIFIED,
        Refusal.NO_PROTECTION_CONCEPT,
        Refusal.NO_SAFEGUARDING_CONTACT,
        Refusal.NO_ACTIVITY,
        Refusal.YOUNGER_THAN_ACTIVITY,
        Refusal.IS_OVER,
    ]
    hint = Finding("task", Kind.PERSON, "Frau Weber")
    decided = Decided(has_activity=True, asks=False, minimum_age=16)
    assert (
        obstacles(
            SAFE, [hint], decided=decided, minimum_age=16, has_no_date=False, ends_on=TODAY, today=TODAY
        )
        == []
    )
