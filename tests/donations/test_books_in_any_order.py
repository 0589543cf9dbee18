"""Gifts, debits, Dauerspenden and their changes, webhooks, refunds, disputes, bank lines and files,
corrections, moves, acceptance, payouts, counted cash and receipts in any order: the books stay right.

A model beside the books knows only what happened in the world and what two people released; after each step
every check of the product is silent, what it shows is what the model says, and no receipt says anything else.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from hypothesis import settings as replaced
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from donations.domain.accounts import Owner
from donations.domain.facts import DisputeFact, PaymentFacts, RefundFact, TransitFacts
from donations.domain.identities import account_of, identity, name_of, taken_again
from donations.domain.references import reference_of
from donations.models import (
    AcceptanceRule,
    BankTransaction,
    CashCount,
    Donation,
    LedgerAccount,
    LedgerEntry,
    Proposal,
    RecurringDonation,
    SentPart,
    StripeTransit,
    TransferReference,
)
from donations.receipts.models import Receipt, ReceiptItem
from donations.receipts.services.issuing import IssueRefused, issue
from donations.receipts.services.withdrawal import withdraw_by_hand, withdraw_untrue
from donations.selectors.ledger import balances, canonical_lines, faults
from donations.selectors.orders import likely_orders, likely_parts
from donations.selectors.proposals import to_transfer
from donations.selectors.purposes import money_of
from donations.selectors.row_faults import row_faults
from donations.services.bank import booking
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.corrections import NotCorrectable
from donations.services.bank.orders import NotTheOrder
from donations.services.bank.paying_in import pay_in
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import AlreadyAssigned, Credit, assign_transfer, record_bank_transfer
from donations.services.books import transits
from donations.services.books.accounts import accounts_of
from donations.services.books.deposits import NotTheSum
from donations.services.books.payouts import MoreThanAvailable
from donations.services.books.reconciliation import reconcile
from donations.services.cash.counts import Counted, CountRefused, confirm, drop, undo, write_down
from donations.services.online.payments import record
from donations.services.treasury.acceptance import NotAwaiting
from donations.services.treasury.proposals import (
    decline,
    propose_acceptance,
    propose_bank_fee,
    propose_correction,
    propose_cover,
    propose_payout,
    propose_reallocation,
    propose_refund,
    propose_sent,
    propose_several_sent,
    recall,
    release,
)
from donations.services.treasury.reallocation import NotMovable
from foundation.actors import system
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.canned_stripe import Said, event, intent, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import city, details, make_issuer
from tests.donations.stripe_process import FURTHER, SECRET_KEY
from tests.donations.world import (
    AT,
    FILES_OF,
    NOW,
    Body,
    Monthly,
    ToldLine,
    account_at_stripe,
    file_of,
    fresh,
    given,
    gone,
    wished,
)
from tests.factories import make_fund, make_provider, make_user
from tests.profiles import one_in

CENTS = st.integers(1, 5000)
SIDE = st.integers(0, 1)
ANY = st.integers(0, 1_000_000)
HAND = system("test")
KEYS = {"default": SECRET_KEY, "gemeinde": FURTHER["gemeinde"].secret_key}
TAKEN_ON = date(2026, 1, 2)  # so long ago that it cannot simply be taken back any more
ALL_OF_IT = timedelta(days=60)
ARRIVES_ON = NOW.date()  # so that none is overdue, whatever its line does
CANNED_AT = datetime.fromtimestamp(intent("")["created"], UTC)
CANNED_FEE = Cents(intent("")["latest_charge"]["balance_transaction"]["fee"])
CARD, CARD_BY_WEBHOOK = 1, 2  # among the gifts of a body in the second history, after its transfer


class Books(RuleBasedStateMachine):
    """Two bodies, each with an account at Stripe; each step touches one of them."""

    funds: tuple[tuple[Fund, Fund], tuple[Fund, Fund]]
    said: Said
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.bodies = [self.made(fund, spare) for fund, spare in self.funds]
        self.numbers = iter(range(1, 10_000))
        self.names: dict[str, Iterator[int]] = {body.account: iter(range(1, 10_000)) for body in self.bodies}
        self.touched: Body | None = None
        self.before = [self.accounts(body) for body in self.bodies]

    @staticmethod
    def made(fund: Fund, spare: Fund) -> Body:
        one, other = (make_user(Membership.Role.TREASURER, fund.provider) for _ in range(2))
        return Body(fund, spare, make_donor(), one, other, fund.provider.stripe_account)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def name(self, body: Body, prefix: str) -> str:
        """What Stripe calls something new: at both accounts the same names, in the same order."""
        return identity(body.account, f"{prefix}_{next(self.names[body.account])}")

    def body(self, side: int) -> Body:
        self.touched = self.bodies[side]
        return self.touched

    @staticmethod
    def accounts(body: Body) -> dict[tuple[str, int | None], int]:
        own = LedgerAccount.objects.filter(provider=body.fund.provider_id)
        return {(each.account.kind, each.account.fund_id): each.cents for each in balances(own)}

    @initialize()
    def both_have_been_given_something(self) -> None:
        """So that there is something to move, dispute and receipt from the first step on."""
        for side in (0, 1):
            self.card_gift(side, 3000)
            self.promise(side, 2000)
            self.typed_line(side, 0, 2000)
        self.before, self.touched = [self.accounts(body) for body in self.bodies], None

    @initialize()
    def both_have_more_under_way(self) -> None:
        for side in (0, 1):
            self.card_gift(side, 1000)
            self.a_monthly_gift_begins(side, 500)
            self.a_box_is_counted_by_two(side, 400, 0)
            self.stripe_pays_out(side, 100)
        self.before, self.touched = [self.accounts(body) for body in self.bodies], None

    # What the world does: Stripe.

    @rule(side=SIDE, cents=CENTS)
    def card_gift(self, side: int, cents: int) -> None:
        body = self.body(side)
        gift = wished(body, cents)
        facts = PaymentFacts(self.name(body, "pi"), "succeeded", Cents(cents), AT, fee_cents=Cents(10))
        body.cards.append((gift, facts))
        self.tell(body, len(body.cards) - 1, facts)

    @rule(side=SIDE, cents=CENTS)
    def webhooks_tell_of_a_card_gift(self, side: int, cents: int) -> None:
        """Signed, each twice, the later one first: an event is a reason to look, whatever it says itself."""
        body = self.body(side)
        gift, payment = wished(body, cents), self.name(body, "pi")
        name = name_of(payment)
        is_there = intent(str(gift.public_id), amount=cents) | {"id": name}
        self.said[f"{KEYS[body.account]} payment_intents/{name}"] = is_there
        kinds = ("payment_intent.succeeded", "charge.succeeded")
        events = [event(kind, int(name[3:]) * 2 + second) for second, kind in enumerate(kinds)]
        for each in events:
            each["data"] = {"object": {"id": name, "object": "payment_intent", "payment_intent": name}}
        deliver([*reversed(events), *events], body.account)
        came_at = datetime.fromtimestamp(is_there["created"], UTC)
        fee = is_there["latest_charge"]["balance_transaction"]["fee"]
        facts = PaymentFacts(payment, "succeeded", Cents(cents), came_at, fee_cents=Cents(fee))
        body.cards.append((gift, facts))

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
                made = RefundFact(self.name(body, "re"), Cents(min(cents, left)), NOW)
                self.tell(body, place, replace(facts, refunds=(*facts.refunds, made)))

    @rule(side=SIDE, any_=ANY)
    def refund_fails(self, side: int, any_: int) -> None:
        if chosen := self.chosen_card(side, any_):
            body, place, facts = chosen
            failed = tuple(replace(each, failed_at=NOW) for each in facts.refunds[:1])
            self.tell(body, place, replace(facts, refunds=(*failed, *facts.refunds[1:])))

    @rule(side=SIDE, any_=ANY)
    def dispute(self, side: int, any_: int) -> None:
        """Or the bank takes again what was won, by the same dispute."""
        if chosen := self.chosen_card(side, any_):
            body, place, facts = chosen
            left = facts.amount_cents - gone(facts)
            before = facts.disputes
            if left > 0 and (not before or before[-1].outcome == "won"):
                name = taken_again(before[0].external_id, len(before)) if before else self.name(body, "dp")
                claim = DisputeFact(name, Cents(left), "open", NOW, fee_cents=Cents(20))
                self.tell(body, place, replace(facts, disputes=(*before, claim)))

    @rule(side=SIDE, any_=ANY, back=CENTS)
    def dispute_ends(self, side: int, any_: int, back: int) -> None:
        """Open: lost, wholly or in part; lost: won after all."""
        if (chosen := self.chosen_card(side, any_)) and chosen[2].disputes:
            body, place, facts = chosen
            *before, claim = facts.disputes
            if claim.outcome == "open":
                part = Cents(back if back < claim.amount_cents else 0)
                ended = replace(claim, outcome="lost", closed_at=NOW, back_cents=part)
            else:
                ended = replace(claim, outcome="won", closed_at=NOW, back_cents=claim.amount_cents)
            self.tell(body, place, replace(facts, disputes=(*before, ended)))

    @rule(side=SIDE, cents=CENTS)
    def a_monthly_gift_begins(self, side: int, cents: int) -> None:
        body = self.body(side)
        row = RecurringDonation.objects.create(
            donor=body.giver, fund=body.fund, amount_cents=cents, method="card", status="starting",
            status_changed_at=AT, created_at=AT,
        )  # fmt: skip
        first = wished(body, cents, recurring=row)
        monthly = Monthly(row, first, self.name(body, "sub"), cents)
        body.monthly.append(monthly)
        self.collect(body, monthly, is_first=True)

    @rule(side=SIDE, any_=ANY, is_paid=st.booleans())
    def a_monthly_gift_is_collected(self, side: int, any_: int, *, is_paid: bool) -> None:
        body = self.body(side)
        running = [each for each in body.monthly if not each.is_over and not each.is_paused]
        if running:
            self.collect(body, running[any_ % len(running)], is_paid=is_paid)

    def collect(self, body: Body, monthly: Monthly, *, is_first: bool = False, is_paid: bool = True) -> None:
        """Told twice, the payment before its collection; a collection that fails leaves no gift behind."""
        payment, invoice = self.name(body, "pi"), name_of(self.name(body, "in"))
        key, name = KEYS[body.account], name_of(payment)
        number = int(name[3:]) * 2
        made = intent(str(monthly.first.public_id) if is_first else "", amount=monthly.cents) | {"id": name}
        if not is_paid:
            made |= {"status": "requires_payment_method", "last_payment_error": {"code": "card_declined"}}
            made |= {"latest_charge": None, "amount_received": 0}
        self.said[f"{key} payment_intents/{name}"] = made
        self.said[f"{key} invoices/{invoice}"] = monthly.invoice(
            invoice, name, is_first=is_first, is_paid=is_paid
        )
        self.said[f"{key} subscriptions/{name_of(monthly.subscription)}"] = monthly.told()
        events = [event("payment_intent.succeeded", number), event("invoice.paid", number + 1)]
        events[0]["data"] = {"object": {"id": name, "object": "payment_intent"}}
        events[1]["data"] = {"object": {"id": invoice, "object": "invoice"}}
        deliver([*(events if is_paid else events[1:]), *events[1:]], body.account)
        if is_paid:
            gift = Donation.objects.get(payment__external_id=payment)
            facts = PaymentFacts(payment, "succeeded", Cents(monthly.cents), CANNED_AT, fee_cents=CANNED_FEE)
            body.cards.append((gift, facts))

    @rule(side=SIDE, any_=ANY, cents=CENTS, what=st.sampled_from(["amount", "pause", "end"]))
    def a_monthly_gift_is_changed(self, side: int, any_: int, cents: int, what: str) -> None:
        """By its owner or at Stripe's own desk: either way Stripe tells, twice, and says what is agreed."""
        body = self.body(side)
        running = [each for each in body.monthly if not each.is_over]
        if not running:
            return
        monthly = running[any_ % len(running)]
        before = (monthly.cents, monthly.is_paused)
        monthly.cents = cents if what == "amount" else monthly.cents
        monthly.is_paused = not monthly.is_paused if what == "pause" else monthly.is_paused
        monthly.is_over = what == "end"
        monthly.changes += before != (monthly.cents, monthly.is_paused)
        name = name_of(monthly.subscription)
        self.said[f"{KEYS[body.account]} subscriptions/{name}"] = monthly.told()
        told = event("customer.subscription.updated", 1_000_000 + next(self.numbers))
        told["data"] = {"object": {"id": name, "object": "subscription"}}
        deliver([told, told], body.account)

    @rule(side=SIDE, cents=CENTS)
    def stripe_pays_out(self, side: int, cents: int) -> None:
        body = self.body(side)
        at_most = self.accounts(body).get(("stripe", None), 0)
        if at_most > 0:
            made = TransitFacts(self.name(body, "po"), Cents(min(cents, at_most)), AT, ARRIVES_ON)
            body.payouts.append(made)
            for _twice in range(2):
                transits.record(made, NOW)

    @rule(side=SIDE, any_=ANY)
    def a_payout_fails(self, side: int, any_: int) -> None:
        """Before its line of the bank or after; an older reading in between changes nothing."""
        body = self.body(side)
        if body.payouts:
            place = any_ % len(body.payouts)
            before, body.payouts[place] = body.payouts[place], replace(body.payouts[place], failed_at=NOW)
            for seen in (body.payouts[place], before, body.payouts[place]):
                transits.record(seen, NOW)

    @rule(side=SIDE, any_=ANY, leaves=st.booleans())
    def the_bank_tells_of_a_payout(self, side: int, any_: int, *, leaves: bool) -> None:
        body = self.body(side)
        if body.payouts:
            cents = body.payouts[any_ % len(body.payouts)].amount_cents
            self.statement(body, -cents if leaves else cents, "Stripe Technology Europe")

    @rule(side=SIDE, cents=CENTS)
    def a_debit_is_asked_for(self, side: int, cents: int) -> None:
        body = self.body(side)
        gift = wished(body, cents, method="sepa_debit")
        facts = PaymentFacts(self.name(body, "pi"), "processing", Cents(cents), AT)
        body.debits.append((gift, facts))
        for _twice in range(2):
            record(gift.pk, facts, NOW, page_is_over=False)
        assert fresh(gift).status == "processing"

    @rule(side=SIDE, any_=ANY, comes=st.booleans(), taken_on=st.none() | st.just(TAKEN_ON))
    def a_debit_ends(self, side: int, any_: int, *, comes: bool, taken_on: date | None) -> None:
        """It comes, late or after it failed once, or it fails; told twice, an older reading in between."""
        body = self.body(side)
        if not body.debits:
            return
        place = any_ % len(body.debits)
        gift, before = body.debits[place]
        if not comes:
            failed = replace(before, state="failed", failure="funds")
            body.debits[place] = (gift, failed)
            for _twice in range(2):
                record(gift.pk, failed, NOW, page_is_over=False)
            assert fresh(gift).status == "lapsed"
            return
        del body.debits[place]
        facts = replace(before, state="succeeded", failure="", fee_cents=Cents(35), debited_on=taken_on)
        body.cards.append((gift, facts))
        for seen in (facts, before, facts):
            record(gift.pk, seen, NOW, page_is_over=False)
        assert fresh(gift).given_on == (taken_on or AT.date())

    # What the world does: the bank.

    @rule(
        side=SIDE,
        new=st.lists(st.tuples(ANY, CENTS, st.booleans(), st.booleans()), max_size=3),
        back=st.integers(0, 4),
        forms=st.lists(st.sampled_from(["camt", "mt940"]), min_size=1, max_size=2),
    )
    def the_bank_gives_a_file(
        self, side: int, new: list[tuple[int, int, bool, bool]], back: int, forms: list[str]
    ) -> None:
        """Over new lines and some of files before; the same once more, in the other form too."""
        body = self.body(side)
        start = max(0, len(body.told) - back)
        for any_, cents, leaves, is_hidden in new:
            name, moved = f"B{next(self.numbers)}", -cents if leaves else cents
            body.told.append(ToldLine(name, moved, self.code(body, any_), is_hidden))
            body.bank_cents += moved
        before, lines = body.told[:start], body.told[start:]
        for form in forms if lines else ():
            path = self.folder / "auszug"
            path.write_text(file_of(body.fund.provider.iban, form, before, lines))
            import_statement(body.fund.provider, path, imported_by=None, now=NOW)
        of_files = BankTransaction.objects.filter(provider=body.fund.provider, booked_on=FILES_OF)
        assert sorted(of_files.values_list("amount_cents", flat=True)) == sorted(
            each.cents for each in body.told
        )

    @rule(side=SIDE, cents=CENTS)
    def promise(self, side: int, cents: int) -> None:
        body = self.body(side)
        gift = wished(body, cents, method="transfer")
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
            account_id=accounts_of(Owner(body.fund.provider_id))["bank"],
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

    @rule(side=SIDE, any_=ANY, other=ANY)
    def cash_is_paid_in(self, side: int, any_: int, other: int) -> None:
        """One box or two on one slip."""
        if here := self.boxes(self.body(side)):
            chosen = {each.pk: each for each in (here[any_ % len(here)], here[other % len(here)])}
            codes = " ".join(each.reference for each in chosen.values())
            self.statement(self.body(side), sum(each.amount_cents for each in chosen.values()), codes)

    @staticmethod
    def boxes(body: Body) -> list[CashCount]:
        own = CashCount.objects.filter(provider=body.fund.provider_id, status="confirmed", line=None)
        return list(own.order_by("pk"))

    # What people do.

    @rule(side=SIDE, cents=CENTS, off=st.sampled_from([0, 0, 1]))
    def a_box_is_counted_by_two(self, side: int, cents: int, off: int) -> None:
        body = self.body(side)
        count = write_down(body.fund, Counted("Box", AT.date(), Cents(cents)), by=body.one, now=NOW)
        try:
            confirm(count.pk, Cents(cents + off), by=body.other, now=NOW)
        except CountRefused:
            assert off
            assert drop(count, by=body.one, now=NOW)
        else:
            body.boxed_cents += cents

    @rule(side=SIDE, any_=ANY)
    def a_count_is_undone(self, side: int, any_: int) -> None:
        body = self.body(side)
        if here := self.boxes(body):
            chosen = here[any_ % len(here)]
            undo(chosen.pk, "verzählt", by=body.other, now=NOW)
            body.boxed_cents -= chosen.amount_cents

    @rule(side=SIDE, line=ANY, any_=ANY)
    def a_line_is_given_to_cash(self, side: int, line: int, any_: int) -> None:
        body = self.body(side)
        lines, here = self.lines(body), self.boxes(body)
        if lines and here:
            with suppress(NotTheSum):
                pay_in(lines[line % len(lines)].pk, [here[any_ % len(here)].pk], now=NOW)

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
            gift = fresh(body.transfers[any_ % len(body.transfers)])
            self.released(body, propose_refund(gift, Cents(cents), "Widerruf", by=body.one, now=NOW))

    @rule(side=SIDE, line=ANY, gift=ANY, cents=st.none() | CENTS, same=st.booleans())
    def correct(self, side: int, line: int, gift: int, cents: int | None, *, same: bool) -> None:
        body = self.body(side)
        if not (lines := self.lines(body)):
            return
        chosen = lines[line % len(lines)]
        right = chosen.size_cents if same else (Cents(cents) if cents else None)
        place = gift % (len(body.transfers) + 1)
        target = body.transfers[place] if place < len(body.transfers) and right else None
        paid = [each.donation for each in chosen.allocations.filter(undone_at=None)]
        wrong = paid[gift % len(paid)] if paid else None
        with suppress(NotCorrectable):
            proposal = propose_correction(chosen, right, target, "vertippt", gift=wrong, by=body.one, now=NOW)
            if self.released(body, proposal):
                body.bank_cents += (-1 if chosen.amount_cents < 0 else 1) * (right or 0) - chosen.amount_cents
                body.bank_fee_cents += chosen.amount_cents if chosen.fee_id else 0

    @rule(side=SIDE, any_=ANY)
    def a_line_is_a_fee_of_the_bank(self, side: int, any_: int) -> None:
        body = self.body(side)
        if lines := self.lines(body):
            chosen = lines[any_ % len(lines)]
            with suppress(NotAFee):
                proposal = propose_bank_fee(chosen, "Kontoführung", by=body.one, now=NOW)
                if self.released(body, proposal):
                    body.bank_fee_cents -= chosen.amount_cents

    @rule(side=SIDE, any_=ANY)
    def the_bank_sends_without_the_code(self, side: int, any_: int) -> None:
        body = self.body(side)
        if sums := sorted({order.amount_cents or 0 for order in to_transfer(self.released_by(body))}):
            self.statement(body, -sums[any_ % len(sums)], "ohne")

    @rule(side=SIDE, any_=ANY)
    def a_line_is_what_was_released(self, side: int, any_: int) -> None:
        body = self.body(side)
        pairs = [(line, order) for line in self.lines(body) for order in likely_orders(line)]
        if pairs:
            line, order = pairs[any_ % len(pairs)]
            with suppress(NotTheOrder):
                self.released(body, propose_sent(line, order, "Beleg", by=body.one, now=NOW))

    @rule(side=SIDE, any_=ANY)
    def the_bank_sends_two_at_once(self, side: int, any_: int) -> None:
        body = self.body(side)
        sums = [order.amount_cents or 0 for order in to_transfer(self.released_by(body)).order_by("pk")]
        if len(sums) > 1:
            first = any_ % (len(sums) - 1)
            self.statement(body, -sum(sums[first : first + 2]), "beide")

    @rule(side=SIDE, any_=ANY)
    def a_line_is_two_that_were_released(self, side: int, any_: int) -> None:
        body = self.body(side)
        found = [
            (line, list(two))
            for line in self.lines(body)
            if line.is_open_debit
            for two in combinations(likely_parts(line), 2)
            if sum(order.left_cents for order in two) == line.size_cents
        ]
        if found:
            line, two = found[any_ % len(found)]
            with suppress(NotTheOrder):
                self.released(body, propose_several_sent(line, two, "Beleg", by=body.one, now=NOW))

    @staticmethod
    def released_by(body: Body) -> QuerySet[Proposal]:
        return Proposal.objects.filter(provider=body.fund.provider)

    @rule(side=SIDE, any_=ANY)
    def take_back(self, side: int, any_: int) -> None:
        body = self.body(side)
        proposals = Proposal.objects.filter(provider=body.fund.provider, status="released").order_by("pk")
        if proposals:
            chosen = proposals[any_ % len(proposals)]
            if recall(chosen.pk, by=body.one, now=NOW) and chosen.kind == "payout":
                body.used_cents -= chosen.amount_cents or 0

    def chosen_gift(self, side: int, any_: int) -> tuple[Body, Donation] | None:
        body = self.body(side)
        gifts = [*body.transfers, *(gift for gift, _facts in body.cards)]
        return (body, fresh(gifts[any_ % len(gifts)])) if gifts else None

    @rule(side=SIDE, any_=ANY)
    def move_to_another_purpose(self, side: int, any_: int) -> None:
        if chosen := self.chosen_gift(side, any_):
            body, gift = chosen
            to = body.spare if gift.fund_id == body.fund.pk else body.fund
            with suppress(NotMovable):
                self.released(body, propose_reallocation(gift, to, "stimmt zu", by=body.one, now=NOW))

    @rule(side=SIDE, any_=ANY, is_accepted=st.booleans())
    def the_city_decides(self, side: int, any_: int, *, is_accepted: bool) -> None:
        if chosen := self.chosen_gift(side, any_):
            body, gift = chosen
            with suppress(NotAwaiting):
                said = propose_acceptance(gift, "Beschluss", is_accepted=is_accepted, by=body.one, now=NOW)
                self.released(body, said)

    @rule(side=SIDE, any_=ANY, other=ANY)
    def issue_a_receipt(self, side: int, any_: int, other: int) -> None:
        chosen, beside = self.chosen_gift(side, any_), self.chosen_gift(side, other)
        if chosen and beside:
            with suppress(IssueRefused):
                issue({chosen[1].pk, beside[1].pk}, actor=HAND, now=NOW)

    @rule(side=SIDE, any_=ANY)
    def take_a_receipt_back(self, side: int, any_: int) -> None:
        own = Receipt.objects.filter(provider=self.body(side).fund.provider_id).order_by("pk")
        if own:
            withdraw_by_hand(own[any_ % len(own)].pk, actor=HAND, now=NOW)

    def released(self, body: Body, proposal: Proposal) -> bool:
        try:
            with transaction.atomic():
                done = release(proposal.pk, by=body.other, now=NOW)
        except (MoreThanAvailable, NotCorrectable, NotAFee, NotTheOrder, NotMovable, NotAwaiting):
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
        for body in self.bodies:
            facts = [facts for _gift, facts in body.cards]
            said = account_at_stripe(facts, body.payouts)
            self.said[f"{KEYS[body.account]} balance_transactions"] = said
        assert reconcile(NOW + timedelta(hours=2), look_back=ALL_OF_IT) == []

    @invariant()
    def each_monthly_gift_is_as_stripe_says(self) -> None:
        for monthly in (each for body in self.bodies for each in body.monthly):
            monthly.row.refresh_from_db()
            status = "cancelled" if monthly.is_over else "active"
            assert monthly.row.status == status
            assert monthly.is_over or monthly.row.amount_cents == monthly.cents
            assert monthly.is_over or monthly.row.is_paused == monthly.is_paused
            told = Message.objects.filter(template="monthly_changed", key__contains=f":{monthly.row.pk}:")
            assert told.count() == monthly.row.version - 1 == monthly.changes

    @invariant()
    def the_books_say_what_happened(self) -> None:
        for body in self.bodies:
            stands = self.accounts(body)
            assert sum(cents for (kind, _fund), cents in stands.items() if kind == "bank") == body.bank_cents
            moved = ((body.fund, body.used_cents, body.boxed_cents), (body.spare, 0, 0))
            for fund, used_cents, boxed_cents in moved:
                fund.refresh_from_db()
                (money,) = money_of(Fund.objects.filter(pk=fund.pk))
                assert fund.received_cents == given(fund) + boxed_cents
                assert money.shortfall_cents >= 0
                assert fund.balance_cents == fund.received_cents - used_cents + money.shortfall_cents
            online = sum(fact.amount_cents - gone(fact) for _gift, fact in body.cards)
            sent = sum(each.amount_cents for each in body.payouts if each.failed_at is None)
            fees = stands.get(("fees", None), 0) - body.bank_fee_cents
            assert sum(-line.amount_cents for line in self.lines(body) if line.fee_id) == body.bank_fee_cents
            assert stands.get(("stripe", None), 0) == online - fees - sent
            here = sum(each.amount_cents for each in self.boxes(body))
            assert stands.get(("cash", None), 0) == here

    @invariant()
    def no_account_of_another_body_is_touched(self) -> None:
        now = [self.accounts(body) for body in self.bodies]
        for body, was, is_ in zip(self.bodies, self.before, now, strict=True):
            assert body is self.touched or was == is_
        self.before = now
        held = LedgerEntry.objects.filter(account__kind="stripe").values_list(
            "transaction__key", "account__provider__stripe_account"
        )
        assert all(account_of(key) == account for key, account in held)

    @invariant()
    def no_receipt_says_what_is_not_so(self) -> None:
        """After the sweep; numbers have no gaps, each receipt says the sum of its gifts, a gift has one."""
        withdraw_untrue(NOW)
        for body in self.bodies:
            own = Receipt.objects.filter(provider=body.fund.provider_id)
            assert list(own.order_by("sequence").values_list("sequence", flat=True)) == [
                *range(1, own.count() + 1)
            ]
            valid = ReceiptItem.objects.filter(receipt__in=own, withdrawn_at=None)
            for item in valid.select_related("donation", "receipt"):
                gift = item.donation
                assert gift is not None
                assert gift.status in {"received", "partly_refunded"}
                assert item.cents == gift.amount_cents - gift.refunded_cents - gift.lost_cents
                assert (item.fund_id, item.receipt.status) == (gift.fund_id, "issued")
            for receipt in own:
                assert receipt.total_cents == sum(item.cents for item in receipt.items.all())
            gifts = list(valid.values_list("donation", flat=True))
            assert len(set(gifts)) == len(gifts)

    @precondition(lambda self: any(body.cards for body in self.bodies))
    @rule()
    def telling_everything_again_changes_nothing(self) -> None:
        before = list(canonical_lines())
        for body in self.bodies:
            for gift, facts in body.cards:
                record(gift.pk, facts, NOW, page_is_over=False)
        assert list(canonical_lines()) == before
        self.touched = None


