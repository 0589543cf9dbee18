"""Large gifts to the city: its rule, what a giver gave in a year, and what waits for a decision."""

from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from donations.domain.acceptance import NOT_ABROAD, is_abroad
from donations.domain.proposals import ABOUT_ACCEPTANCE
from donations.models import AcceptanceRule, Allocation, Donation, Proposal
from donations.selectors.giving_in_kind import in_kind
from donations.selectors.left import left_cents
from foundation.clock import end_of_day, local_moment
from foundation.units import MIDNIGHT, Cents
from programs.models import Provider

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


def given_in_year(donation: Donation, provider: Provider, year: int) -> Cents:
    """Return what the giver of `donation` gave the body beside it in a calendar year in Düren.

    Goods and waived expenses count with their value; what went back or was not accepted does not. Where no
    address tells who gave, gifts under the same name are of one giver.
    """
    if donation.donor.mailbox_id is None:
        return _left_of(_under_its_names(donation, year, Donation.objects.all()))
    unknown = Donation.objects.filter(donor__mailbox=None)
    money = money_in_year(donation.donor_id, provider.pk, year, beside=donation.pk)
    money = Cents(money + in_kind(donation.donor_id, provider.pk, year))
    return Cents(money + _left_of(_under_its_names(donation, year, unknown)))


def unknown_in_year(donation: Donation, year: int) -> Cents:
    """Return what came beside it under the same name in a year, abroad or of somebody not known either."""
    abroad = Allocation.objects.filter(donation=OuterRef("pk"), undone_at=None).exclude(
        line__counterparty_country__in=NOT_ABROAD
    )
    is_unknown = Q(donor__mailbox=None, donor_name="") | Q(no_identity=True) | Exists(abroad)
    return _left_of(_under_its_names(donation, year, Donation.objects.filter(is_unknown)))


def _under_its_names(donation: Donation, year: int, gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Those of `gifts` to its body in a year that have a name of this one: its giver's, or its payer's.

    Both are looked up by an index of their own: gifts come by the thousand with one statement.
    """
    of_body = gifts.filter(fund__provider=donation.fund.provider_id).exclude(pk=donation.pk)
    others = received_in(of_body, year).order_by()
    payers = donation.allocations.filter(undone_at=None).values_list("line__counterparty_name", flat=True)
    called, paid_by = Q(pk__in=[]), Q(pk__in=[])
    for name in {donation.donor_name, *payers} - {""}:
        called |= Q(donor_name__iexact=name)
        paid_by |= Q(line__counterparty_name__iexact=name)
    alike = Donation.objects.order_by().filter(called).values("pk")
    paid = Allocation.objects.filter(paid_by, undone_at=None).values("donation")
    return others.filter(pk__in=alike.union(paid))


def money_in_year(donor_id: int, provider_id: int, year: int, *, beside: int | None = None) -> Cents:
    """Return what a giver gave a body in money, the gift `beside` left out."""
    of_giver = Donation.objects.filter(donor=donor_id, fund__provider=provider_id)
    gifts = received_in(of_giver, year)
    return _left_of(gifts.exclude(pk=beside) if beside else gifts)


def _left_of(gifts: QuerySet[Donation]) -> Cents:
    """What came with them and was neither sent back nor refused."""
    kept = gifts.exclude(acceptance=Donation.Acceptance.REFUSED)
    return Cents(kept.aggregate(cents=Sum(left_cents()))["cents"] or 0)


def countries_abroad(gift: Donation) -> list[str]:
    """Return the other countries from whose accounts the gift came, as two letters each."""
    lines = gift.allocations.filter(undone_at=None).values_list("line__counterparty_country", flat=True)
    return sorted({country for country in lines if is_abroad(country)})


def awaiting_acceptance(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return the large gifts about which nobody has proposed anything yet, oldest first."""
    waiting = gifts.filter(
        acceptance=Donation.Acceptance.AWAITING,
        status__in=[Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED],
    )
    open_ones = waiting.filter(~Exists(_PROPOSED)).select_related("fund", "donor__mailbox")
    return open_ones.order_by("received_at", "pk")


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
