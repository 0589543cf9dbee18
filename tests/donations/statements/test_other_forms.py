"""The same movements come again as another form tells them, or whole instead of itemised: booked once."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from donations.domain.bank_lines import LineFacts
from donations.domain.periods import Period, moved_on, told_by_balances
from donations.domain.references import reference_for
from donations.domain.twins import pairs
from donations.models import BankTransaction, Donation, LedgerEntry, StatementImport
from donations.selectors.ledger import faults
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund
from tests.donations.statements.written import archive, balance, camt, entry, item, mt940, text
from tests.donations.visits import give, newest
from tests.profiles import one_in

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer."""
    give(browser, method="transfer")
    return newest()


def take(folder: Path, fund: Fund, content: str | bytes) -> tuple[int, int]:
    """Take a statement over; how many lines it has and how many of them were new."""
    path = folder / "auszug"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = import_statement(fund.provider, path, imported_by=None, now=NOW)
    return done.lines, done.new_lines


def balances(opening: str, closing: str) -> str:
    return balance("OPBD", opening) + balance("CLBD", closing)


def came(amount: str, name: str, said: str, *, bank: str = "") -> str:
    """A credit of 2 March in camt.053."""
    party = f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>" if name else ""
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>" if bank else ""
    return entry(amount, "CRDT", item(party, text(said) if said else ""), reference=own)


def older(amount: str, name: str, said: str, *, sign: str = "C", day: str = "260302") -> list[str]:
    """The same in MT940: subfields of 27 signs, a name of two of them, no more of the text than fits."""
    pieces = [f"?{20 + place}{piece}" for place, piece in enumerate(_cut(f"SVWZ+{said}", 27)[:10])]
    names = [f"?{32 + place}{piece}" for place, piece in enumerate(_cut(name, 27)[:2])]
    return [
        f":61:{day}{day[2:]}{sign}{amount.replace('.', ',')}NTRFNONREF",
        f":86:166?00GUTSCHRIFT{''.join(pieces)}{''.join(names)}",
    ]


def _cut(said: str, at: int) -> list[str]:
    return [said[start : start + at] for start in range(0, len(said), at)]


def money() -> dict[str, int]:
    """What stands on each kind of account in the ledger, in cents."""
    sums: dict[str, int] = {}
    for booked in LedgerEntry.objects.select_related("account"):
        sums[booked.account.kind] = sums.get(booked.account.kind, 0) + booked.amount_cents
    return {kind: cents for kind, cents in sums.items() if cents}


def lines() -> list[tuple[int, str]]:
    """What stands as a line that was not cancelled."""
    rows = BankTransaction.objects.filter(cancelled_at=None).order_by("amount_cents", "pk")
    return list(rows.values_list("amount_cents", "counterparty_name"))


@pytest.mark.parametrize("first", ["camt", "mt940"])
def test_one_day_in_both_forms_is_booked_and_thanked_once(
    tmp_path: Path, promised: Donation, fund: Fund, first: str
) -> None:
    code = promised.transfer_reference.reference
    forms = {
        "camt": camt(
            came("25.00", "Ada Beispiel", f"Spende {code}", bank="B1"),
            came("7.50", "Jörg Müßigbrodt-Überländer und Familie", "Für die Kinder in Düren", bank="B2"),
            came("7.50", "", "", bank="B3"),
            balances=balances("100.00", "140.00"),
        ),
        "mt940": mt940(
            *older("25.00", "ADA BEISPIEL", f"SPENDE {code}"),
            *older("7.50", "JOERG MUESSIGBRODT-UEBERLAENDER UND FAMILIE", "FUER DIE KINDER IN DUEREN"),
            *older("7.50", "", ""),
            closing="C260302EUR140,00",
        ),
    }
    second = {"camt": "mt940", "mt940": "camt"}[first]
    assert take(tmp_path, fund, forms[first]) == (3, 3)
    assert take(tmp_path, fund, forms[second]) == (3, 0)
    assert take(tmp_path, fund, forms[second]) == (3, 0)
    assert take(tmp_path, fund, forms[first]) == (3, 0)
    assert money() == {"bank": 4000, "fund": -2500, "unclear": -1500}
    assert Message.objects.filter(template="gift_thanks").count() == 1
    assert faults() == []


def test_what_only_one_form_tells_is_new(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(came("7.50", "Ada", "eins"), came("7.50", "Ada", "eins")))
    whole_day = mt940(
        *older("7.50", "Ada", "eins"),
        *older("7.50", "Ada", "eins"),
        *older("7.50", "Ada", "eins"),
        *older("7.50", "Bea", "eins"),
        *older("8.00", "Ada", "eins"),
        closing="C260302EUR138,00",
    )
    assert take(tmp_path, fund, whole_day) == (5, 3)
    assert lines() == [(750, "Ada"), (750, "Ada"), (750, "Ada"), (750, "Bea"), (800, "Ada")]
    assert take(tmp_path, fund, whole_day) == (5, 0)


