"""Purposes as givers see them."""

from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from donations.domain.gift_status import HELD
from donations.domain.methods import MONTHLY, offered
from donations.models import Donation
from programs.models import Fund
from programs.selectors.visibility import public_funds

FEW_GIFTS = 5


def published_funds() -> QuerySet[Fund]:
    """Return the purposes whose amounts may be published: enough different people gave, and left it there.

    Whatever sums up gifts for others than treasurers sums up these alone, so that no total tells by
    subtraction what few gave.
    """
    return Fund.objects.filter(_enough_givers())


def _enough_givers() -> Exists:
    kept = Donation.objects.filter(fund=OuterRef("pk"), status__in=HELD, refunded_cents__lt=F("amount_cents"))
    last = settings.GIVERS_SHOWN_FROM - 1
    return Exists(kept.order_by("donor").values("donor").distinct()[last : last + 1])


def with_published_cents(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Give each purpose `published_cents`: what was received, None while too few people gave."""
    return funds.annotate(published_cents=Case(When(_enough_givers(), then=F("received_cents"))))


def open_funds() -> QuerySet[Fund]:
    """Return the purposes that take gifts now, the general one first.

    A purpose that has reached its target takes no more: the general one is offered instead (RULES §2.12).
    """
    unfilled = Q(target_cents=None) | Q(received_cents__lt=F("target_cents")) | Q(is_general=True)
    return public_funds().filter(unfilled).select_related("provider", "district")


def accepts_gifts(fund: Fund) -> bool:
    """True while the purpose is open, its provider verified, and not yet filled."""
    return fund.is_open and fund.provider.is_verified and (fund.is_general or not is_filled(fund))


def is_filled(fund: Fund) -> bool:
    return fund.target_cents is not None and fund.received_cents >= fund.target_cents


def methods_for(fund: Fund, *, monthly: bool) -> list[str]:
    """Return the methods this purpose offers, in their order."""
    provider = fund.provider
    return offered(
        online=settings.STRIPE_METHODS,
        takes_online_payments=provider.takes_online_payments,
        has_account=bool(provider.iban and provider.account_holder_name),
        monthly=monthly,
    )


def monthly_is_offered() -> bool:
    """True if this installation collects monthly gifts at all."""
    return bool(MONTHLY.intersection(settings.STRIPE_METHODS))


def shown_fund(slug: str) -> Fund | None:
    """Return a purpose for its own page, open or not."""
    funds = with_published_cents(Fund.objects.filter(slug=slug))
    return funds.select_related("provider", "district", "program").first()


def gift_count_shown(fund: Fund) -> int | None:
    """Return how many gifts came to a purpose from `shown_fund`, None if they, or their givers, are few."""
    is_published = fund.published_cents is not None  # type: ignore[attr-defined]
    return fund.gift_count if is_published and fund.gift_count >= FEW_GIFTS else None


def list_of_funds() -> list[dict[str, Any]]:
    """Return all purposes that ask for gifts or have received something, with what their cards show."""
    shown = Q(pk__in=public_funds().values("pk")) | Q(received_cents__gt=0)
    funds = Fund.objects.filter(shown).select_related("district", "provider")
    return [{"fund": fund, "accepts": accepts_gifts(fund)} for fund in with_published_cents(funds)]