@pytest.fixture
def books(fund: Fund, settings: Any, tmp_path: Path) -> Iterator[type[Books]]:
    """A parish of the city's, whose larger gifts are accepted, and a Träger; both may issue receipts."""
    parish = make_provider(
        "Gemeinde", slug="gemeinde", iban="DE89370400440532013000", kind="city", stripe_account="gemeinde"
    )
    AcceptanceRule.objects.create(
        provider=parish, from_cents=6000, valid_from=date(2026, 1, 1), source="Dienstanweisung"
    )
    meals = make_fund("Mittagstisch", slug="mittagstisch", provider=parish)
    rooms = make_fund("Räume", slug="raeume", provider=fund.provider)
    trips = make_fund("Ausflüge", slug="ausfluege", provider=parish)
    make_issuer(fund.provider, details(fund, fund_purposes=purposes(fund, rooms)), NOW)
    make_issuer(parish, city(meals, fund_purposes=purposes(meals, trips)), NOW)
    Books.funds = ((fund, rooms), (meals, trips))
    Books.said, Books.folder = {}, tmp_path
    with speaking(Books.said) as address:
        configure(settings, address)
        settings.STRIPE_FURTHER_ACCOUNTS = {"gemeinde": FURTHER["gemeinde"]}
        yield Books


