"""What helps with a task beside its page: a poster for the wall."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.clock import utc_now
from foundation.typesetting import NotDisplayable
from programs.access import access_opportunity, coordinator_required
from programs.documents.poster import poster as made_poster


@coordinator_required
@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the poster of a task that everybody may read."""
    task = access_opportunity(request.user, pk)
    if not task.is_public:
        raise Http404
    try:
        made = made_poster(task, now=utc_now())
    except NotDisplayable:
        messages.warning(request, _("Der Text enthält Zeichen, die sich nicht drucken lassen."))
        return HttpResponseRedirect(reverse("coordination_opportunity", args=[pk]))
    return FileResponse(
        BytesIO(made), as_attachment=True, filename=f"aushang-{task.slug}.pdf", content_type="application/pdf"
    )
