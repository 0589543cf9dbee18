"""The small rules around matching, without a database."""

import pytest

from volunteers.domain.commitments import Clash, Commitment, clash
from volunteers.domain.contact_budget import ContactBudget
from volunteers.domain.letters import is_fee_waived
from volunteers.domain.weekly_slots import overlaps
from volunteers.wording.reasons import reason_sentences, reason_texts

BUDGET = ContactBudget(open_at_once=2, per_week=3)


@pytest.mark.parametrize(
    ("open_now", "asked_this_week", "left"),
    [(0, 0, 2), (1, 1, 1), (2, 2, 0), (0, 2, 1), (0, 3, 0), (1, 3, 0), (5, 5, 0)],
)
def test_budget_limits_open_questions_and_questions_a_week(
    open_now: int, asked_this_week: int, left: int
) -> None:
    assert BUDGET.left(open_now=open_now, asked_this_week=asked_this_week) == left


def test_who_rests_is_asked_nothing() -> None:
    assert BUDGET.left(open_now=0, asked_this_week=0, is_resting=True) == 0


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        ((1, 900, 960), True),
        ((1, 959, 1000), True),
        ((1, 960, 1000), False),
        ((1, 840, 900), False),
        ((1, 840, 901), True),
        ((2, 900, 960), False),
    ],
)
def test_times_overlap_only_if_they_share_a_minute(other: tuple[int, int, int], meets: bool) -> None:
    assert overlaps([(0, 0, 60), (1, 900, 960)], [other]) == meets
    assert overlaps([other], [(0, 0, 60), (1, 900, 960)]) == meets


def test_no_times_overlap_with_nothing() -> None:
    assert not overlaps([], [(1, 900, 960)])


MONDAY = ((0, 900, 960),)
TUESDAY = ((1, 900, 960),)


@pytest.mark.parametrize(
    ("held", "wanted", "hours", "expected"),
    [
        ([], 1, 1, None),
        ([Commitment(1, 10, MONDAY, 60)], 2, 2, Clash.SAME_TASK),
        ([Commitment(2, 11, TUESDAY, 60)], 2, 2, Clash.SAME_TIME),
        ([Commitment(1, 11, MONDAY, 60)], 1, 9, Clash.ENOUGH),
        ([Commitment(1, 11, MONDAY, 60)], 2, 1, Clash.HOURS),
        ([Commitment(1, 11, MONDAY, 60)], 2, 2, None),
        ([Commitment(2, 11, MONDAY, 60)], 1, 1, None),
    ],
)
def test_new_task_must_fit_beside_what_is_held(
    held: list[Commitment], wanted: int, hours: int, expected: Clash | None
) -> None:
    new = Commitment(1, 10, TUESDAY, 60)
    assert clash(new, held, placements_wanted=wanted, hours_per_week=hours) == expected


@pytest.mark.parametrize(
    ("code", "values", "text"),
    [
        ("wanted", [], "diese Aufgabe ausgesucht"),
        ("free_on", [1], "dienstags frei"),
        ("free_on", [1, 3], "dienstags und donnerstags frei"),
        ("free_on", [0, 1, 3], "montags, dienstags und donnerstags frei"),
        ("flexible", [], "Zeiten nach Absprache"),
        ("distance", [1240], "1,2\u00a0km"),
        ("distance", [499], "in der Nähe"),
        ("field", [1], "Wunschfeld Kultur"),
        ("district", [7], "im Wunschstadtteil"),
        ("language", [1], "spricht Türkisch"),
        ("language", [1, 2], "spricht Türkisch und Arabisch"),
        ("skill", [0], "kann Vorlesen"),
        ("learns", [0, 2], "möchte lernen: Vorlesen und Rechnen und Mathematik"),
        ("age_group", [2], "gern mit dieser Altersgruppe: 6 bis 9 Jahre"),
        ("needs_you", [1, 4], "hier fehlen noch Menschen"),
    ],
)
def test_reasons_are_told_in_words(code: str, values: list[int], text: str) -> None:
    assert reason_texts([{"code": code, "values": values}]) == [text]


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (
            [("free_on", [1]), ("distance", [1240]), ("language", [1])],
            "Wir denken an Sie, weil Sie dienstags Zeit haben, 1,2\u00a0km entfernt wohnen"
            " und Türkisch sprechen.",
        ),
        ([("free_on", [1, 3])], "Wir denken an Sie, weil Sie dienstags und donnerstags Zeit haben."),
        (
            [("wanted", []), ("distance", [499])],
            "Wir denken an Sie, weil Sie sich diese Aufgabe ausgesucht haben und in der Nähe wohnen.",
        ),
        (
            [("field", [1]), ("district", [7]), ("needs_you", [1, 4])],
            "Wir denken an Sie, weil Sie im Bereich Kultur helfen möchten und sich diesen Stadtteil"
            " gewünscht haben. Hier fehlen noch Menschen.",
        ),
        (
            [("skill", [0]), ("learns", [2]), ("age_group", [2]), ("flexible", [])],
            "Wir denken an Sie, weil Sie Vorlesen können, Rechnen und Mathematik lernen möchten und gern mit"
            " der Altersgruppe 6 bis 9 Jahre zu tun haben. Die Zeiten sprechen Sie miteinander ab.",
        ),
        ([("needs_you", [1, 4])], "Hier fehlen noch Menschen."),
        ([("by_hand", [2]), ("of_tomorrow", [1])], ""),
        ([], ""),
    ],
)
def test_reasons_are_sentences_to_the_person(reasons: list[tuple[str, list[int]]], said: str) -> None:
    assert reason_sentences([{"code": code, "values": values} for code, values in reasons]) == said


def test_every_reason_with_words_has_a_sentence_too() -> None:
    codes = ["wanted", "free_on", "flexible", "distance", "field", "district", "language", "skill", "learns"]
    for code in [*codes, "age_group", "needs_you"]:
        reason = [{"code": code, "values": [1]}]
        assert (len(reason_texts(reason)), reason_sentences(reason)[-1]) == (1, "."), code


def test_reasons_without_words_are_left_out() -> None:
    assert reason_texts([{"code": "of_tomorrow", "values": [1]}]) == []


def test_fee_is_waived_for_authorities_and_non_profits() -> None:
    assert is_fee_waived("city", "none")
    assert is_fee_waived("public", "none")
    assert is_fee_waived("welfare", "kstg_5_1_9")
    assert not is_fee_waived("welfare", "none")
    assert not is_fee_waived("church", "none")
    assert is_fee_waived("club", "kstg_5_1_9")
    assert not is_fee_waived("club", "none")
