"""A gift is promised: what the giver chose becomes a row before anything else happens.

The row's public id follows from the visit to the form and from what was chosen. The same form sent twice, or
fifty times at once, is one gift; a changed choice is another act.
"""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction

from citizens.services.mailboxes import mailbox_for
from citizens.services.parts import minors_at
from donations.domain.of_age import is_for_adults, may_be_a_minor
from donations.domain.references import reference_of
from donations.models import Donation, Donor, Method, ReceiptAddress, RecurringDonation, TransferReference
from donations.selectors.funds import methods_for, takes_gifts
from donations.services.gifts import mails
from foundation.brakes import is_newcomer, take_if_there, turn_at
from foundation.clock import local_day
from foundation.limit_values import GIFTS_PER_CLIENT, GIFTS_PER_MAILBOX, ONLINE_GIFTS
from foundation.limits import LimitReached, take_from_networks
from foundation.mailbox_names import normalised_email
from foundation.money import some_cents
from foundation.names import is_line, is_name
from foundation.units import Cents
from outbox.services.asked import take_mail
from programs.models import Fund


class Refusal(Enum):
    """Why a gift cannot be promised like this."""

    FUND_CLOSED = "fund_closed"
    METHOD_NOT_OFFERED = "method_not_offered"
    TEXT_CHANGED = "text_changed"
    NO_NAME = "no_name"
    NOT_OF_AGE = "not_of_age"
    NAME_AN_ADULT = "name_an_adult"
    NAMED_AND_ANONYMOUS = "named_and_anonymous"
    TOO_MUCH = "too_much"


class PledgeRefused(Exception):
    """The gift cannot be promised; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """Where a receipt goes."""

    street: str
    postcode: str
    town: str


@dataclass(frozen=True)
class Choice:
    """What the giver chose; `visit` names the form that was shown, `text_version` the texts on it.

    `rhythm` is empty for a single gift. `is_of_age`: they say that they are 18; asked where needed, not kept.
    `is_anonymous`: to the body that receives the gift; then no name is kept.
    """

    visit: UUID
    fund: Fund
    text_version: int
    amount_cents: Cents
    method: str
    email: str
    rhythm: str = ""
    name: str = ""
    address: Address | None = None
    is_named_in_public: bool = False
    is_anonymous: bool = False
    pending_matter: str = field(default="", compare=False)
    is_of_age: bool = field(default=False, compare=False)
    is_demo: bool = field(default=False, compare=False)

    @property
    def is_repeated(self) -> bool:
        return bool(self.rhythm)

    @property
    def public_id(self) -> UUID:
        """The same for the same choice on the same form, unguessable for everybody else."""
        parts = (
            self.fund.pk,
            self.amount_cents,
            self.method,
            self.email,
            self.rhythm,
            self.name,
            self.address,
        )
        wishes = (self.is_named_in_public, self.is_anonymous)
        return uuid5(self.visit, repr(parts + wishes if any(wishes) else parts))


def pledge_gift(choice: Choice, *, client: str | None, now: datetime) -> Donation:
    """Return the promised gift, the one that exists already if this very choice was sent before.

    `client` is the network address for the limits, None for acts without a visitor. Raises PledgeRefused or
    LimitReached, NotCents or NotAnAmount, storing nothing.
    """
    existing = Donation.objects.filter(public_id=choice.public_id).first()
    if existing is not None:
        return existing
    _check(choice, client, now)
    try:
        with transaction.atomic():
            return _create(choice, client, now)
    except IntegrityError:
        return Donation.objects.get(public_id=choice.public_id)


def _check(choice: Choice, client: str | None, now: datetime) -> None:
    if some_cents(choice.amount_cents) > settings.DONATION_MAX_CENTS:
        raise PledgeRefused(Refusal.TOO_MUCH)
    if not _is_plain(choice):
        raise PledgeRefused(Refusal.NO_NAME)
    if not takes_gifts(choice.fund):
        raise PledgeRefused(Refusal.FUND_CLOSED)
    methods = methods_for(
        choice.fund, monthly=choice.is_repeated, of=(Cents(choice.amount_cents), local_day(now))
    )
    if choice.method not in methods:
        raise PledgeRefused(Refusal.METHOD_NOT_OFFERED)
    if choice.is_anonymous and (choice.is_named_in_public or choice.address):
        raise PledgeRefused(Refusal.NAMED_AND_ANONYMOUS)
    _check_age(choice, client, now)
    if choice.text_version != choice.fund.text_version:
        raise PledgeRefused(Refusal.TEXT_CHANGED)


def _check_age(choice: Choice, client: str | None, now: datetime) -> None:
    """Who is known here as a minor, by address and name, cannot say otherwise while giving.

    What is refused for that counts like a gift, so that nobody tries out who is known.
    """
    asks = is_for_adults(
        method=choice.method,
        is_repeated=choice.is_repeated,
        amount_cents=Cents(choice.amount_cents),
        small_cents=settings.MINOR_GIFT_MAX_CENTS,
    )
    if asks and not choice.is_of_age:
        raise PledgeRefused(Refusal.NOT_OF_AGE)
    if not (asks or choice.is_named_in_public):
        return
    if may_be_a_minor(choice.name, minors_at(choice.email)):
        if client is not None:
            take_from_networks(GIFTS_PER_CLIENT, client, now=now)
        raise PledgeRefused(Refusal.NAME_AN_ADULT)


def _is_plain(choice: Choice) -> bool:
    """What the giver wrote stands in mails in the city's name: nothing in it may lead elsewhere."""
    written = [choice.address.street, choice.address.town] if choice.address else []
    return (not choice.name or is_name(choice.name)) and all(is_line(line) for line in written)


