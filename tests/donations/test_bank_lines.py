"""Whether two lines are one movement, and the keys that make a statement read twice book once."""

from datetime import date
from typing import Any

import pytest

from donations.domain.bank_lines import Keys, LineFacts, same_line
from donations.domain.references import reference_for

DAY = date(2026, 3, 10)
REFERENCE, OTHER = reference_for("23456789AB"), reference_for("CDEFGHJKLM")


def line(**values: Any) -> LineFacts:
    known = {"booked_on": DAY, "amount_cents": 2500, "counterparty_name": "", "remittance": ""}
    return LineFacts(**{**known, **values})


@pytest.mark.parametrize(
    ("typed", "other", "surely"),
    [
        ({}, {"amount_cents": 2501}, 0),
        ({}, {}, 1),
        ({}, {"booked_on": date(2026, 3, 11)}, 0),
        ({"remittance": REFERENCE}, {"remittance": f"Spende {REFERENCE}"}, 3),
        ({"gift_references": (REFERENCE,)}, {"remittance": REFERENCE, "counterparty_name": "Wer anders"}, 3),
        ({"remittance": REFERENCE}, {"remittance": OTHER}, 0),
        ({"remittance": REFERENCE, "booked_on": date(2026, 3, 15)}, {"remittance": REFERENCE}, 3),
        ({"remittance": REFERENCE, "booked_on": date(2026, 3, 16)}, {"remittance": REFERENCE}, 0),
        ({"remittance": REFERENCE, "booked_on": date(2026, 3, 4)}, {"remittance": REFERENCE}, 0),
        ({"counterparty_name": "Muster, Erika"}, {"counterparty_name": "ERIKA MUSTER"}, 2),
        ({"counterparty_name": "Muster"}, {"counterparty_name": "Erika Muster"}, 2),
        ({"counterparty_name": "Erika Muster"}, {"counterparty_name": "Muster"}, 2),
        ({"counterparty_name": "Erika Muster"}, {"counterparty_name": "Karl Muster"}, 0),
        ({"counterparty_name": "Muster"}, {}, 1),
        (
            {"counterparty_name": "Muster", "booked_on": date(2026, 3, 12)},
            {"counterparty_name": "Erika Muster"},
            1,
        ),
        ({"remittance": "Ranzen"}, {"remittance": "für einen Ran-zen, danke"}, 2),
        ({"remittance": "für einen Ranzen"}, {"remittance": "RANZEN"}, 2),
        ({"remittance": "Ranzen"}, {"remittance": "Schuhe"}, 0),
        ({"remittance": "Ranzen", "counterparty_name": "Muster"}, {"counterparty_name": "Muster"}, 2),
    ],
)
def test_what_is_given_on_both_sides_must_not_contradict(
    typed: dict[str, Any], other: dict[str, Any], surely: int
) -> None:
    assert same_line(line(**typed), line(**other)) == surely


def key(keys: Keys, *, bank: str = "", end: str = "", other: str = "", **values: Any) -> str:
    return keys.key(line(**values), bank_reference=bank, end_to_end_id=end, counterparty=other)


def test_the_bank_s_own_reference_goes_before_all_facts() -> None:
    keys = Keys("DE1")
    first = key(keys, bank="B1", remittance="Ranzen", end="E1", other="DE7")
    keys.begin()
    assert key(keys, bank="B1", remittance="anders", end="E2", other="DE8", counterparty_name="X") == first
    keys.begin()
    assert len(first) == 64
    assert (
        len({first, key(keys, bank="B2"), key(keys, bank="B1", amount_cents=1), key(Keys("DE2"), bank="B1")})
        == 4
    )
    assert key(Keys("DE1"), bank="B1", booked_on=date(2026, 3, 11)) != first


@pytest.mark.parametrize("bank", ["", "NONREF", "nonref", "NOTPROVIDED"])
def test_without_one_all_facts_count_however_they_are_written(bank: str) -> None:
    facts = {"remittance": "Ranzen 1", "counterparty_name": "Erika Muster", "end": "E1", "other": "DE7"}
    first = key(Keys("DE1"), bank=bank, **facts)
    same = {**facts, "remittance": "RANZEN-1", "counterparty_name": "erika  muster"}
    assert key(Keys("DE1"), bank="", **same) == first
    for name, value in (
        ("remittance", "Schuhe"),
        ("counterparty_name", "Karl"),
        ("end", "E2"),
        ("other", "DE8"),
    ):
        assert key(Keys("DE1"), bank="", **{**facts, name: value}) != first


def test_equal_lines_of_a_statement_are_two_and_the_next_statement_gives_the_same_keys() -> None:
    keys = Keys("DE1")
    first, second, other = key(keys), key(keys), key(keys, amount_cents=1)
    assert len({first, second, other}) == 3
    keys.begin()
    assert [key(keys), key(keys), key(keys, amount_cents=1)] == [first, second, other]
