"""One date moved in two steps: where to, with who reads what about it, and done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.formats import date_long, time_range
from foundation.lists.choosing import SURE
from programs.access import access_opportunity, coordinator_required
from programs.forms.moving import MoveForm
from programs.models import Shift
from programs.services.moving import move_date, why_not_moved
from volunteers.selectors.called_off import called_off, moved


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def date_move(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    """Ask where to, show who comes and what they read, and move it when that is confirmed."""
    date, now = _date(request, pk, date_pk), utc_now()
    form = MoveForm(request.POST if request.method == "POST" else None, date=date)
    if not form.is_valid():
        return _page(request, form, date, status=422 if form.is_bound else 200)
    why = why_not_moved(date, form.slot, now=now)
    if why is None and SURE in request.POST:
        why = move_date(date, form.slot, now=now)
        if why is None:
            messages.success(request, _done(form))
            return see_other("coordination_opportunity", pk)
    if why is not None:
        form.add_error(None, str(why.label))
        return _page(request, form, date, status=422)
    return _page(request, form, date, is_preview=True)


def _date(request: HttpRequest, pk: int, date_pk: int) -> Shift:
    """Return a date to come. Raises Http404."""
    dates = access_opportunity(request.user, pk).shifts.select_related("opportunity")
    date = dates.filter(pk=date_pk, is_cancelled=False, starts_at__gt=utc_now()).first()
    if date is None:
        raise Http404
    return date


def _done(form: MoveForm) -> str:
    starts_at, ends_at = form.slot.span
    when = {"day": date_long(starts_at), "hours": time_range(starts_at, ends_at)}
    return _("Verlegt auf %(day)s, %(hours)s. Wer kommen wollte, hört es gleich von uns.") % when


def _page(
    request: HttpRequest, form: MoveForm, date: Shift, *, is_preview: bool = False, status: int = 200
) -> HttpResponse:
    found = called_off([date], utc_now())
    context = {
        "form": form,
        "opportunity": date.opportunity,
        "shift": date,
        "people": [person for each in found for person in each.people],
        "told": moved(date, *form.slot.span) if is_preview else [],
        "sure": SURE,
        "is_preview": is_preview,
    }
    return render(request, "volunteers/coordination_date_move.html", context, status=status)
