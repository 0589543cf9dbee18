"""Dates with too few people: said to do with fewer, and that taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.returns import back_or
from programs.access import access_opportunity, coordinator_required
from programs.models import Shift
from volunteers.services.gaps import accept_gap, take_back_gap


@coordinator_required
@require_POST
def gap_accept(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    """Let a date take place with those who come."""
    assert isinstance(request.user, User)
    date = _date(request, pk, date_pk)
    known = request.POST.get("coming", "")
    coming = int(known) if known.isascii() and known.isdigit() and len(known) < 6 else 0
    kept = accept_gap(date, coming=coming, by=request.user, now=utc_now())
    if kept is None:
        told = _("Der Termin bleibt so. Wir fragen weiter; sagt noch jemand ab, steht er wieder hier.")
        messages.success(request, told)
    else:
        messages.warning(request, str(kept.label))
    return back_or(request, see_other("coordination"))


@coordinator_required
@require_POST
def gap_undo(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    """Take back what one has just said of a date."""
    assert isinstance(request.user, User)
    if take_back_gap(_date(request, pk, date_pk), by=request.user, now=utc_now()):
        messages.success(request, _("Der Termin steht wieder bei denen, zu denen jemand fehlt."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, see_other("coordination"))


def _date(request: HttpRequest, pk: int, date_pk: int) -> Shift:
    date = access_opportunity(request.user, pk).shifts.filter(pk=date_pk).first()
    if date is None:
        raise Http404
    return date
