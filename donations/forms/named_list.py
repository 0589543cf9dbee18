"""The list of givers who may be named in public."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models import Donation
from foundation.lists.declaring import Column, Listing
from programs.models import Fund


def named_list() -> Listing[Donation]:
    """Return the list of names, read with `selectors.named.named_givers`; it holds no amount and no day."""
    return Listing(
        "namen",
        {
            "fund": Column(_("Spendenzweck"), lambda row: row.fund.name, ("fund__name",)),
            "name": Column(_("Name"), lambda row: row.donor_name, ("donor_name",)),
        },
        {},
        lambda word: Q(word.within("donor_name")) | Q(fund__in=Fund.objects.filter(word.within("name"))),
        usual=_("nach Zweck und Name"),
    )
