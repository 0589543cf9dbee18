"""Large gifts to the city: its rule, what a giver gave in a year, and what waits for a decision."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Upper

from donations.domain.acceptance import NOT_ABROAD, is_abroad
from donations.domain.names import may_be_same, spellings, telling_words
from donations.domain.proposals import ABOUT_ACCEPTANCE
from donations.models import (
    AcceptanceRule,
    Allocation,
    BankTransaction,
    Donation,
    Donor,
    Payment,
    Proposal,
    Refund,
)
from donations.selectors.giving_in_kind import in_kind
from donations.selectors.left import left_cents
from foundation.clock import end_of_day, local_moment
from foundation.lists.searching import Word
from foundation.units import MIDNIGHT, Cents
from programs.models import Provider

_SHOWN = 20
_PROPOSED = Proposal.objects.filter(
    donation=OuterRef("pk"), kind__in=ABOUT_ACCEPTANCE, status=Proposal.Status.PROPOSED
)


def rule_of(provider: Provider, day: date) -> Cents | None:
    """Return from how much a year on gifts of one giver have to be accepted; None for who is not the city."""
    if provider.kind != Provider.Kind.CITY:
        return None
    rules = AcceptanceRule.objects.filter(provider=provider, valid_from__lte=day).order_by("-valid_from")
    said = rules.values_list("from_cents", flat=True).first()
    return settings.ACCEPTANCE_FROM_CENTS if said is None else Cents(said)


def given_in_year(
    donation: Donation, provider: Provider, year: int, *, without_anonymous: bool = False
) -> Cents:
    """Return what the giver of `donation` gave the body beside it in a calendar year in Düren.

    Goods and waived expenses count with their value; what went back or was not accepted does not. Where no
    address tells who gave, gifts under the same name are of one giver. `without_anonymous`: what the body may
    read of it, which does not learn whose its anonymous gifts are.
    """
    gifts = Donation.objects.filter(no_identity=False) if without_anonymous else Donation.objects.all()
    goods = goods_in_year(donation, provider, year)
    if donation.donor.mailbox_id is None:
        return Cents(goods + _left_of(_under_its_names(donation, year, gifts)))
    own = received_in(gifts.filter(donor=donation.donor_id, fund__provider=provider), year)
    named = _under_its_names(donation, year, gifts.filter(donor__mailbox=None))
    return Cents(goods + _left_of(own.exclude(pk=donation.pk)) + _left_of(named))


def goods_in_year(donation: Donation, provider: Provider, year: int) -> Cents:
    """Return what of that are goods and waived expenses, with their value."""
    return in_kind(donation.donor, _names_of(donation), provider.pk, year)


def money_of_giver(donor: Donor, name: str, provider_id: int, year: int) -> Cents:
    """Return what a giver gave a body in money, as far as an address or, without one, the name tells."""
    gifts = Donation.objects.filter(fund__provider=provider_id).exclude(donor=donor)
    unknown = gifts if donor.mailbox_id is None else gifts.filter(donor__mailbox=None)
    named = _under_names({name} - {""}, unknown, year)
    return Cents(money_in_year(donor.pk, provider_id, year) + _left_of(named))


def unknown_in_year(donation: Donation, year: int) -> Cents:
    """Return what came beside it under the same name in a year, abroad or of somebody not known either."""
    abroad = Allocation.objects.filter(donation=OuterRef("pk"), undone_at=None).exclude(
        line__counterparty_country__in=NOT_ABROAD
    )
    by_card = Payment.objects.filter(donation=OuterRef("pk")).exclude(country__in=NOT_ABROAD)
    is_unknown = Q(donor__mailbox=None, donor_name="") | Q(no_identity=True)
    is_unknown |= Exists(abroad) | Exists(by_card)
    return _left_of(_under_its_names(donation, year, Donation.objects.filter(is_unknown)))


def _under_its_names(donation: Donation, year: int, gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Those of `gifts` to its body in a year that have a name of this one: its giver's, or its payer's.

    Other spellings count, and what may be of the same person: it is better asked once too often, and who
    decides sees each (`counted_by_name`). Both are looked up by an index of their own: gifts come by the
    thousand with one statement.
    """
    of_body = gifts.filter(fund__provider=donation.fund.provider_id).exclude(pk=donation.pk)
    return _under_names(_names_of(donation), of_body, year)


