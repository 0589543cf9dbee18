"""The rules of the books: whatever the order, the same books, and always balanced."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.ledger import Posting, gift, postings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def paid(**given_facts: object) -> PaymentFacts:
    known = {"external_id": "pi_1", "state": "succeeded", "amount_cents": 2500, "happened_at": START}
    return PaymentFacts(**{**known, **given_facts})  # type: ignore[arg-type]


def entries(payment: PaymentFacts) -> dict[str, tuple[tuple[str, int], ...]]:
    return {posting.key: posting.entries for posting in postings(payment)}


def test_nothing_is_booked_before_the_money_came() -> None:
    assert postings(paid(state="processing")) == []
    assert postings(paid(state="failed", fee_cents=35)) == []


def test_a_gift_belongs_to_its_purpose_in_full_and_its_fee_is_a_cost() -> None:
    assert entries(paid(fee_cents=63)) == {
        "gift:pi_1": (("stripe", 2500), ("fund", -2500)),
        "fee:pi_1": (("fees", 63), ("stripe", -63)),
    }


def test_a_transfer_is_held_at_the_bank() -> None:
    assert gift("bank:1", 2000, START, "bank").entries == (("bank", 2000), ("fund", -2000))


def test_a_refund_leaves_the_purpose() -> None:
    refund = RefundFact("re_1", 1000, START)
    assert entries(paid(refunds=(refund,)))["refund:re_1"] == (("fund", 1000), ("stripe", -1000))


def test_a_refund_that_failed_is_reversed_not_erased() -> None:
    refund = RefundFact("re_1", 1000, START, failed_at=START + timedelta(days=3))
    booked = postings(paid(refunds=(refund,)))
    assert [(each.key, each.happened_at, each.entries) for each in booked[1:]] == [
        ("refund_back:re_1", START + timedelta(days=3), (("stripe", 1000), ("fund", -1000))),
        ("refund:re_1", START, (("fund", 1000), ("stripe", -1000))),
    ]


def test_disputed_money_is_held_aside() -> None:
    claim = DisputeFact("dp_1", 2500, "open", START, fee_cents=2000)
    booked = entries(paid(disputes=(claim,)))
    assert booked["dispute:dp_1"] == (("disputed", 2500), ("stripe", -2500))
    assert booked["fee:dp_1"] == (("fees", 2000), ("stripe", -2000))
    assert "dispute_lost:dp_1" not in booked


def test_a_won_dispute_comes_back_with_its_fee() -> None:
    claim = DisputeFact("dp_1", 2500, "won", START, START, fee_cents=2000, fee_back_cents=2000)
    booked = entries(paid(disputes=(claim,)))
    assert booked["dispute_won:dp_1"] == (("stripe", 2500), ("disputed", -2500))
    assert booked["fee_back:dp_1"] == (("stripe", 2000), ("fees", -2000))


def test_a_lost_dispute_is_the_purposes_loss() -> None:
    claim = DisputeFact("dp_1", 2500, "lost", START, fee_cents=750)
    booked = entries(paid(disputes=(claim,)))
    assert booked["dispute_lost:dp_1"] == (("fund", 2500), ("disputed", -2500))


@st.composite
def histories(draw: st.DrawFn) -> list[PaymentFacts]:
    """The states one payment went through, each knowing more than the one before."""
    amount = draw(st.integers(100, 5_000_000))
    payment = paid(amount_cents=amount)
    states = [paid(amount_cents=amount, state="processing"), payment]
    left = amount
    for number in range(draw(st.integers(0, 5))):
        step = draw(st.sampled_from(["fee", "refund", "refund fails", "dispute", "close"]))
        at = START + timedelta(hours=number)
        changes: dict[str, object] = {}
        if step == "fee":
            changes["fee_cents"] = payment.fee_cents or draw(st.integers(1, 5000))
        if step == "refund" and left:
            back = draw(st.integers(1, left))
            left -= back
            changes["refunds"] = (*payment.refunds, RefundFact(f"re_{number}", back, at))
        going = [each for each in payment.refunds if each.failed_at is None]
        if step == "refund fails" and going:
            failed = replace(going[0], failed_at=at)
            left += failed.amount_cents
            others = tuple(each for each in payment.refunds if each != going[0])
            changes["refunds"] = (failed, *others)
        if step == "dispute" and left and not payment.disputes:
            changes["disputes"] = (DisputeFact("dp_1", left, "open", at, fee_cents=2000),)
            left = 0
        if step == "close" and payment.disputes and payment.disputes[0].outcome == "open":
            claim = payment.disputes[0]
            outcome = draw(st.sampled_from(["won", "lost"]))
            back = 2000 if outcome == "won" else 0
            changes["disputes"] = (
                DisputeFact(claim.external_id, claim.amount_cents, outcome, claim.opened_at, at, 2000, back),
            )
        payment = PaymentFacts(**{**payment.__dict__, **changes})
        states.append(payment)
    return states


def keep_books(seen: list[PaymentFacts]) -> dict[str, Posting]:
    """Book what each observation says; what has a key already stays as it is."""
    books: dict[str, Posting] = {}
    for payment in seen:
        for posting in postings(payment):
            books.setdefault(posting.key, posting)
    return books


@given(histories())
def test_every_posting_sums_to_zero_and_moves_something(history: list[PaymentFacts]) -> None:
    for posting in keep_books(history).values():
        assert sum(cents for _, cents in posting.entries) == 0
        assert all(cents != 0 for _, cents in posting.entries)


@given(st.data())
def test_any_order_and_repetition_of_observations_gives_the_same_books(data: st.DataObject) -> None:
    history = data.draw(histories())
    shuffled = data.draw(
        st.permutations([*history, *data.draw(st.lists(st.sampled_from(history), max_size=8))])
    )
    assert keep_books([*shuffled, history[-1]]) == keep_books(history)


@given(histories())
def test_what_the_purpose_has_is_what_came_less_what_went_back(history: list[PaymentFacts]) -> None:
    last = history[-1]
    lost = sum(claim.amount_cents for claim in last.disputes if claim.outcome == "lost")
    given_back = sum(refund.amount_cents for refund in last.refunds if refund.failed_at is None)
    received = last.amount_cents if last.is_received else 0
    assert sum(posting.fund_cents for posting in keep_books(history).values()) == received - given_back - lost


@given(histories())
def test_nothing_stays_disputed_once_it_is_decided(history: list[PaymentFacts]) -> None:
    held = sum(
        cents
        for posting in keep_books(history).values()
        for account, cents in posting.entries
        if account == "disputed"
    )
    open_claims = sum(claim.amount_cents for claim in history[-1].disputes if claim.outcome == "open")
    assert held == open_claims