def purposes(*funds: Fund) -> dict[str, str]:
    return {str(each.pk): "52-4" for each in funds}


def test_the_books_are_right_after_every_step(books: type[Books]) -> None:
    machine: Callable[..., Any] = run_state_machine_as_test
    machine(books, settings=replaced(one_in(25), stateful_step_count=20))


def test_a_history_in_which_everything_happens(books: type[Books]) -> None:
    """What chance seldom brings one after the other; a step that does nothing would not be noticed there."""
    history = books()
    steps: list[Callable[[], Any]] = [
        history.both_have_been_given_something,
        lambda: history.webhooks_tell_of_a_card_gift(1, 2500),
        lambda: history.the_city_decides(1, CARD_BY_WEBHOOK, is_accepted=True),
        lambda: history.issue_a_receipt(1, CARD, CARD_BY_WEBHOOK),
        lambda: history.refund_at_stripe(1, 0, 1000),
        lambda: history.refund_fails(1, 0),
        lambda: history.move_to_another_purpose(1, CARD),
        lambda: history.dispute(1, 1),
        lambda: history.dispute_ends(1, 1, 500),
        lambda: history.dispute_ends(1, 1, 500),
        lambda: history.pay_out(1, 4000),
        lambda: history.the_bank_sends_what_was_released(1, 0),
        lambda: history.take_a_receipt_back(1, 4),
        lambda: history.a_monthly_gift_begins(0, 700),
        lambda: history.a_monthly_gift_is_changed(0, 0, 900, "amount"),
        lambda: history.a_monthly_gift_is_collected(0, 0, is_paid=True),
        lambda: history.a_monthly_gift_is_collected(0, 0, is_paid=False),
        lambda: history.refund_at_stripe(0, 2, 900),
        lambda: history.a_monthly_gift_is_changed(0, 0, 1, "pause"),
        lambda: history.a_monthly_gift_is_changed(0, 0, 1, "end"),
        lambda: history.stripe_pays_out(0, 1000),
        lambda: history.the_bank_tells_of_a_payout(0, 0, leaves=False),
        lambda: history.a_payout_fails(0, 0),
        lambda: history.the_bank_tells_of_a_payout(0, 0, leaves=True),
        lambda: history.a_box_is_counted_by_two(0, 800, 0),
        lambda: history.a_box_is_counted_by_two(0, 300, 0),
        lambda: history.a_box_is_counted_by_two(0, 300, 1),
        lambda: history.cash_is_paid_in(0, 0, 0),
        lambda: history.a_count_is_undone(0, 0),
        lambda: history.statement_line(0, 1, 700, leaves=True),
        lambda: history.a_line_is_a_fee_of_the_bank(0, last_line()),
        lambda: history.correct(0, last_line(), 0, None, same=False),
        lambda: history.correct(0, last_line(), 1, None, same=True),
        lambda: history.a_line_is_a_fee_of_the_bank(0, last_line()),
        lambda: history.statement_line(0, 1, 200, leaves=False),
        lambda: history.a_line_is_a_fee_of_the_bank(0, last_line()),
        lambda: history.pay_out(1, 500),
        lambda: history.the_bank_sends_without_the_code(1, 0),
        lambda: history.a_line_is_what_was_released(1, 0),
        lambda: history.correct(1, last_line(1), 1, None, same=True),
        lambda: history.a_line_is_what_was_released(1, 0),
        lambda: history.pay_out(0, 300),
        lambda: history.pay_out(0, 200),
        lambda: history.the_bank_sends_two_at_once(0, 0),
        lambda: history.a_line_is_two_that_were_released(0, 0),
        lambda: history.correct(0, last_line(), 1, None, same=True),
        lambda: history.a_line_is_two_that_were_released(0, 0),
        lambda: history.the_bank_gives_a_file(
            1, [(0, 700, False, True), (1, 300, False, False)], 0, ["camt"]
        ),
        lambda: history.the_bank_gives_a_file(1, [(0, 200, True, False)], 2, ["mt940", "camt"]),
        lambda: history.a_debit_is_asked_for(1, 600),
        lambda: history.a_debit_ends(1, 0, comes=False, taken_on=None),
        lambda: history.a_debit_ends(1, 0, comes=True, taken_on=TAKEN_ON),
    ]

    def last_line(side: int = 0) -> int:
        return len(history.lines(history.bodies[side])) - 1

    for step in steps:
        step()
        history.every_check_is_silent()
        history.the_books_say_what_happened()
        history.no_receipt_says_what_is_not_so()
        history.each_monthly_gift_is_as_stripe_says()
    assert [gift.amount_cents for gift, _facts in history.bodies[0].cards] == [3000, 700, 900]
    lines = StripeTransit.objects.order_by("bank_transactions__pk")
    assert list(lines.values_list("bank_transactions__amount_cents", flat=True)) == [
        1000,
        -1000,
    ]
    assert list(CashCount.objects.order_by("pk").values_list("status", "line__amount_cents")) == [
        ("confirmed", 800),
        ("undone", None),
        ("dropped", None),
    ]
    released = Proposal.objects.filter(status="released").order_by("pk").values_list("kind", flat=True)
    assert list(released) == [
        *("acceptance", "reallocation", "payout", "bank_fee", "correction", "bank_fee", "bank_fee"),
        *("payout", "sent", "correction", "sent"),
        *("payout", "payout", "sent", "correction", "sent"),
    ]
    assert [body.bank_fee_cents for body in history.bodies] == [500, 0]
    assert [body.used_cents for body in history.bodies] == [500, 4500]
    assert BankTransaction.objects.filter(sent_cents__isnull=False).latest("pk").sent_cents == 500
    told = BankTransaction.objects.filter(booked_on=FILES_OF).order_by("pk")
    assert list(told.values_list("amount_cents", "allocated_cents")) == [(700, 700), (300, 0), (-200, 0)]
    assert fresh(history.bodies[1].cards[-1][0]).status == "received"
    assert list(SentPart.objects.exclude(key=None).values_list("cents", flat=True)) == [300, 200]
    said = Receipt.objects.order_by("sequence").values_list("kind", "withdrawn_for", "total_cents")
    assert list(said) == [
        ("collective", "refund", 5500),
        ("collective", "correction", 4500),
        ("collective", "correction", 5500),
        ("collective", "dispute", 5500),
        ("money", "correction", 3000),
        ("money", "", 3000),
    ]
    history.teardown()