def _names_of(donation: Donation) -> set[str]:
    """Its giver's name, and those under which the bank knows who paid."""
    payers = donation.allocations.filter(undone_at=None).values_list("line__counterparty_name", flat=True)
    return {donation.donor_name, *payers} - {""}


def _under_names(names: set[str], gifts: QuerySet[Donation], year: int) -> QuerySet[Donation]:
    others = received_in(gifts, year).order_by()
    written = [Upper(Value(each)) for name in names for each in spellings(name)]
    lines = BankTransaction.objects.alias(payer=Upper("counterparty_name")).filter(payer__in=written)
    paid = Allocation.objects.filter(line__in=lines, undone_at=None).values_list("donation", flat=True)
    return others.filter(pk__in={*paid, *_called_alike(others, names)})


def _called_alike(gifts: QuerySet[Donation], names: Collection[str]) -> list[int]:
    """Those whose giver may have one of the names, read by the words that tell most."""
    wanted = Q(pk__in=[])
    for word in {word for name in names for word in telling_words(name)}:
        wanted |= Word(word).within("donor_name")
    found = gifts.filter(wanted).values_list("pk", "donor_name") if names else []
    return [pk for pk, called in found if any(may_be_same(name, called) for name in names)]


def counted_by_name(donation: Donation, year: int) -> list[Donation]:
    """Return the gifts of a year that may be of the same giver though no address says so, oldest first.

    Whether they are of one person only people know; two addresses are never added up.
    """
    others = Donation.objects.filter(no_identity=False)  # no list of the body's says whose those are
    others = others.exclude(donor=donation.donor_id, donor__mailbox__isnull=False)
    found = _under_its_names(donation, year, others)
    return list(found.select_related("donor__mailbox").order_by("received_at", "pk")[:_SHOWN])


def money_in_year(donor_id: int, provider_id: int, year: int) -> Cents:
    """Return what a giver gave a body in money."""
    return _left_of(received_in(Donation.objects.filter(donor=donor_id, fund__provider=provider_id), year))


def _left_of(gifts: QuerySet[Donation]) -> Cents:
    """What came with them and was neither sent back nor refused."""
    kept = gifts.exclude(acceptance=Donation.Acceptance.REFUSED)
    return Cents(kept.aggregate(cents=Sum(left_cents()))["cents"] or 0)


def countries_abroad(gift: Donation) -> list[str]:
    """Return the other countries from whose accounts or cards the gift came, as two letters each."""
    lines = gift.allocations.filter(undone_at=None).values_list("line__counterparty_country", flat=True)
    online = Payment.objects.filter(donation=gift).values_list("country", flat=True)
    return sorted({country for country in (*lines, *online) if is_abroad(country)})


def awaiting_acceptance(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return the large gifts about which nobody has proposed anything yet, oldest first."""
    waiting = gifts.filter(
        acceptance=Donation.Acceptance.AWAITING,
        status__in=[Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED],
    )
    open_ones = waiting.filter(~Exists(_PROPOSED)).select_related("fund", "donor__mailbox")
    return open_ones.order_by("received_at", "pk")


def not_given_back(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return the gifts that are not accepted and still here with nothing on its way back, oldest first.

    Their refund failed or was never made, or their money came back from a dispute.
    """
    leaving = Refund.objects.filter(donation=OuterRef("pk"), status=Refund.Status.PENDING)
    proposed = Proposal.objects.filter(
        donation=OuterRef("pk"), kind="refund", status=Proposal.Status.PROPOSED
    )
    here = gifts.filter(
        ~Exists(leaving),
        ~Exists(proposed),
        acceptance=Donation.Acceptance.REFUSED,
        status__in=[Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED],
    )
    return here.select_related("fund").order_by("acceptance_at", "pk")


def received_in(gifts: QuerySet[Donation], year: int) -> QuerySet[Donation]:
    """Return the gifts whose money came in a calendar year in Düren."""
    return gifts.filter(
        received_at__gte=local_moment(date(year, 1, 1), MIDNIGHT),
        received_at__lt=end_of_day(date(year, 12, 31)),
    )


def large_gifts(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return the gifts about which the city decides or decided, with what its list shows, oldest first."""
    large = gifts.exclude(acceptance=Donation.Acceptance.NOT_NEEDED)
    return (
        large.select_related("fund", "donor__mailbox")
        .prefetch_related("proposals")
        .order_by("received_at", "pk")
    )
