"""Givers who agreed to be named in public: name and purpose, never an amount."""

from django.db.models import Min, QuerySet

from donations.models import Donation

_HERE = [Donation.Status.RECEIVED, Donation.Status.PARTLY_REFUNDED]
_TAKEN = [Donation.Acceptance.NOT_NEEDED, Donation.Acceptance.ACCEPTED]


def named_givers(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return one of `gifts` for each name and purpose that may be named, by purpose and name.

    Only what has come, is not disputed, and was accepted where that had to be said: whoever writes a name
    and pays nothing is named nowhere.
    """
    agreed = gifts.filter(hide_name_public=False, status__in=_HERE, acceptance__in=_TAKEN).order_by()
    first = agreed.values("fund", "donor_name").annotate(first=Min("pk")).values("first")
    return Donation.objects.filter(pk__in=first).select_related("fund").order_by("fund__name", "donor_name")
