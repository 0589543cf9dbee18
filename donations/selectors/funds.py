"""Purposes as givers see them."""

from typing import Any

from django.db.models import Q, QuerySet

from donations.domain.methods import MONTHLY, offered
from donations.selectors.stripe_accounts import all_methods, methods_at
from figures.selectors.published import published_cents
from foundation.units import Cents
from programs.models import Fund
from programs.selectors.visibility import public_funds, telling_whether_they_take_gifts


def with_published_cents(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Give each purpose `published_cents`: what was received up to last night, rounded down to five euro.

    None while too few people gave. It moves on only when enough further people stand behind the difference.
    """
    return funds.annotate(published_cents=published_cents())


def methods_for(
    fund: Fund, *, monthly: bool, amount_cents: Cents | None = None, account: str = ""
) -> list[str]:
    """Return the methods this purpose offers for a gift of `amount_cents`, in their order.

    Online ones only at the account of its own body, or at `account`, where something was begun.
    """
    provider = fund.provider
    return offered(
        online=methods_at(account or provider.stripe_account),
        has_account=bool(provider.iban and provider.account_holder_name),
        monthly=monthly,
        amount_cents=amount_cents,
    )


def monthly_is_offered() -> bool:
    """True if this installation collects monthly gifts at all."""
    return bool(MONTHLY & all_methods())


def shown_fund(slug: str) -> Fund | None:
    """Return a purpose for its own page, open or not; None for one that was taken out of public."""
    found = Fund.objects.filter(slug=slug, is_shown=True)
    funds = telling_whether_they_take_gifts(with_published_cents(found))
    return funds.select_related("provider", "district", "program").first()


def list_of_funds() -> list[dict[str, Any]]:
    """Return all purposes that ask for gifts or have received something, with what their cards show."""
    shown = Q(pk__in=public_funds().values("pk")) | Q(received_cents__gt=0)
    funds = Fund.objects.filter(shown).select_related("district", "provider")
    shown_funds = telling_whether_they_take_gifts(with_published_cents(funds))
    return [{"fund": fund, "accepts": fund.takes_gifts} for fund in shown_funds]  # type: ignore[attr-defined]
