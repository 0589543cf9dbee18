"""What a statement tells beside its text: the day of Wertstellung, and every reference, with our codes."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from citizens.services.erasure import erase
from donations.domain.bank_lines import TEXT_MAX, references_kept
from donations.domain.references import codes_in, new_reference
from donations.models import BankTransaction, Donation
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.personal_data import erase_giver, stored_about
from donations.services.treasury.proposals import propose_payout, release
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.statements.written import camt, entry, item, mt940, text
from tests.donations.visits import give, newest
from tests.factories import make_user

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
BOOKED, VALUED = date(2026, 3, 2), date(2026, 3, 3)
ABROAD = "AT611904300234573201"
TOLD = ["Ada Beispiel", "Ada Beispiel gibt", "Ada-3", "AT"]
PARTY = "<RltdPties><Dbtr><Pty><Nm>Ada Beispiel</Nm></Pty></Dbtr></RltdPties>"


@pytest.fixture
def promised(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer."""
    give(browser, method="transfer")
    return newest()


def code_of(gift: Donation) -> str:
    return str(gift.transfer_reference.reference)


def take(folder: Path, fund: Fund, content: str) -> tuple[int, int]:
    """Import a statement: how many lines it had, and how many of them were new."""
    path = folder / "auszug"
    path.write_text(content)
    done = import_statement(fund.provider, path, imported_by=None, now=NOW)
    assert [*faults(), *row_faults()] == []
    return done.lines, done.new_lines


def with_refs(**refs: str) -> str:
    """A camt.053 of one line over 25 € whose text says nothing."""
    written = "".join(f"<{name}>{said}</{name}>" for name, said in refs.items())
    return camt(entry("25.00", "CRDT", item(f"<Refs>{written}</Refs>", PARTY, text("Spende"))))


def with_words(words: str, line: str = ":61:2603030302C25,00NTRFNONREF//B1") -> str:
    """An MT940 of one line over 25 €."""
    return mt940(line, f":86:166?00GUTSCHRIFT{words}?32Ada Beispiel")


