"""What counts when people and tasks are brought together: set by the youth office, with a look ahead."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from programs.access import whole_city_required
from programs.selectors.opportunities import open_to_everybody
from volunteers.forms.match_weights import SET, WeightingForm
from volunteers.models import Weighting
from volunteers.selectors.match_weights import current_weighting
from volunteers.services.match_weights import LookAhead, look_ahead, set_weighting

SHOWN_BEFORE = 10
FEW = 4
"""If fewer than one task in so many asks for nothing, whoever answers nothing optional is hardly asked."""


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    """Show what counts; look ahead at a draft, or set it."""
    now = utc_now()
    posted = request.POST if request.method == "POST" else None
    form = WeightingForm(posted, current=current_weighting(), today=local_day(now))
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    if SET not in request.POST:
        return _page(request, form, preview=look_ahead(form.draft(), now))
    assert isinstance(request.user, User)
    why = {name: form.cleaned_data[name] for name in ("reason", "figures_year", "follows")}
    if set_weighting(form.draft(), **why, by=request.user, now=now):
        messages.success(request, _("Das gilt ab dem nächsten Abgleich."))
    else:
        messages.warning(
            request, _("Inzwischen hat jemand anderes die Gewichtung geändert. Bitte sehen Sie sie neu an.")
        )
    return see_other("coordination_weights")


def _page(
    request: HttpRequest, form: WeightingForm, preview: LookAhead | None = None, status: int = 200
) -> HttpResponse:
    earlier = Weighting.objects.select_related("set_by")[:SHOWN_BEFORE]
    for_all, seeking = open_to_everybody(local_day(utc_now()))
    context = {
        "form": form,
        "preview": preview,
        "headers": [_("Stadtteil"), _("jetzt"), _("damit")],
        "rows": [(row.name, row.before, row.after) for row in preview.districts] if preview else [],
        "numeric": [1, 2],
        "earlier": earlier,
        "for_all": for_all,
        "seeking": seeking,
        "are_few": for_all * FEW < seeking,
    }
    return render(request, "volunteers/coordination_weights.html", context, status=status)
