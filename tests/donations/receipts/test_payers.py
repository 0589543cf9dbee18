"""Another name paid: the gift is booked, its receipt waits until a treasurer has said whose gift it is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from citizens.services.links import my_page_token
from donations.models import Donation, TransferReference
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.models import PayerNote, Receipt
from donations.receipts.selectors.payers import about_of, payer_to_say
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.payers import note_payers, say_who_gave
from donations.receipts.services.retention import purge, restrict
from donations.receipts.services.withdrawal import withdraw_untrue
from donations.receipts.services.yearly import issue_year
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation.actors import system
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.receipts.bodies import city, hand, make_issuer, valid_receipts
from tests.donations.visits import give, newest
from tests.factories import make_user

AT = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
WAITS = "Bitte sagen Sie, wer gegeben hat."
HEUTE = "/koordination/"
DAY = date(2026, 6, 2)
GIVER, GRANDMOTHER = "Jonas Kanarienvogel", "Erna Kanarienvogel"
WISH: dict[str, Any] = {"wants_receipt": "on", "name": GIVER, "street": "Weg 1", "postcode": "52349"}


@pytest.fixture
def treasurer(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


@pytest.fixture
def gift(browser: Client, fund: Fund) -> Donation:
    """25 € promised by transfer, with the wish for a receipt, to a body that issues them."""
    make_issuer(fund.provider, city(fund), at=AT)
    give(browser, method="transfer", town="Düren", **WISH)
    return newest()


def came(gift: Donation, payer: str, cents: int = 2500, on: date = DAY) -> Donation:
    """Let the bank tell of a transfer under the gift's code; returns the gift that it pays."""
    code = TransferReference.objects.get(donation=gift).reference
    credit = Credit(on, Cents(cents), payer, code)
    line, _is_new = record_bank_transfer(gift.fund.provider, credit, recorded_by=None, now=AT)
    return line.allocations.get().donation


def refused(gift: Donation) -> Refusal:
    with pytest.raises(IssueRefused) as told:
        issue([gift.pk], actor=system("test"), now=AT)
    return told.value.reason


def said(gift: Donation, verdict: str, by: User, reason: str = "Telefonisch gefragt") -> int:
    gift.refresh_from_db()
    return say_who_gave(gift, verdict, reason, by=by, actor=hand(by), now=AT)


def names_printed(gift: Donation) -> list[str]:
    return [each.snapshot["donor"]["lines"][0] for each in valid_receipts(gift)]


def test_it_is_booked_and_thanked_and_its_receipt_waits(gift: Donation, fund: Fund) -> None:
    came(gift, GRANDMOTHER)
    gift.refresh_from_db()
    assert (gift.status, gift.amount_cents) == ("received", 2500)
    assert Message.objects.filter(template="gift_thanks").count() == 1
    assert [*faults(), *row_faults()] == []
    assert refused(gift) == Refusal.PAYER_UNCLEAR
    outcome = issue_year(2026, AT)
    assert (outcome.issued, dict(outcome.left)) == (0, {"payer_unclear": 1})
    assert not Receipt.objects.exists()


def test_the_same_name_in_other_writing_waits_for_nobody(gift: Donation) -> None:
    came(gift, "KANARIENVOGEL, JONAS")
    assert note_payers(AT) == 0
    assert not payer_to_say().exists()
    assert issue_year(2026, AT).issued == 1
    assert names_printed(gift) == [GIVER]


@pytest.mark.parametrize("verdict", ["giver", "joint"])
def test_it_is_the_givers_when_a_treasurer_says_so(gift: Donation, treasurer: User, verdict: str) -> None:
    came(gift, GRANDMOTHER)
    assert said(gift, verdict, treasurer) == 1
    assert issue_year(2026, AT).issued == 1
    assert names_printed(gift) == [GIVER]


