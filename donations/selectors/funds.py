"""Purposes as givers see them."""

from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from donations.domain.gift_status import HELD
from donations.domain.methods import MONTHLY, offered
from donations.models import Donation
from foundation.units import Cents
from programs.models import Fund
from programs.selectors.visibility import public_funds, telling_whether_they_take_gifts


def published_funds() -> QuerySet[Fund]:
    """Return the purposes whose amounts may be published: enough different people gave, and left it there.

    Whatever sums up gifts for others than treasurers sums up these alone, so that no total tells by
    subtraction what few gave.
    """
    return Fund.objects.filter(_enough_givers())


def _enough_givers() -> Exists:
    left = F("amount_cents") - F("lost_cents")
    kept = Donation.objects.filter(fund=OuterRef("pk"), status__in=HELD, refunded_cents__lt=left)
    last = settings.GIVERS_SHOWN_FROM - 1
    return Exists(kept.order_by("donor").values("donor").distinct()[last : last + 1])


def with_published_cents(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Give each purpose `published_cents`: what was received, None while too few people gave."""
    return funds.annotate(published_cents=Case(When(_enough_givers(), then=F("received_cents"))))


def methods_for(fund: Fund, *, monthly: bool, amount_cents: Cents | None = None) -> list[str]:
    """Return the methods this purpose offers for a gift of `amount_cents`, in their order."""
    provider = fund.provider
    return offered(
        online=settings.STRIPE_METHODS,
        takes_online_payments=provider.takes_online_payments,
        has_account=bool(provider.iban and provider.account_holder_name),
        monthly=monthly,
        amount_cents=amount_cents,
    )


def monthly_is_offered() -> bool:
    """True if this installation collects monthly gifts at all."""
    return bool(MONTHLY.intersection(settings.STRIPE_METHODS))


def shown_fund(slug: str) -> Fund | None:
    """Return a purpose for its own page, open or not; None for one that was taken out of public."""
    found = Fund.objects.filter(slug=slug, is_shown=True)
    funds = telling_whether_they_take_gifts(with_published_cents(found))
    return funds.select_related("provider", "district", "program").first()


def gift_count_shown(fund: Fund) -> int | None:
    """Return how many gifts came to a purpose from `shown_fund`, None if they, or their givers, are few."""
    is_published = fund.published_cents is not None  # type: ignore[attr-defined]
    return fund.gift_count if is_published and fund.gift_count >= settings.PERSONS_SHOWN_FROM else None


def list_of_funds() -> list[dict[str, Any]]:
    """Return all purposes that ask for gifts or have received something, with what their cards show."""
    shown = Q(pk__in=public_funds().values("pk")) | Q(received_cents__gt=0)
    funds = Fund.objects.filter(shown).select_related("district", "provider")
    shown_funds = telling_whether_they_take_gifts(with_published_cents(funds))
    return [{"fund": fund, "accepts": fund.takes_gifts} for fund in shown_funds]  # type: ignore[attr-defined]
