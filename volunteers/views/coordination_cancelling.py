"""Several dates cancelled in one go: ticked in the list, looked at with what people will read, done."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from citizens.views.private_pages import see_other
from citizens.views.together import Left
from foundation.clock import utc_now
from foundation.formats import date_long, time_range
from foundation.lists.choosing import CHOSEN, SURE, chosen_keys
from foundation.returns import back_or
from programs.access import coordinator_required, providers_of
from programs.forms.closures import ReasonForm
from programs.models import Shift
from programs.services.closures import close_dates
from volunteers.selectors.called_off import called_off
from volunteers.selectors.people_list import dates_of

LOOK = "look"
"""Named by who has the reasons before them, so that none chosen is an error."""


@coordinator_required
@require_POST
def dates_cancel(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, show who reads what, and cancel them when that is confirmed."""
    now, back = utc_now(), back_or(request, see_other("coordination_dates"))
    own = list(dates_of(providers_of(request.user)).filter(pk__in=chosen_keys(request.POST)))
    dates = [each for each in own if not _why_not(each, now)]
    left = [Left(_label(each), why) for each in own if (why := _why_not(each, now))]
    if not dates:
        nothing = _("Keiner der ausgewählten Termine steht noch bevor.")
        messages.warning(request, " ".join([nothing, *(each.told for each in left)]))
        return back
    form = ReasonForm(request.POST if LOOK in request.POST or SURE in request.POST else None)
    if not form.is_valid() or SURE not in request.POST:
        return _page(request, form, dates, left, back["Location"])
    tasks = {date.opportunity_id: date.opportunity for date in dates}
    for key in sorted(tasks):
        chosen = [date.pk for date in dates if date.opportunity_id == key]
        close_dates(tasks[key], chosen, reason=form.cleaned_data["reason"], now=now)
    told = ngettext(
        "Ein Termin ist abgesagt. Wer kommen wollte, hört es gleich von uns.",
        "%(count)d Termine sind abgesagt. Wer kommen wollte, hört es gleich von uns.",
        len(dates),
    )
    messages.success(request, " ".join([told % {"count": len(dates)}, *(each.told for each in left)]))
    return back


def _why_not(date: Shift, now: datetime) -> str:
    """Return why there is nothing to cancel, "" if there is."""
    if date.is_cancelled:
        return _("ist schon abgesagt")
    return "" if date.starts_at > now else _("hat schon begonnen oder ist vorbei")


def _label(date: Shift) -> str:
    times = time_range(date.starts_at, date.ends_at)
    return f"{date.opportunity.title}, {date_long(date.starts_at)}, {times}"


def _page(
    request: HttpRequest, form: ReasonForm, dates: list[Shift], left: list[Left], back: str
) -> HttpResponse:
    reason = form.cleaned_data.get("reason", "") if form.is_bound else ""
    found = called_off(dates, utc_now())
    context = {
        "form": form,
        "rows": [(each, each.told(reason) if reason else []) for each in found],
        "keys": [date.pk for date in dates],
        "chosen": CHOSEN,
        "sure": SURE,
        "look": LOOK,
        "reason": reason,
        "left": left,
        "mails": sum(len(each.people) for each in found),
        "back": back,
    }
    status = 422 if form.is_bound and not reason else 200
    return render(request, "volunteers/coordination_dates_cancel.html", context, status=status)