def test_what_another_paid_is_receipted_to_nobody_else(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    said(gift, "another", treasurer)
    assert refused(gift) == Refusal.PAID_BY_ANOTHER
    assert dict(issue_year(2026, AT).left) == {"paid_by_another": 1}


def test_who_paid_gets_it_under_their_own_name_and_own_gifts_keep_theirs(
    gift: Donation, treasurer: User
) -> None:
    own = came(gift, GIVER)
    hers = came(gift, GRANDMOTHER, 4000)
    assert own != hers
    said(hers, "another", treasurer)
    client = Client()
    client.force_login(treasurer)
    address = {"name": GRANDMOTHER, "street": "Weg 2", "postcode": "52349", "town": "Düren"}
    page = reverse("coordination_wish", args=[hers.pk])
    assert client.post(page, address).status_code == 303
    assert issue_year(2026, AT).issued == 2
    assert (names_printed(own), names_printed(hers)) == ([GIVER], [GRANDMOTHER])


def test_the_giver_takes_it_over_by_no_name(gift: Donation, treasurer: User) -> None:
    own, hers = came(gift, GIVER), came(gift, GRANDMOTHER, 4000)
    said(hers, "another", treasurer)
    mailbox = own.donor.mailbox
    assert mailbox is not None
    new = {"name": GRANDMOTHER, "street": "Weg 2", "postcode": "52349", "town": "Düren"}
    for each, status in ((hers, 404), (own, 303)):
        page = reverse("my_receipt_address", args=[my_page_token(mailbox, utc_now()), each.pk])
        assert Client().post(page, new).status_code == status
    names = Donation.objects.in_bulk([own.pk, hers.pk])
    assert (names[own.pk].donor_name, names[hers.pk].donor_name) == (GRANDMOTHER, GIVER)
    assert refused(hers) == Refusal.PAID_BY_ANOTHER
    assert refused(own) == Refusal.PAYER_UNCLEAR


def test_said_otherwise_later_the_receipt_is_withdrawn(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    said(gift, "giver", treasurer, "Sagt er")
    first = issue([gift.pk], actor=system("test"), now=AT)
    assert withdraw_untrue(AT) == 0
    said(gift, "another", treasurer, "Sagt die Bank")
    assert withdraw_untrue(AT) == 1
    first.refresh_from_db()
    assert (first.status, first.withdrawn_for, valid_receipts(gift)) == ("withdrawn", "correction", [])
    assert withdraw_untrue(AT) == 0
    note = PayerNote.objects.get()
    assert (note.verdict, note.reason, note.decided_by, note.decided_at) == (
        "another", "Sagt die Bank", treasurer, AT,
    )  # fmt: skip
    lines = lines_of(note).filter(kind="transition").order_by("pk")
    steps = list(lines.values_list("from_status", "to_status", "reason", "actor_user"))
    assert steps == [
        ("open", "giver", "Sagt er", treasurer.pk),
        ("giver", "another", "Sagt die Bank", treasurer.pk),
    ]


def test_a_standing_order_is_asked_about_once_and_another_name_anew(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    again = came(gift, GRANDMOTHER, on=date(2026, 6, 9))
    third = came(gift, "Muster Logistik GmbH", on=date(2026, 6, 16))
    assert note_payers(AT) == 2
    assert note_payers(AT) == 0
    assert list(payer_to_say().values_list("pk", flat=True)) == [gift.pk, again.pk, third.pk]
    said(gift, "joint", treasurer)
    assert list(payer_to_say()) == [third]
    assert refused(third) == Refusal.PAYER_UNCLEAR
    assert issue([gift.pk, again.pk], actor=system("test"), now=AT).total_cents == 5000


def test_one_part_of_another_name_holds_the_whole(gift: Donation, treasurer: User) -> None:
    came(gift, GIVER, 1000)
    assert came(gift, GRANDMOTHER, 1500) == gift
    assert refused(gift) == Refusal.PAYER_UNCLEAR
    said(gift, "joint", treasurer)
    assert issue([gift.pk], actor=system("test"), now=AT).total_cents == 2500


def test_without_a_name_at_the_bank_nothing_differs(gift: Donation) -> None:
    came(gift, "")
    assert note_payers(AT) == 0
    assert issue([gift.pk], actor=system("test"), now=AT).total_cents == 2500


def test_a_treasurer_sees_both_names_and_says_it(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    note_payers(AT)
    client = Client()
    client.force_login(treasurer)
    today = client.get(HEUTE).content.decode()
    assert "Abweichende Namen bei Überweisungen klären" in today
    page = reverse("coordination_wish", args=[gift.pk])
    html = client.get(page).content.decode()
    assert f"Zugesagt hat {GIVER}, gezahlt wurde vom Konto von {GRANDMOTHER}." in html
    assert WAITS in html
    door = reverse("coordination_wish_payer", args=[gift.pk])
    client.post(door, {"verdict": "joint", "reason": ""})
    client.post(door, {"verdict": "nonsense", "reason": "x"})
    assert PayerNote.objects.get().verdict == ""
    answer = client.post(door, {"verdict": "joint", "reason": "Steht im Brief"})
    assert (answer.status_code, answer["Location"]) == (303, page)
    html = client.get(page).content.decode()
    assert "Ein Gemeinschaftskonto der Spender*in: eingetragen von" in html
    assert "(Steht im Brief)" in html
    assert WAITS not in html
    assert "Abweichende Namen" not in client.get(HEUTE).content.decode()


def test_who_is_erased_leaves_no_note_and_old_ones_go(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    said(gift, "joint", treasurer)
    note = PayerNote.objects.get()
    PayerNote.objects.create(
        donor=gift.donor, provider=gift.fund.provider, about=about_of("a", "b"),
        noted_at=datetime(2016, 12, 31, 12, 0, tzinfo=UTC),
    )  # fmt: skip
    assert purge(AT) == 1
    assert PayerNote.objects.get() == note
    assert gift.donor.mailbox is not None
    restrict(gift.donor.mailbox, AT)
    assert not PayerNote.objects.exists()


def test_the_database_knows_no_verdict_without_hand_and_reason(gift: Donation, treasurer: User) -> None:
    came(gift, GRANDMOTHER)
    said(gift, "joint", treasurer)
    for wrong in ({"reason": ""}, {"decided_by": None}, {"verdict": "nobody"}, {"verdict": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayerNote.objects.update(**wrong)
