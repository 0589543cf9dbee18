"""Dates that do not take place: one step to cancel them, one to take that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.clock import local_day, utc_now
from foundation.formats import date_long, time_range
from programs.access import access_closure, access_opportunity, coordinator_required
from programs.forms.closures import ClosureForm
from programs.models import Shift
from programs.selectors.opportunities import coming_dates_of, date_into
from programs.services.closures import close_dates, close_days, open_again
from programs.views.coordination import opportunity_page


@coordinator_required
@require_POST
def closure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the dates of one day, a range, or all that come."""
    now = utc_now()
    opportunity = access_opportunity(request.user, pk)
    form = ClosureForm(request.POST, today=local_day(now), dates=coming_dates_of(opportunity, now))
    if not form.is_valid():
        return opportunity_page(request, opportunity, now, closure_form=form)
    said = form.cleaned_data
    if dates := said.get("dates"):
        close_dates(opportunity, dates, reason=said["reason"], now=now)
    else:
        close_days(
            opportunity, from_on=said["from_on"], until_on=said["until_on"], reason=said["reason"], now=now
        )
    messages.success(request, _("Die Termine fallen aus. Wer kommen wollte, hört es gleich von uns."))
    if date := date_into(opportunity, said["from_on"], now):
        messages.warning(request, _stays(date))
    return _see(pk)


@coordinator_required
@require_POST
def closure_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the dates take place after all."""
    closure = access_closure(request.user, pk)
    open_again(closure, now=utc_now())
    messages.success(request, _("Die Termine finden wieder statt. Wer dabei ist, hört es gleich von uns."))
    return _see(closure.opportunity_id)


def _stays(date: Shift) -> str:
    span = time_range(date.starts_at, date.ends_at)
    return _(
        "Der Termin am %(day)s, %(span)s findet statt, obwohl er in diese Tage reicht: Er beginnt davor. "
        "Soll auch er ausfallen, sagen Sie bitte den Tag davor ab."
    ) % {"day": date_long(date.starts_at), "span": span}


def _see(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("coordination_opportunity", args=[pk]))
