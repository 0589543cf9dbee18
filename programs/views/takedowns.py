"""Taking down what betrays somebody: the youth office's safeguarding officers alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.clock import utc_now
from programs.access import activity_writer_required
from programs.domain.notices import Reported
from programs.forms.takedown import TakedownForm
from programs.models import Fund
from programs.services.takedowns import KINDS, find_text, take_down
from programs.views.activities import person_of


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def takedown_find(request: HttpRequest) -> HttpResponse:
    """Ask for the address of the page."""
    form = TakedownForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.found is not None:
        about = next(kind for kind, model in KINDS.items() if isinstance(form.found, model))
        return HttpResponseRedirect(reverse("coordination_takedown", args=[about, form.found.pk]))
    status = 422 if form.is_bound else 200
    return render(request, "programs/coordination_takedown_find.html", {"form": form}, status=status)


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def takedown(request: HttpRequest, about: str, pk: int) -> HttpResponse:
    """Show what goes; it goes by POST."""
    row = find_text(about, pk)
    if row is None:
        raise Http404
    if request.method == "POST":
        take_down(row, by=person_of(request), now=utc_now())
        messages.success(
            request,
            _("Entfernt. Festgehalten ist nur, wer es wann getan hat."),
        )
        return HttpResponseRedirect(reverse("coordination_takedown_find"))
    context = {
        "row": row,
        "kind": Reported(about).label,
        "news": row.updates.all() if isinstance(row, Fund) else [],
    }
    return render(request, "programs/coordination_takedown.html", context)
