"""Writing to all people of a task or of one date: written, looked at, sent."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.formats import whole_number
from programs.access import access_opportunity, actor_of, coordinator_required
from programs.models import Opportunity, Shift
from volunteers.forms.contacts import MessageForm
from volunteers.services.messages import Audience, audience_of, send_message

SEND = "send"


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, pk: int, date_pk: int | None = None) -> HttpResponse:
    """Ask for the text, show to whom it goes and what they read, and send it when that is confirmed."""
    task = access_opportunity(request.user, pk)
    audience = audience_of(task, _date_of(task, date_pk))
    form = MessageForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or not audience.people:
        return _page(request, form, audience, status=422 if request.method == "POST" else 200)
    if SEND not in request.POST:
        return _page(request, form, audience, is_preview=True)
    said = form.cleaned_data
    written = send_message(
        audience,
        said["text"],
        submission=said["submission"],
        actor=actor_of(request.user),
        now=utc_now(),
    )
    if written:
        told = ngettext("Gesendet an %(count)s Adresse.", "Gesendet an %(count)s Adressen.", written)
        messages.success(request, told % {"count": whole_number(written)})
    else:
        messages.warning(request, _("Diese Nachricht ist schon gesendet."))
    return see_other("coordination_opportunity", task.pk)


def _date_of(task: Opportunity, pk: int | None) -> Shift | None:
    if pk is None:
        return None
    date = task.shifts.filter(pk=pk, is_cancelled=False, ends_at__gt=utc_now()).first()
    if date is None:
        raise Http404
    return date


def _page(
    request: HttpRequest,
    form: MessageForm,
    audience: Audience,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "audience": audience,
        "opportunity": audience.task,
        "shift": audience.date,
        "is_preview": is_preview,
    }
    return render(request, "volunteers/coordination_message.html", context, status=status)
