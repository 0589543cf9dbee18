"""Who may see and book gifts: the treasurers of the provider that receives them."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from donations.models import BankTransaction, Donation
from programs.access import Role, providers_of, within_reach
from programs.models import Provider

Someone = User | AnonymousUser


def treasury_of(user: Someone) -> QuerySet[Provider]:
    """Return the providers whose gifts `user` looks after. Raises PermissionDenied if there are none."""
    providers = providers_of(user, Role.TREASURER)
    if not providers.exists():
        raise PermissionDenied
    return providers


def gifts_within_reach(user: Someone) -> QuerySet[Donation]:
    """Return the gifts to the providers whose treasurer `user` is."""
    return Donation.objects.filter(within_reach(user, "fund__provider", Role.TREASURER))


def access_donation(user: Someone, pk: int) -> Donation:
    """Return a gift within reach. Raises Http404."""
    donation = gifts_within_reach(user).select_related("fund__provider", "donor").filter(pk=pk).first()
    if donation is None:
        raise Http404
    return donation


def bank_lines_within_reach(user: Someone) -> QuerySet[BankTransaction]:
    """Return the bank lines of the providers whose treasurer `user` is."""
    return BankTransaction.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_bank_line(user: Someone, pk: int) -> BankTransaction:
    """Return a bank line within reach. Raises Http404."""
    line = bank_lines_within_reach(user).select_related("provider").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line
