"""Purposes as givers see them."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from donations.domain.methods import MONTHLY, MOST_CENTS, offered
from donations.selectors.method_limits import most_cents
from donations.selectors.stripe_accounts import all_methods, methods_at
from figures.selectors.published import published_cents
from foundation.units import Cents
from programs.models import Fund
from programs.selectors.visibility import is_of_verified_provider, public_funds


def with_published_cents(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Give each purpose `published_cents`: what was received up to last night, rounded down to five euro.

    None while too few people gave. It moves on only when enough further people stand behind the difference.
    """
    return funds.annotate(published_cents=published_cents())


def _taking_gifts() -> Q:
    """The one condition, of rows with `published_cents`: open, of a verified provider, short of its target.

    What is published decides, never the books of this moment: a purpose that closed with its second gift
    would tell the sum. What more comes until then goes to its fallback purpose (RULES §2.12, decision 79).
    """
    published = Q(published_cents=None) | Q(published_cents__lt=F("target_cents"))
    unfilled = Q(target_cents=None) | Q(is_general=True) | published
    return Q(is_of_verified_provider()) & Q(is_open=True) & unfilled


def funds_that_take_gifts() -> QuerySet[Fund]:
    """Return the purposes one can give to now, the general one first, each with `published_cents`."""
    funds = with_published_cents(Fund.objects.all()).filter(_taking_gifts())
    return funds.select_related("provider", "district")


def takes_gifts(fund: Fund) -> bool:
    """Tell whether one can give to this purpose now, whatever the row in hand says."""
    return funds_that_take_gifts().filter(pk=fund.pk).exists()


def telling_whether_they_take_gifts(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Give each purpose `published_cents` and `takes_gifts`."""
    taking = ExpressionWrapper(_taking_gifts(), BooleanField())
    return with_published_cents(funds).annotate(takes_gifts=taking)


def methods_for(
    fund: Fund, *, monthly: bool, of: tuple[Cents, date] | None = None, account: str = ""
) -> list[str]:
    """Return the methods this purpose offers, in their order; `of` so much on that day, or at all.

    Online ones only at the account of its own body, or at `account`, where something was begun.
    """
    provider = fund.provider
    return offered(
        online=methods_at(account or provider.stripe_account),
        has_account=bool(provider.iban and provider.account_holder_name),
        monthly=monthly,
        amount_cents=of[0] if of else None,
        most_cents=most_cents(of[1]) if of else MOST_CENTS,
    )


def monthly_is_offered() -> bool:
    """True if this installation collects monthly gifts at all."""
    return bool(MONTHLY & all_methods())


def shown_fund(slug: str) -> Fund | None:
    """Return a purpose for its own page, open or not; None for one that was taken out of public."""
    found = Fund.objects.filter(slug=slug, is_shown=True)
    funds = telling_whether_they_take_gifts(found)
    return funds.select_related("provider", "district", "program").first()


def list_of_funds() -> list[dict[str, Any]]:
    """Return all purposes that are open or of which an amount is published, with what their cards show."""
    shown = Q(pk__in=public_funds().values("pk")) | Q(published_cents__gt=0)
    funds = telling_whether_they_take_gifts(Fund.objects.filter(is_shown=True)).filter(shown)
    shown_funds = funds.select_related("district", "provider")
    return [{"fund": fund, "accepts": fund.takes_gifts} for fund in shown_funds]  # type: ignore[attr-defined]