@pytest.mark.parametrize("place", ["EndToEndId", "InstrId", "TxId", "MndtId"])
def test_a_code_in_any_reference_leads_a_line_to_its_gift_once(
    place: str, promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    file = with_refs(**{place: code_of(promised)})
    assert [take(tmp_path, fund, file), take(tmp_path, fund, file)] == [(1, 1), (1, 0)]
    promised.refresh_from_db()
    fund.refresh_from_db()
    assert (promised.status, promised.amount_cents, fund.balance_cents) == ("received", 2500, 2500)
    assert BankTransaction.objects.get().remittance == "Spende"


@pytest.mark.parametrize("key", ["EREF", "KREF", "MREF", "CRED", "ABWA", "ABWE", "DEBT"])
def test_so_does_one_behind_any_word_of_mt940(
    key: str, promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    file = with_words(f"?20{key}+{code_of(promised)}?21SVWZ+Spende")
    assert [take(tmp_path, fund, file), take(tmp_path, fund, file)] == [(1, 1), (1, 0)]
    promised.refresh_from_db()
    assert (promised.status, BankTransaction.objects.get().remittance) == ("received", "Spende")


def test_and_one_that_stands_as_the_reference_of_the_customer(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    take(tmp_path, fund, with_words("?20SVWZ+Spende", f":61:2603030302C25,00NTRF{code_of(promised)}//B1"))
    promised.refresh_from_db()
    assert promised.status == "received"


def test_a_line_keeps_all_its_references_and_the_day_of_its_value(fund: Fund, tmp_path: Path) -> None:
    take(tmp_path, fund, with_refs(InstrId="I-1", EndToEndId="NOTPROVIDED", TxId="T-2", MndtId="M-3"))
    line = BankTransaction.objects.get()
    assert (line.booked_on, line.valued_on, line.refs) == (BOOKED, VALUED, "I-1 T-2 M-3")


def test_so_does_one_of_mt940(fund: Fund, tmp_path: Path) -> None:
    words = "?20EREF+E-1?21KREF+K-2?22MREF+M-3?23CRED+DE98ZZZ09999999999?24SVWZ+Spende?25ABWA+Eva"
    take(tmp_path, fund, with_words(words))
    line = BankTransaction.objects.get()
    assert (line.booked_on, line.valued_on) == (BOOKED, VALUED)
    assert line.refs == "E-1 K-2 M-3 DE98ZZZ09999999999"


def test_the_gift_counts_on_the_day_it_was_booked_and_not_of_its_value(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    file = camt(
        entry(
            "25.00", "CRDT", item(text(code_of(promised))),
            booked="<BookgDt><Dt>2025-12-31</Dt></BookgDt>", value="<ValDt><Dt>2026-01-02</Dt></ValDt>",
        )
    )  # fmt: skip
    take(tmp_path, fund, file)
    promised.refresh_from_db()
    assert (promised.given_on, BankTransaction.objects.get().valued_on) == (
        date(2025, 12, 31),
        date(2026, 1, 2),
    )


def test_without_a_day_of_value_none_is_told(fund: Fund, tmp_path: Path) -> None:
    take(tmp_path, fund, camt(entry("25.00", "CRDT", item(text("Spende")), value="")))
    assert BankTransaction.objects.get().valued_on is None


def test_the_key_of_a_line_is_what_it_was(promised: Donation, fund: Fund, tmp_path: Path) -> None:
    """Keys that stand in the database already: another one would book the same line again."""
    take(tmp_path, fund, with_refs(EndToEndId="E-1", InstrId="I-1", TxId="T-2", MndtId="M-3"))
    with_more = BankTransaction.objects.get().fingerprint
    assert take(tmp_path, fund, with_refs(EndToEndId="E-1")) == (1, 0)
    assert BankTransaction.objects.get().fingerprint == with_more


def test_what_was_typed_with_the_code_is_the_line_that_has_it_as_a_reference(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    typed = Credit(BOOKED, Cents(2500), "", code_of(promised))
    record_bank_transfer(fund.provider, typed, recorded_by=None, now=NOW)
    assert take(tmp_path, fund, with_refs(EndToEndId=code_of(promised))) == (1, 0)
    promised.refresh_from_db()
    line = BankTransaction.objects.get()
    assert (promised.amount_cents, line.valued_on, line.refs) == (2500, VALUED, code_of(promised))


def test_the_same_line_in_both_forms_is_one_and_the_second_tells_the_code(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    camt_file = camt(entry("25.00", "CRDT", item(PARTY, text("Spende")), value=""))
    assert take(tmp_path, fund, camt_file) == (1, 1)
    assert take(tmp_path, fund, with_words(f"?20EREF+{code_of(promised)}?21SVWZ+Spende")) == (1, 0)
    promised.refresh_from_db()
    line = BankTransaction.objects.get()
    assert (promised.status, line.remittance, line.valued_on) == ("received", "Spende", VALUED)


def test_a_payout_is_met_by_a_code_that_stands_in_a_reference_alone(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
    take(tmp_path, fund, with_refs(EndToEndId=code_of(promised)))
    fund.refresh_from_db()
    payout = propose_payout(fund, Cents(1000), "Ranzen", by=one, now=NOW)
    assert release(payout.pk, by=other, now=NOW)
    refs = f"<Refs><EndToEndId>{payout.reference}</EndToEndId></Refs>"
    take(tmp_path, fund, camt(entry("10.00", "DBIT", item(refs, text("Ranzen")))))
    assert BankTransaction.objects.get(amount_cents=-1000).payout == payout


def test_no_code_begins_in_one_text_and_ends_in_another() -> None:
    code = new_reference()
    assert codes_in(code[:7], code[7:]) == []
    assert codes_in(f"Spende {code}", code) == [code]


def test_a_code_is_kept_though_the_references_are_too_long() -> None:
    code = new_reference()
    kept = references_kept(["A" * 300, "B" * 300, code, "A" * 300])
    assert (len(kept), codes_in(kept)) == (TEXT_MAX, [code])


def test_the_page_of_a_line_shows_both(client: Client, fund: Fund, tmp_path: Path) -> None:
    take(tmp_path, fund, with_refs(EndToEndId="E-1", MndtId="M-3"))
    client.force_login(make_user(Membership.Role.TREASURER, fund.provider))
    line = BankTransaction.objects.get()
    page = client.get(reverse("coordination_credit", args=[line.pk])).content.decode().replace("\xa0", " ")
    assert "Wertstellung" in page
    assert "3. März 2026" in page
    assert "E-1 M-3" in page


def test_the_giver_takes_them_along_and_they_go_when_the_giver_is_forgotten(
    promised: Donation, fund: Fund, tmp_path: Path
) -> None:
    take(tmp_path, fund, with_refs(EndToEndId=code_of(promised), MndtId="M-3"))
    mailbox = promised.donor.mailbox
    assert mailbox is not None
    (told,) = stored_about(mailbox)["spenden"]
    assert told["referenzen_der_kontobewegung"] == f"{code_of(promised)} M-3"
    assert told["wertstellung"] == "03.03.2026"
    erase_giver(mailbox, NOW)
    assert BankTransaction.objects.get().refs == ""


@pytest.mark.parametrize(("is_forgotten", "kept"), [(True, ["", "", "", ""]), (False, TOLD)])
def test_no_word_of_a_forgotten_giver_comes_back_with_the_file_of_a_line_that_was_typed(
    promised: Donation, fund: Fund, tmp_path: Path, is_forgotten: bool, kept: list[str]
) -> None:
    typed = Credit(BOOKED, Cents(2500), "Ada Beispiel", code_of(promised))
    line, _is_new = record_bank_transfer(fund.provider, typed, recorded_by=None, now=NOW)
    mailbox = promised.donor.mailbox
    assert mailbox is not None
    if is_forgotten:
        erase(mailbox, NOW)
    party = PARTY.replace("</Dbtr>", f"</Dbtr><DbtrAcct><Id><IBAN>{ABROAD}</IBAN></Id></DbtrAcct>")
    refs = f"<Refs><EndToEndId>{code_of(promised)}</EndToEndId><MndtId>Ada-3</MndtId></Refs>"
    told = camt(entry("25.00", "CRDT", item(refs, party, text("Ada Beispiel gibt"))))
    assert take(tmp_path, fund, told) == (1, 0)
    line.refresh_from_db()
    words = [line.counterparty_name, line.remittance, line.refs.partition(" ")[2], line.counterparty_country]
    assert (words, line.valued_on) == (kept, VALUED)