def test_another_day_another_amount_another_code_are_other_movements(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = promised.transfer_reference.reference
    take(tmp_path, fund, camt(came("25.00", "Ada", f"{code}"), came("9.00", "Ada", "neun")))
    others = mt940(
        *older("25.00", "Ada", reference_for("23456789AB")),
        *older("9.00", "Ada", "neun", day="260303"),
        *older("9.07", "Ada", "neun"),
        *older("9.00", "Ada", "neun", sign="D"),
        closing="C260303EUR134,07",
    )
    assert take(tmp_path, fund, others) == (4, 4)


def test_the_rest_of_a_day_in_another_form_is_new_though_it_looks_the_same(
    tmp_path: Path, fund: Fund
) -> None:
    """Two equal gifts of one person on one day, each in a part of it: the balances tell them apart."""
    morning = camt(came("10.00", "Ada", "Spende", bank="B1"), balances=balances("100.00", "110.00"))
    afternoon = mt940(
        *older("10.00", "Ada", "Spende"), opening="C260302EUR110,00", closing="C260302EUR120,00"
    )
    assert take(tmp_path, fund, morning) == (1, 1)
    assert take(tmp_path, fund, afternoon) == (1, 1)
    whole = mt940(
        *older("10.00", "Ada", "Spende"), *older("10.00", "Ada", "Spende"), closing="C260302EUR120,00"
    )
    assert take(tmp_path, fund, whole) == (2, 0)
    assert money() == {"bank": 2000, "unclear": -2000}


def test_the_same_balances_make_up_for_words_that_a_bank_writes_otherwise(tmp_path: Path, fund: Fund) -> None:
    """Other words alone are another movement; not between the same balances of the same days."""
    told = camt(came("10.00", "Ada Beispiel", "Spende"), balances=balances("100.00", "110.00"))
    take(tmp_path, fund, told)
    otherwise = older("10.00", "GIROKONTO 4711", "DAUERAUFTRAG")
    assert take(tmp_path, fund, mt940(*otherwise, closing="C260302EUR110,00")) == (1, 0)
    longer = mt940(*otherwise, *older("1.00", "", "Zins"), closing="C260302EUR111,00")
    assert take(tmp_path, fund, longer) == (2, 1)
    assert lines() == [(100, ""), (1000, "Ada Beispiel")]


def batch(*amounts: str, said: str = "Spende {}", itemised: bool = True, bank: str = "") -> str:
    """A collection of several gifts, as one entry of camt.053."""
    total = sum(float(amount) for amount in amounts)
    own = f"<AcctSvcrRef>{bank}</AcctSvcrRef>" if bank else ""
    items = [
        item(
            f'<Amt Ccy="EUR">{amount}</Amt>',
            f"<RltdPties><Dbtr><Pty><Nm>Person {place} von {total:.2f}</Nm></Pty></Dbtr></RltdPties>",
            text(said.format(place)),
        )
        for place, amount in enumerate(amounts)
    ]
    remark = "<AddtlNtryInf>SAMMELGUTSCHRIFT</AddtlNtryInf>"
    return entry(f"{total:.2f}", "CRDT", *(items if itemised else []), reference=own, remark=remark)


@pytest.mark.parametrize("bank", ["B1", ""])
def test_a_batch_that_comes_whole_and_later_itemised_is_booked_once_by_its_items(
    tmp_path: Path, promised: Donation, fund: Fund, bank: str
) -> None:
    said = f"{promised.transfer_reference.reference} {{}}"
    whole = camt(batch("25.00", "7.50", said=said, itemised=False, bank=bank))
    itemised = camt(batch("25.00", "7.50", said=said, bank=bank))
    assert take(tmp_path, fund, whole) == (1, 1)
    assert money() == {"bank": 3250, "unclear": -3250}
    assert take(tmp_path, fund, itemised) == (2, 2)
    assert lines() == [(750, "Person 1 von 32.50"), (2500, "Person 0 von 32.50")]
    assert money()["bank"] == 3250
    assert take(tmp_path, fund, itemised) == (2, 0)
    assert take(tmp_path, fund, whole) == (1, 0)
    assert money()["bank"] == 3250
    assert faults() == []


@pytest.mark.parametrize(("opening", "cents"), [("", 3250), ("132.50", 6500)])
def test_a_whole_that_names_somebody_is_its_batch_by_the_reference_unless_balances_tell_two(
    tmp_path: Path, fund: Fund, opening: str, cents: int
) -> None:
    """Once, then, as long as nothing says that its items came after it."""
    whole = came("32.50", "Zahlungsdienst", "Sammler", bank="B1")
    assert take(tmp_path, fund, camt(whole, balances=balances("100.00", "132.50"))) == (1, 1)
    told = balances(opening, "165.00") if opening else ""
    itemised = camt(batch("25.00", "7.50", bank="B1"), balances=told)
    for new in (2, 0):
        assert take(tmp_path, fund, itemised) == (2, new)
        assert money() == {"bank": cents, "unclear": -cents}
    assert faults() == []


@pytest.mark.parametrize("bank", ["B1", ""])
def test_a_batch_that_comes_itemised_and_later_whole_is_booked_once(
    tmp_path: Path, fund: Fund, bank: str
) -> None:
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", bank=bank))) == (2, 2)
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", itemised=False, bank=bank))) == (1, 0)
    older_form = mt940(*older("32.50", "", "SAMMLER 2 POSTEN"), closing="C260302EUR132,50")
    assert take(tmp_path, fund, older_form) == (1, 0)
    assert take(tmp_path, fund, older_form) == (1, 0)
    assert money() == {"bank": 3250, "unclear": -3250}


def test_a_gift_as_large_as_a_batch_of_its_day_is_no_batch(tmp_path: Path, fund: Fund) -> None:
    take(tmp_path, fund, camt(batch("25.00", "7.50")))
    both = mt940(*older("32.50", "Bea", "Spende"), *older("32.50", "", "SAMMLER"), closing="C260302EUR165,00")
    assert take(tmp_path, fund, both) == (2, 1)
    assert lines() == [(750, "Person 1 von 32.50"), (2500, "Person 0 von 32.50"), (3250, "Bea")]


def test_what_names_a_gift_of_ours_is_no_batch_of_that_sum_though_it_names_nobody(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    take(tmp_path, fund, camt(batch("20.00", "5.00")))
    code = promised.transfer_reference.reference
    alone = mt940(*older("25.00", "", code), closing="C260302EUR125,00")
    assert take(tmp_path, fund, alone) == (1, 1)
    assert money() == {"bank": 5000, "fund": -2500, "unclear": -2500}
    assert take(tmp_path, fund, alone) == (1, 0)


def test_a_batch_in_the_older_form_gives_way_to_its_items(tmp_path: Path, fund: Fund) -> None:
    older_form = mt940(*older("32.50", "", "SAMMLER 2 POSTEN"), closing="C260302EUR132,50")
    assert take(tmp_path, fund, older_form) == (1, 1)
    assert take(tmp_path, fund, camt(batch("25.00", "7.50", bank="B1"))) == (2, 2)
    assert take(tmp_path, fund, older_form) == (1, 0)
    assert lines() == [(750, "Person 1 von 32.50"), (2500, "Person 0 von 32.50")]
    assert money() == {"bank": 3250, "unclear": -3250}
    assert faults() == []


def test_a_whole_that_a_human_gave_to_a_gift_stays_and_its_items_are_known(
    tmp_path: Path, promised: Donation, fund: Fund
) -> None:
    code = promised.transfer_reference.reference
    older_form = mt940(*older("25.00", "", f"SAMMLER {code}"), closing="C260302EUR125,00")
    take(tmp_path, fund, older_form)
    itemised = camt(batch("20.00", "5.00", said=f"{code} {{}}"))
    assert take(tmp_path, fund, itemised) == (2, 0)
    assert take(tmp_path, fund, itemised) == (2, 0)
    assert money() == {"bank": 2500, "fund": -2500}


def test_both_forms_in_one_archive_are_booked_once(tmp_path: Path, fund: Fund) -> None:
    packed = archive(
        a_xml=camt(came("7.50", "Ada", "eins", bank="B1"), batch("25.00", "7.50")).encode(),
        b_sta=mt940(
            *older("7.50", "Ada", "eins"), *older("32.50", "", "SAMMLER"), closing="C260302EUR140,00"
        ).encode(),
    )
    assert take(tmp_path, fund, packed) == (5, 3)
    assert take(tmp_path, fund, packed) == (5, 0)
    assert money() == {"bank": 4000, "unclear": -4000}


def test_a_line_typed_by_hand_is_merged_and_then_known_in_the_other_form(tmp_path: Path, fund: Fund) -> None:
    typed = Credit(date(2026, 3, 2), Cents(750), "Ada", "")
    record_bank_transfer(fund.provider, typed, recorded_by=None, now=NOW)
    take(tmp_path, fund, camt(came("7.50", "Ada Beispiel", "eins", bank="B1")))
    older_form = mt940(*older("7.50", "ADA BEISPIEL", "EINS"), closing="C260302EUR107,50")
    assert take(tmp_path, fund, older_form) == (1, 0)
    assert lines() == [(750, "Ada Beispiel")]


DAY = date(2026, 3, 2)


def period(opening: int | None, *moved: int) -> Period:
    """What moved on 2 March and the days before."""
    days = {DAY - timedelta(days=back): cents for back, cents in enumerate(reversed(moved))}
    return Period(1, None if opening is None else Cents(opening), Counter(days))


def test_statements_are_apart_where_one_begins_with_the_balance_of_the_other() -> None:
    morning, afternoon = period(100, 10), period(110, 20)
    assert told_by_balances(morning, afternoon, DAY) == "apart"
    assert told_by_balances(afternoon, morning, DAY) == "apart"
    assert told_by_balances(period(90, 10, 10), afternoon, DAY) == "apart"
    # On a day on which nothing remained each part of it stands between the same balances.
    assert told_by_balances(period(100, 10, 0), period(110, 0), DAY) == "perhaps"
    assert told_by_balances(period(100, 10), period(110, 0), DAY) == "perhaps"
    assert told_by_balances(period(110, 0), period(110, 20), DAY) == "perhaps"


def test_statements_are_the_same_on_a_day_that_both_tell_between_the_same_balances() -> None:
    assert told_by_balances(period(100, 10), period(70, 30, 10), DAY) == "same"
    assert told_by_balances(period(100, 10), period(100, 11), DAY) == "perhaps"
    assert told_by_balances(period(100, 10), period(101, 9), DAY) == "perhaps"
    assert told_by_balances(period(None, 10), period(None, 10), DAY) == "perhaps"
    assert told_by_balances(period(100, 10), period(None, 10), DAY) == "perhaps"


def test_a_period_is_kept_with_its_import() -> None:
    told = period(100, 30, 10)
    assert Period.of(json.loads(json.dumps(told.kept()))) == told
    assert told.tells(1, DAY)
    assert not told.tells(2, DAY)
    assert not told.tells(1, DAY + timedelta(days=1))


def moved(opening: int, *amounts: int) -> Period:
    told = Period(1, Cents(opening))
    for cents in amounts:
        told.add(DAY, Cents(cents))
    return told


def test_parts_that_reached_no_two_balances_in_common_are_apart() -> None:
    assert told_by_balances(moved(100, 10), moved(120, 10), DAY) == "apart"
    assert told_by_balances(moved(100, 10), moved(90, -10), DAY) == "apart"
    assert told_by_balances(moved(100, 10, 11, -11), moved(120, 10), DAY) == "perhaps"
    assert told_by_balances(moved(100, 10), moved(109, 10), DAY) == "perhaps"
    assert told_by_balances(moved(100, 10), moved(100, 10, 10), DAY) == "perhaps"
    assert told_by_balances(moved(100, 10, -10), moved(100, 10, -10), DAY) == "perhaps"


@pytest.mark.parametrize(
    ("told", "cents"),
    [
        ([moved(100, 10, 5)], 15),
        ([moved(100, 10), moved(110, 5)], 15),
        ([moved(100, 10), moved(120, 5)], 15),
        ([moved(100, 10), moved(100, 10, 5), moved(105, 10)], 15),
        ([moved(100, -10), moved(85, -5)], -15),
        ([moved(100, 10, -5), moved(105, 7)], 12),
        ([moved(100, 10, -5), moved(107, 7)], None),
        ([moved(100, 10, -10)], None),
        ([moved(100, 10), period(None, 10)], None),
        ([period(100, 10)], 10),
        ([], None),
    ],
)
def test_what_moved_on_a_day_is_told_by_the_balances(told: list[Period], cents: int | None) -> None:
    assert moved_on(DAY, told) == cents


def facts(name: str, said: str) -> LineFacts:
    return LineFacts(date(2026, 3, 2), Cents(1000), name, said)


def test_who_is_surest_takes_first() -> None:
    known = {1: facts("Ada Beispiel", ""), 2: facts("", "Spende"), 3: facts("Ada Beispiel", "Spende Mai")}
    new = {"a": facts("", ""), "b": facts("ADA BEISPIEL", "SPENDE MAI"), "c": facts("Ada", "Juni")}
    assert pairs(new, known, lambda _key, _pk: "perhaps") == {"a": 2, "b": 3, "c": 1}
    assert pairs(new, known, lambda _key, _pk: "apart") == {}
    assert len(pairs(new, known, lambda _key, _pk: "same")) == 3
    assert pairs({"d": facts("Bea", "")}, {1: known[1]}, lambda _key, _pk: "perhaps") == {}
    assert pairs({"d": facts("Bea", "")}, {1: known[1]}, lambda _key, _pk: "same") == {"d": 1}


NAMES = ["Ada Beispiel", "Björn Groß", "Bürgerstiftung für die Kinder der Stadt Düren e. V.", ""]
WORDS = ["Spende", "Für den Ranzen, Schuljahr 2026/27, mit herzlichen Grüßen an alle Beteiligten", ""]
Movement = tuple[int, str, str]
Group = list[Movement]  # several are one entry of the account that the bank may itemise


@one_in(8)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_told_in_whatever_form_and_order_each_movement_is_booked_once(
    seed: int, tmp_path_factory: pytest.TempPathFactory, fund: Fund
) -> None:
    """Six days with equal gifts; statements of whole days in both forms, overlapping, again, in any order."""
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("statements")
    start = date(2020, 1, 1) + timedelta(days=10 * (StatementImport.objects.count() % 200))
    before = money().get("bank", 0)
    days = [[_group(dice) for _each in range(dice.randint(0, 4))] for _day in range(6)]
    told: set[int] = set()
    for _statement in range(dice.randint(2, 6)):
        first = dice.randint(0, 5)
        last = dice.randint(first, 5)
        if any(days[first : last + 1]):
            told |= set(range(first, last + 1))
            take(folder, fund, _written(dice, days, first, last, start))
    assert money().get("bank", 0) - before == sum(_cents(days[day]) for day in told)
    assert faults() == []


@one_in(8)
@given(seed=st.integers(0, 10**6))
def test_parts_of_days_are_booked_once_whatever_statement_tells_them(
    seed: int, tmp_path_factory: pytest.TempPathFactory, fund: Fund
) -> None:
    """The same with statements that begin or end at noon: the morning and the afternoon are each a part."""
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("statements")
    start = date(2020, 1, 1) + timedelta(days=10 * (StatementImport.objects.count() % 200))
    before = money().get("bank", 0)
    halves = [[_group(dice)[:1] for _each in range(dice.randint(1, 3))] for _half in range(6)]
    told: set[int] = set()
    for _statement in range(dice.randint(2, 8)):
        first = dice.randint(0, 5)
        last = dice.randint(first, 5)
        told |= set(range(first, last + 1))
        take(folder, fund, _written(dice, halves, first, last, start, per_day=2))
    assert money().get("bank", 0) - before == sum(_cents(halves[half]) for half in told)
    assert faults() == []


def _group(dice: random.Random) -> Group:
    sizes = [1, 1, 1, dice.randint(2, 3)]
    return [
        (dice.choice([500, 1000, 2500]), dice.choice(NAMES), dice.choice(WORDS))
        for _each in range(dice.choice(sizes))
    ]


def _cents(groups: list[Group]) -> int:
    return sum(cents for group in groups for cents, _name, _said in group)


def _written(
    dice: random.Random, days: list[list[Group]], first: int, last: int, start: date, *, per_day: int = 1
) -> str:
    opening = 100_000 + sum(map(_cents, days[:first]))
    closing = opening + sum(map(_cents, days[first : last + 1]))
    moved = [
        (start + timedelta(days=place // per_day), group)
        for place in range(first, last + 1)
        for group in days[place]
    ]
    if dice.randint(0, 1):
        return camt(
            *[
                _newer(group, is_itemised=bool(dice.randint(0, 1))).replace("2026-03-02", f"{on}", 1)
                for on, group in moved
            ],
            balances=balances(euro(opening), euro(closing)),
        )
    return mt940(
        *[piece for on, group in moved for piece in _older(group, f"{on:%y%m%d}")],
        opening=f"C{start:%y%m%d}EUR{euro(opening)}".replace(".", ","),
        closing=f"C{start:%y%m%d}EUR{euro(closing)}".replace(".", ","),
    )


def euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _newer(group: Group, *, is_itemised: bool) -> str:
    if len(group) == 1:
        ((cents, name, said),) = group
        return came(euro(cents), name, said)
    return batch(*[euro(cents) for cents, _name, _said in group], itemised=is_itemised)


def _older(group: Group, day: str) -> list[str]:
    swift = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ü": "UE"})
    if len(group) > 1:
        return older(euro(_cents([group])), "", "SAMMLER", day=day)
    ((cents, name, said),) = group
    return older(euro(cents), name.translate(swift), said.translate(swift), day=day)
