"""Several bank lines given to the promises they pay in all likelihood, after a look at each pair."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from citizens.views.private_pages import see_other
from donations.access import bank_lines_within_reach, gifts_within_reach, treasury_of
from donations.models import BankTransaction, Donation
from donations.selectors.bank_lines import open_bank_lines
from donations.selectors.promises import likely_pairs
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.transfers import AlreadyAssigned, assign_transfer
from donations.views.treasury import signed_in
from foundation.clock import utc_now
from foundation.lists.choosing import CHOSEN, SURE, chosen_keys
from foundation.returns import back_or

Pairs = list[tuple[BankTransaction, Donation]]
SHOWN = "pair"
"""Line and gift as they were looked at: nothing else is booked."""


@login_required
@require_POST
def coordination_lines_assign(request: HttpRequest) -> HttpResponse:
    """Show which promise each chosen line pays, and book what was looked at."""
    user, back = signed_in(request), back_or(request, see_other("coordination_lines"))
    treasury_of(user)
    chosen = open_bank_lines(bank_lines_within_reach(user)).filter(pk__in=chosen_keys(request.POST))
    found = likely_pairs(chosen.select_related("provider"), gifts_within_reach(user))
    pairs = [(line, gift) for line, gift in found if gift]
    if not pairs:
        messages.warning(
            request, _("Zu keinem der ausgewählten Eingänge gibt es genau eine passende Zusage.")
        )
        return back
    if SURE not in request.POST:
        context = {
            "pairs": pairs,
            "without": [line for line, gift in found if gift is None],
            "others": len(chosen_keys(request.POST)) - len(found),
            "chosen": CHOSEN,
            "sure": SURE,
            "shown": SHOWN,
            "back": back["Location"],
        }
        return render(request, "donations/coordination/lines_assign.html", context)
    count = _book(request, pairs)
    told = ngettext("%(count)d Eingang ist zugeordnet.", "%(count)d Eingänge sind zugeordnet.", count)
    told %= {"count": count}
    if rest := len(request.POST.getlist(SHOWN)) - count:
        left = ngettext(
            "%(count)d blieb, wie er war: Hier hat sich inzwischen etwas geändert.",
            "%(count)d blieben, wie sie waren: Hier hat sich inzwischen etwas geändert.",
            rest,
        )
        told = f"{told} {left % {'count': rest}}"
    (messages.success if count else messages.warning)(request, told)
    return back


def _book(request: HttpRequest, pairs: Pairs) -> int:
    looked_at, count = set(request.POST.getlist(SHOWN)), 0
    for line, gift in pairs:
        if f"{line.pk}-{gift.pk}" in looked_at:
            try:
                assign_transfer(line.pk, gift.pk, assigned_by=signed_in(request), now=utc_now())
            except (AlreadyAssigned, MoreThanOpen):
                continue
            count += 1
    return count
