"""The amount in words, as a tax office reads it, and the purposes in those of the law."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from donations.receipts.domain.purposes import PURPOSES, furthering, promoted
from donations.receipts.domain.words import amount_in_words
from foundation.units import Cents


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (100, "ein Euro"),
        (101, "ein Euro und ein Cent"),
        (2, "zwei Cent"),
        (2500, "fünfundzwanzig Euro"),
        (2100, "einundzwanzig Euro"),
        (10_100, "einhundertein Euro"),
        (132_200, "eintausenddreihundertzweiundzwanzig Euro"),
        (30_007, "dreihundert Euro und sieben Cent"),
        (100_017, "eintausend Euro und siebzehn Cent"),
        (1_000_000, "zehntausend Euro"),
        (200_121, "zweitausendein Euro und einundzwanzig Cent"),
        (100_000_000, "eine Million Euro"),
    ],
)
def test_euro_and_cent_are_written_out(cents: int, words: str) -> None:
    assert amount_in_words(Cents(cents)) == words


@pytest.mark.parametrize("wrong", [0, -1, 25.0, "2500", True, None])
def test_what_is_no_amount_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the value itself is all there is to say
        amount_in_words(wrong)  # type: ignore[arg-type]
    assert error.value.args == (wrong,)


@given(st.integers(1, 99_999_999), st.integers(1, 99_999_999))
def test_two_amounts_never_read_alike(one: int, other: int) -> None:
    assert (amount_in_words(Cents(one)) == amount_in_words(Cents(other))) == (one == other)


@given(st.integers(1, 999_999).filter(lambda euro: euro % 100 != 1))
def test_whole_euro_are_one_word(euro: int) -> None:
    assert amount_in_words(Cents(euro * 100)) == f"{num2words(euro, lang='de')} Euro"


def test_each_purpose_stands_in_the_words_of_the_law() -> None:
    every = PURPOSES
    assert furthering(every) == (
        "der Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO), "
        "von Kunst und Kultur (§ 52 Abs. 2 Satz 1 Nr. 5 AO), "
        "der Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe "
        "(§ 52 Abs. 2 Satz 1 Nr. 7 AO), "
        "des Wohlfahrtswesens (§ 52 Abs. 2 Satz 1 Nr. 9 AO), "
        "des Schutzes von Ehe und Familie (§ 52 Abs. 2 Satz 1 Nr. 19 AO), "
        "des Sports (§ 52 Abs. 2 Satz 1 Nr. 21 AO), "
        "des bürgerschaftlichen Engagements zugunsten gemeinnütziger, mildtätiger und kirchlicher Zwecke "
        "(§ 52 Abs. 2 Satz 1 Nr. 25 AO) und mildtätiger Zwecke (§ 53 AO)"
    )
    assert promoted(every) == (
        "die Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO), "
        "Kunst und Kultur (§ 52 Abs. 2 Satz 1 Nr. 5 AO), "
        "die Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe "
        "(§ 52 Abs. 2 Satz 1 Nr. 7 AO), "
        "das Wohlfahrtswesen (§ 52 Abs. 2 Satz 1 Nr. 9 AO), "
        "den Schutz von Ehe und Familie (§ 52 Abs. 2 Satz 1 Nr. 19 AO), "
        "den Sport (§ 52 Abs. 2 Satz 1 Nr. 21 AO), "
        "das bürgerschaftliche Engagement zugunsten gemeinnütziger, mildtätiger und kirchlicher Zwecke "
        "(§ 52 Abs. 2 Satz 1 Nr. 25 AO) und mildtätige Zwecke (§ 53 AO)"
    )
    assert list(every) == ["52-4", "52-5", "52-7", "52-9", "52-19", "52-21", "52-25", "53"]
    assert (furthering(["53"]), furthering([])) == ("mildtätiger Zwecke (§ 53 AO)", "")
