"""Gifts, refunds, disputes, bank lines, corrections and payouts in any order: the books stay right.

A model beside the books knows only what happened in the world and what two people released; after each step
every check of the product is silent, and what it shows is what the model says.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact
from donations.domain.references import reference_of
from donations.models import BankTransaction, Donation, LedgerAccount, Proposal, TransferReference
from donations.selectors.ledger import balances, canonical_lines, faults
from donations.selectors.purposes import money_of
from donations.selectors.row_faults import row_faults
from donations.services.bank import booking
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.transfers import AlreadyAssigned, Credit, assign_transfer, record_bank_transfer
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.reconciliation import reconcile
from donations.services.online.payments import record
from donations.services.treasury.proposals import (
    decline,
    propose_correction,
    propose_cover,
    propose_payout,
    propose_refund,
    recall,
    release,
)
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_provider, make_user
from tests.profiles import one_in

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(days=30)
CENTS = st.integers(1, 5000)
SIDE = st.integers(0, 1)
ANY = st.integers(0, 1_000_000)


@dataclass
class Body:
    """A legal body in the model: what its bank says, and what two people released for use."""

    fund: Fund
    one: User
    other: User
    bank_cents: int = 0
    used_cents: int = 0
    cards: list[tuple[Donation, PaymentFacts]] = field(default_factory=list)
    transfers: list[Donation] = field(default_factory=list)


class Books(RuleBasedStateMachine):
    """Two bodies; each step touches one of them."""

    funds: tuple[Fund, Fund]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.bodies = [
            Body(fund, *(make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2)))
            for fund in self.funds
        ]
        self.numbers = iter(range(1, 10_000))
        self.touched: Body | None = None
        self.before = [self.accounts(body) for body in self.bodies]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def body(self, side: int) -> Body:
        self.touched = self.bodies[side]
        return self.touched

    @staticmethod
    def accounts(body: Body) -> dict[tuple[str, int | None], int]:
        own = LedgerAccount.objects.filter(provider=body.fund.provider_id)
        return {(each.account.kind, each.account.fund_id): each.cents for each in balances(own)}

    # What the world does: Stripe.

    @rule(side=SIDE, cents=CENTS)
    def card_gift(self, side: int, cents: int) -> None:
        body = self.body(side)
        gift = make_donation(body.fund, amount_cents=cents)
        facts = PaymentFacts(f"pi_{next(self.numbers)}", "succeeded", Cents(cents), AT, fee_cents=Cents(10))
        body.cards.append((gift, facts))
        self.tell(body, len(body.cards) - 1, facts)

    def tell(self, body: Body, place: int, facts: PaymentFacts) -> None:
        gift, before = body.cards[place]
        body.cards[place] = (gift, facts)
        for seen in (facts, before, facts):  # twice, and an older reading in between
            if seen is not before or before.refunds == facts.refunds:
                record(gift.pk, seen, NOW, page_is_over=False)

    def chosen_card(self, side: int, any_: int) -> tuple[Body, int, PaymentFacts] | None:
        body = self.body(side)
        if not body.cards:
            return None
        place = any_ % len(body.cards)
        return body, place, body.cards[place][1]

    @rule(side=SIDE, any_=ANY, cents=CENTS)
    def refund_at_stripe(self, side: int, any_: int, cents: int) -> None:
        if chosen := self.chosen_card(side, any_):
            body, place, facts = chosen
            left = facts.amount_cents - gone(facts)
            if left > 0:
                made = RefundFact(f"re_{next(self.numbers)}", Cents(min(cents, left)), NOW)
                self.tell(body, place, replace(facts, refunds=(*facts.refunds, made)))

    @rule(side=SIDE, any_=ANY)
    def refund_fails(self, side: int, any_: int) -> None:
        if chosen := self.chosen_card(side, any_):
            body, place, facts = chosen
            failed = tuple(replace(each, failed_at=NOW) for each in facts.refunds[:1])
            self.tell(body, place, replace(facts, refunds=(*failed, *facts.refunds[1:])))

    @rule(side=SIDE, any_=ANY)
    def dispute(self, side: int, any_: int) -> None:
        if chosen := self.chosen_card(side, any_):
            body, place, facts = chosen
            left = facts.amount_cents - gone(facts)
            if left > 0 and not facts.disputes:
                claim = DisputeFact(
                    f"dp_{place}_{facts.external_id}", Cents(left), "open", NOW, fee_cents=Cents(20)
                )
                self.tell(body, place, replace(facts, disputes=(claim,)))

    @rule(side=SIDE, any_=ANY, back=CENTS)
    def dispute_ends(self, side: int, any_: int, back: int) -> None:
        """Open: lost, wholly or in part; lost: won after all."""
        if (chosen := self.chosen_card(side, any_)) and chosen[2].disputes:
            body, place, facts = chosen
            (claim,) = facts.disputes
            if claim.outcome == "open":
                part = Cents(back if back < claim.amount_cents else 0)
                ended = replace(claim, outcome="lost", closed_at=NOW, back_cents=part)
            else:
                ended = replace(claim, outcome="won", closed_at=NOW, back_cents=claim.amount_cents)
            self.tell(body, place, replace(facts, disputes=(ended,)))

    # What the world does: the bank.

    @rule(side=SIDE, cents=CENTS)
    def promise(self, side: int, cents: int) -> None:
        body = self.body(side)
        gift = make_donation(body.fund, amount_cents=cents, method="transfer")
        TransferReference.objects.create(donation=gift, reference=reference_of(gift.public_id, 0))
        body.transfers.append(gift)

    def code(self, body: Body, any_: int) -> str:
        """The code of one of the promises, or none."""
        place = any_ % (len(body.transfers) + 1)
        return body.transfers[place].transfer_reference.reference if place < len(body.transfers) else "ohne"

    @rule(side=SIDE, any_=ANY, cents=CENTS)
    def typed_line(self, side: int, any_: int, cents: int) -> None:
        body = self.body(side)
        credit = Credit(date(2026, 3, 2), Cents(cents), f"Geber {next(self.numbers)}", self.code(body, any_))
        record_bank_transfer(body.fund.provider, credit, recorded_by=body.one, now=NOW)
        body.bank_cents += cents

    def statement(self, body: Body, cents: int, said: str) -> None:
        key = f"{next(self.numbers):064}"[::-1]
        BankTransaction.objects.create(
            provider=body.fund.provider,
            fingerprint=key,
            statement_key=key,
            booked_on=date(2026, 3, 2),
            amount_cents=cents,
            remittance=said,
            recorded_at=NOW,
        )
        booking.book_waiting(NOW)
        body.bank_cents += cents

    @rule(side=SIDE, any_=ANY, cents=CENTS, leaves=st.booleans())
    def statement_line(self, side: int, any_: int, cents: int, *, leaves: bool) -> None:
        body = self.body(side)
        self.statement(body, -cents if leaves else cents, self.code(body, any_))

    @rule(side=SIDE, any_=ANY)
    def the_bank_sends_what_was_released(self, side: int, any_: int) -> None:
        body = self.body(side)
        released = Proposal.objects.filter(
            provider=body.fund.provider, status="released", reference__isnull=False
        ).order_by("pk")
        if released:
            proposal = released[any_ % len(released)]
            self.statement(body, -(proposal.amount_cents or 0), str(proposal.reference))

    # What people do.

    @rule(side=SIDE, line=ANY, gift=ANY, cents=st.none() | CENTS)
    def assign(self, side: int, line: int, gift: int, cents: int | None) -> None:
        body = self.body(side)
        lines = self.lines(body)
        if lines and body.transfers:
            part = Cents(cents) if cents else None
            with suppress(AlreadyAssigned, MoreThanOpen):
                chosen = body.transfers[gift % len(body.transfers)]
                row = lines[line % len(lines)].pk
                assign_transfer(row, chosen.pk, cents=part, assigned_by=body.one, now=NOW)

    @staticmethod
    def lines(body: Body) -> list[BankTransaction]:
        return list(BankTransaction.objects.filter(provider=body.fund.provider).order_by("pk"))

    @rule(side=SIDE, cents=CENTS)
    def pay_out(self, side: int, cents: int) -> None:
        body = self.body(side)
        proposal = propose_payout(body.fund, Cents(cents), "Ranzen", by=body.one, now=NOW)
        if self.released(body, proposal):
            body.used_cents += cents

    @rule(side=SIDE, cents=CENTS)
    def cover(self, side: int, cents: int) -> None:
        body = self.body(side)
        self.released(body, propose_cover(body.fund, Cents(cents), "Ausgleich", by=body.one, now=NOW))

    @rule(side=SIDE, any_=ANY, cents=CENTS)
    def give_back(self, side: int, any_: int, cents: int) -> None:
        body = self.body(side)
        if body.transfers:
            gift = body.transfers[any_ % len(body.transfers)]
            self.released(body, propose_refund(gift, Cents(cents), "Widerruf", by=body.one, now=NOW))

    @rule(side=SIDE, line=ANY, gift=ANY, cents=st.none() | CENTS, same=st.booleans())
    def correct(self, side: int, line: int, gift: int, cents: int | None, *, same: bool) -> None:
        body = self.body(side)
        if not (lines := self.lines(body)):
            return
        chosen = lines[line % len(lines)]
        right = Cents(chosen.amount_cents) if same else (Cents(cents) if cents else None)
        place = gift % (len(body.transfers) + 1)
        target = body.transfers[place] if place < len(body.transfers) and right else None
        paid = [each.donation for each in chosen.allocations.filter(undone_at=None)]
        wrong = paid[gift % len(paid)] if paid else None
        with suppress(NotCorrectable):
            proposal = propose_correction(chosen, right, target, "vertippt", gift=wrong, by=body.one, now=NOW)
            if self.released(body, proposal):
                body.bank_cents += (right or 0) - chosen.amount_cents

    @rule(side=SIDE, any_=ANY)
    def take_back(self, side: int, any_: int) -> None:
        body = self.body(side)
        proposals = Proposal.objects.filter(provider=body.fund.provider, status="released").order_by("pk")
        if proposals:
            chosen = proposals[any_ % len(proposals)]
            if recall(chosen.pk, by=body.one, now=NOW) and chosen.kind == "payout":
                body.used_cents -= chosen.amount_cents or 0

    def released(self, body: Body, proposal: Proposal) -> bool:
        try:
            with transaction.atomic():
                done = release(proposal.pk, by=body.other, now=NOW)
        except (MoreThanAvailable, NotCorrectable):
            assert decline(proposal.pk, by=body.one, now=NOW)
            return False
        assert done
        assert not release(proposal.pk, by=body.other, now=NOW)
        return True

    # What must always hold.

    @invariant()
    def every_check_is_silent(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert [*faults(), *row_faults()] == []
        assert reconcile(NOW + timedelta(hours=2)) == []

    @invariant()
    def the_books_say_what_happened(self) -> None:
        for body in self.bodies:
            stands = self.accounts(body)
            body.fund.refresh_from_db()
            (money,) = money_of(Fund.objects.filter(pk=body.fund.pk))
            assert sum(cents for (kind, _fund), cents in stands.items() if kind == "bank") == body.bank_cents
            assert body.fund.received_cents == given(body.fund)
            assert money.shortfall_cents >= 0
            assert body.fund.balance_cents == given(body.fund) - body.used_cents + money.shortfall_cents
            online = sum(fact.amount_cents - gone(fact) for _gift, fact in body.cards)
            fees = stands.get(("fees", None), 0)
            assert stands.get(("stripe", None), 0) == online - fees

    @invariant()
    def no_account_of_another_body_is_touched(self) -> None:
        now = [self.accounts(body) for body in self.bodies]
        for body, was, is_ in zip(self.bodies, self.before, now, strict=True):
            assert body is self.touched or was == is_
        self.before = now

    @precondition(lambda self: any(body.cards for body in self.bodies))
    @rule()
    def telling_everything_again_changes_nothing(self) -> None:
        before = list(canonical_lines())
        for body in self.bodies:
            for gift, facts in body.cards:
                record(gift.pk, facts, NOW, page_is_over=False)
        assert list(canonical_lines()) == before
        self.touched = None


def gone(facts: PaymentFacts) -> int:
    """What is away from our account at Stripe: given back, or in the hands of the payer's bank."""
    refunded = sum(each.amount_cents for each in facts.refunds if each.failed_at is None)
    return refunded + sum(each.amount_cents - each.back_cents for each in facts.disputes)


def given(fund: Fund) -> int:
    """What was given for the purpose and has stayed, as the gifts themselves say."""
    gifts = Donation.objects.filter(fund=fund, received_at__isnull=False)
    return sum(gift.amount_cents - gift.refunded_cents - gift.lost_cents for gift in gifts)


def test_the_books_are_right_after_every_step(fund: Fund) -> None:
    parish = make_provider("Gemeinde", slug="gemeinde", iban="DE89370400440532013000")
    Books.funds = (fund, make_fund("Mittagstisch", slug="mittagstisch", provider=parish))
    machine: Callable[..., Any] = run_state_machine_as_test
    machine(Books, settings=settings(one_in(25), stateful_step_count=20))