def _create(choice: Choice, client: str | None, now: datetime) -> Donation:
    donor = donor_for(choice.email, now, is_demo=choice.is_demo)
    donation = Donation.objects.create(
        public_id=choice.public_id,
        donor=donor,
        donor_name="" if choice.is_anonymous else choice.name,
        hide_name_public=not (choice.is_named_in_public and choice.name),
        no_identity=choice.is_anonymous,
        pending_matter=choice.pending_matter,
        fund=choice.fund,
        recurring=_recurring(choice, donor, now) if choice.is_repeated else None,
        amount_cents=choice.amount_cents,
        method=choice.method,
        wants_receipt=choice.address is not None,
        purpose_text=choice.fund.purpose,
        fallback_text=choice.fund.fallback_purpose,
        text_version=choice.fund.text_version,
        status_changed_at=now,
        pledged_at=now,
        payable_at=_turn_at(choice, client, now) if client is not None else None,
        is_demo=choice.is_demo,
    )
    if choice.address is not None:
        ReceiptAddress.objects.create(donation=donation, **vars(choice.address))
    if choice.method == Method.TRANSFER:
        _prepare_transfer(donation, client, now)
    return donation


def donor_for(email: str, now: datetime, *, is_demo: bool = False) -> Donor:
    """Return the donor of this address, however it is written; a new one if there is none."""
    mailbox = mailbox_for(email, now)
    donor, _created = Donor.objects.get_or_create(
        mailbox=mailbox, defaults={"created_at": now, "is_demo": is_demo}
    )
    donor.mailbox = mailbox
    return donor


def _recurring(choice: Choice, donor: Donor, now: datetime) -> RecurringDonation:
    return RecurringDonation.objects.create(
        donor=donor,
        fund=choice.fund,
        amount_cents=choice.amount_cents,
        rhythm=choice.rhythm,
        no_identity=choice.is_anonymous,
        method=choice.method,
        status_changed_at=now,
        created_at=now,
        is_demo=choice.is_demo,
    )


def _turn_at(choice: Choice, client: str, now: datetime) -> datetime | None:
    """Return when the payment page may open if that is later than now. Raises LimitReached.

    The mailbox counts only against networks seen lately, so that nobody is locked out by their own address.
    """
    take_from_networks(GIFTS_PER_CLIENT, client, now=now)
    if choice.method == Method.TRANSFER:
        return None
    newcomer = is_newcomer(ONLINE_GIFTS, client, now=now)
    if not take_if_there(GIFTS_PER_MAILBOX, normalised_email(choice.email), now=now) and not newcomer:
        raise LimitReached(GIFTS_PER_MAILBOX)
    turn = turn_at(ONLINE_GIFTS, newcomer=newcomer, now=now)
    return turn if turn > now else None


def _prepare_transfer(donation: Donation, client: str | None, now: datetime) -> None:
    """Nobody has proved to own the address: the mail counts there, and the page shows the data anyway."""
    TransferReference.objects.create(donation=donation, reference=_free_reference(donation))
    due_at = now
    try:
        if client is not None:
            due_at = take_mail(client=client, to_email=donation.donor.email, now=now)
    except LimitReached:
        return
    mails.tell_transfer_data(donation, now, due_at)


def _free_reference(donation: Donation) -> str:
    for attempt in itertools.count():
        reference = reference_of(donation.public_id, attempt)
        if not TransferReference.objects.filter(reference=reference).exists():
            break
    return reference
