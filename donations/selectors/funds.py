"""Purposes as givers see them."""

from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from donations.domain.methods import MONTHLY, offered
from programs.models import Fund

FEW_GIFTS = 5


def open_funds() -> QuerySet[Fund]:
    """Return the purposes that take gifts now, the general one first.

    A purpose that has reached its target takes no more: the general one is offered instead (RULES §2.12).
    """
    unfilled = Q(target_cents=None) | Q(received_cents__lt=F("target_cents")) | Q(is_general=True)
    return Fund.objects.filter(unfilled, is_open=True).select_related("provider", "district")


def accepts_gifts(fund: Fund) -> bool:
    """True while the purpose is open and not yet filled."""
    return fund.is_open and (fund.is_general or not is_filled(fund))


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
    return Fund.objects.filter(slug=slug).select_related("provider", "district", "program").first()


def gift_count_shown(fund: Fund) -> int | None:
    """Return how many gifts came, None if there are few: small numbers are not shown."""
    return fund.gift_count if fund.gift_count >= FEW_GIFTS else None


def list_of_funds() -> list[dict[str, Any]]:
    """Return all purposes that are open or have received something, with what their cards show."""
    funds = Fund.objects.filter(Q(is_open=True) | Q(received_cents__gt=0)).select_related("district")
    return [{"fund": fund, "accepts": accepts_gifts(fund)} for fund in funds]
