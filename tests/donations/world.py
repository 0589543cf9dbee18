"""What happens around the books of two bodies, and what it looks like from outside: a model for tests."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from donations.domain.facts import PaymentFacts, TransitFacts
from donations.domain.identities import name_of, whole_of
from donations.models import Donation, Donor, ReceiptAddress, RecurringDonation
from programs.models import Fund
from tests.donations.canned_stripe import Said
from tests.donations.gifts import make_donation
from tests.donations.statements.written import IBAN, balance, camt, entry, item, mt940, text

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(days=30)
FILES_OF = date(2026, 3, 20)  # far from the lines that are typed, so that none of the files is one of those


@dataclass
class Monthly:
    """A Dauerspende in the model: what Stripe says of it, and how often its owner was told of a change."""

    row: RecurringDonation
    first: Donation
    subscription: str
    cents: int
    is_paused: bool = False
    is_over: bool = False
    changes: int = 0

    def told(self) -> Said:
        """The subscription as Stripe tells it."""
        price = {
            "currency": "eur",
            "unit_amount": self.cents,
            "recurring": {"interval": "month", "interval_count": 1},
        }
        period = {"price": price, "quantity": 1, "current_period_end": int(NOW.timestamp())}
        return {
            "id": name_of(self.subscription),
            "object": "subscription",
            "status": "canceled" if self.is_over else "active",
            "metadata": {"donation": str(self.first.public_id)},
            "items": {"object": "list", "data": [period]},
            "pause_collection": {"behavior": "void"} if self.is_paused else None,
        }

    def invoice(self, name: str, payment: str, *, is_first: bool, is_paid: bool) -> Said:
        """A collection of it that was paid by `payment`, or was tried."""
        tries = {"status": "paid" if is_paid else "open", "is_default": True}
        named = {
            "subscription": name_of(self.subscription),
            "metadata": {"donation": str(self.first.public_id)},
        }
        return {
            "id": name,
            "object": "invoice",
            "billing_reason": "subscription_create" if is_first else "subscription_cycle",
            "parent": {"subscription_details": named},
            "payments": {"object": "list", "data": [tries | {"payment": {"payment_intent": payment}}]},
            "amount_due": self.cents,
            "created": int(AT.timestamp()),
            "status": "paid" if is_paid else "open",
        }


@dataclass(frozen=True)
class ToldLine:
    """A line as the bank lists it in its files; `is_hidden`: its code stands in a reference alone."""

    reference: str
    cents: int
    code: str
    is_hidden: bool

    def in_camt(self) -> str:
        """The entry of it in a camt.053."""
        refs, words = (self.code, "Spende") if self.is_hidden else ("NOTPROVIDED", self.code)
        inside = item(f"<Refs><EndToEndId>{refs}</EndToEndId></Refs>", text(words))
        return entry(
            f"{abs(self.cents) / 100:.2f}",
            "CRDT" if self.cents > 0 else "DBIT",
            inside,
            reference=f"<AcctSvcrRef>{self.reference}</AcctSvcrRef>",
            booked=f"<BookgDt><Dt>{FILES_OF}</Dt></BookgDt>",
            value=f"<ValDt><Dt>{FILES_OF}</Dt></ValDt>",
        )

    def in_mt940(self) -> list[str]:
        """The fields of it in an MT940."""
        sign, day = "C" if self.cents > 0 else "D", f"{FILES_OF:%y%m%d%m%d}"
        words = f"EREF+{self.code}?21SVWZ+Spende" if self.is_hidden else f"SVWZ+{self.code}"
        return [f":61:{day}{sign}{decimal(self.cents)}NTRFNONREF//{self.reference}", f":86:166?00X?20{words}"]


def file_of(iban: str, form: str, before: list[ToldLine], lines: list[ToldLine]) -> str:
    """A file of the bank over these lines of a day, with the balances around them."""
    opening = sum(each.cents for each in before)
    closing = opening + sum(each.cents for each in lines)
    if form == "camt":
        around = [(kind, cents) for kind, cents in (("OPBD", opening), ("CLBD", closing))]
        told = "".join(
            balance(kind, f"{abs(cents) / 100:.2f}", "DBIT" if cents < 0 else "CRDT")
            for kind, cents in around
        )
        return camt(*(each.in_camt() for each in lines), balances=told, iban=iban)
    first, last = (
        f"{'D' if cents < 0 else 'C'}{FILES_OF:%y%m%d}EUR{decimal(cents)}" for cents in (opening, closing)
    )
    fields = [field for each in lines for field in each.in_mt940()]
    return mt940(*fields, opening=first, closing=last).replace(IBAN, iban)


def decimal(cents: int) -> str:
    """An amount as MT940 writes it, without sign."""
    return f"{abs(cents) // 100},{abs(cents) % 100:02}"


@dataclass
class Body:
    """A legal body in the model: what its bank says, and what two people released for use."""

    fund: Fund
    spare: Fund
    giver: Donor
    one: User
    other: User
    account: str = "default"
    bank_cents: int = 0
    used_cents: int = 0
    boxed_cents: int = 0
    bank_fee_cents: int = 0
    cards: list[tuple[Donation, PaymentFacts]] = field(default_factory=list)
    transfers: list[Donation] = field(default_factory=list)
    payouts: list[TransitFacts] = field(default_factory=list)
    monthly: list[Monthly] = field(default_factory=list)
    debits: list[tuple[Donation, PaymentFacts]] = field(default_factory=list)
    told: list[ToldLine] = field(default_factory=list)


def account_at_stripe(payments: list[PaymentFacts], payouts: list[TransitFacts]) -> Said:
    """What Stripe lists as its own account of the money of one body, as of these payments and payouts."""
    data: list[Said] = []

    def line(kind: str, cents: int, fee: int, at: datetime | None, **source: str) -> None:
        assert at is not None
        told = {"id": f"txn_{len(data)}", "object": "balance_transaction", "type": kind, "amount": cents}
        data.append(told | {"net": cents - fee, "created": int(at.timestamp()), "source": source})

    for facts in payments:
        line(
            "charge",
            facts.amount_cents,
            facts.fee_cents or 0,
            facts.happened_at,
            object="charge",
            payment_intent=name_of(facts.external_id),
        )
        for each in facts.refunds:
            line("refund", -each.amount_cents, 0, NOW, object="refund", id=name_of(each.external_id))
            if each.failed_at:
                line(
                    "refund_failure", each.amount_cents, 0, NOW, object="refund", id=name_of(each.external_id)
                )
        for claim in facts.disputes:
            source = {"object": "dispute", "id": name_of(whole_of(claim.external_id))}
            line("adjustment", -claim.amount_cents, claim.fee_cents, claim.opened_at, **source)
            if claim.back_cents:
                line("adjustment", claim.back_cents, 0, claim.closed_at, **source)
    for sent in payouts:
        name = name_of(sent.external_id)
        line("payout", -sent.amount_cents, 0, sent.created_at, object="payout", id=name)
        if sent.failed_at:
            line("payout_failure", sent.amount_cents, 0, sent.failed_at, object="payout", id=name)
    return {"object": "list", "data": data, "has_more": False, "url": "/v1/balance_transactions"}


def wished(body: Body, cents: int, **values: Any) -> Donation:
    """Promised by the one giver of the body, with the wish for a receipt."""
    values |= {"wants_receipt": True, "donor_name": "Ada Kanarienvogel", "donor": body.giver}
    gift = make_donation(body.fund, amount_cents=cents, **values)
    ReceiptAddress.objects.create(donation=gift, street="Weg 1", postcode="52349", town="Düren")
    return gift


def fresh(gift: Donation) -> Donation:
    """Return the gift as it stands now: it may be for another purpose than it was promised for."""
    return Donation.objects.select_related("fund").get(pk=gift.pk)


def gone(facts: PaymentFacts) -> int:
    """What is away from our account at Stripe: given back, or in the hands of the payer's bank."""
    refunded = sum(each.amount_cents for each in facts.refunds if each.failed_at is None)
    return refunded + sum(each.amount_cents - each.back_cents for each in facts.disputes)


def given(fund: Fund) -> int:
    """What was given for the purpose and has stayed, as the gifts themselves say."""
    gifts = Donation.objects.filter(fund=fund, received_at__isnull=False)
    return sum(gift.amount_cents - gift.refunded_cents - gift.lost_cents for gift in gifts)
