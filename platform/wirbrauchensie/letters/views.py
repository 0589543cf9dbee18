"""Letters to print: listed, taken as one PDF, and noted as posted."""

import re
from io import BytesIO

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.list_views import list_file, list_page
from accounts.models import User
from citizens.services.paper import letters_waiting
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.history import note_file
from foundation.lists.showing import Asked, asked_of
from foundation.returns import back_or
from foundation.typesetting import NotDisplayable
from foundation.undoing import UNDO_WITHIN
from outbox.models import Message
from outbox.services.paper import note_as_posted, wait_again
from programs.access import actor_of, whole_city_required
from programs.selectors.city import current_city
from wirbrauchensie.letters.document import letters_document
from wirbrauchensie.letters.listing import letter_list, recipient, street_and_town

FILE = "briefe.pdf"
MOST_AT_ONCE = 100
_SHORT_NUMBER = re.compile(r"[0-9]{1,15}")


@whole_city_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List what waits to be printed."""
    asked = _asked(request)
    page = asked.page(request.GET.get("page"))
    rows = [(letter, recipient(letter), street_and_town(letter)) for letter in page]
    return list_page(
        request, "letters/letters.html", asked, file="coordination_letters_file", page=page, rows=rows
    )


@whole_city_required
@require_safe
def letters_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked(request: HttpRequest) -> Asked[Message]:
    return asked_of(letter_list(), letters_waiting(), request.GET)


@whole_city_required
@require_POST
def letters_print(request: HttpRequest) -> HttpResponseBase:
    """Give the chosen letters as one PDF; without a choice the oldest ones. That they were read is noted."""
    now, chosen = utc_now(), list(_chosen(request)[:MOST_AT_ONCE])
    if not chosen:
        return _nothing(request)
    try:
        made = letters_document(chosen, current_city(), now=now)
    except NotDisplayable:
        messages.warning(request, _("Ein Brief enthält Zeichen, die sich nicht drucken lassen."))
        return see_other("coordination_letters")
    assert isinstance(request.user, User)
    actor, route = actor_of(request.user), "coordination_letters_print"
    note_file(request.user, FILE, len(chosen), actor=actor, now=now, route=route)
    return FileResponse(BytesIO(made), as_attachment=True, filename=FILE, content_type="application/pdf")


@whole_city_required
@require_POST
def letters_posted(request: HttpRequest) -> HttpResponse:
    """Note that the chosen letters were posted."""
    chosen = request.POST.getlist("chosen")
    if not chosen:
        return _nothing(request)
    count = note_as_posted(list(_chosen(request).values_list("pk", flat=True)), utc_now())
    told = ngettext(
        "%(count)d Brief ist als verschickt vermerkt.",
        "%(count)d Briefe sind als verschickt vermerkt.",
        count,
    )
    messages.success(request, told % {"count": count})
    return back_or(request, see_other("coordination_letters"))


@whole_city_required
@require_POST
def letters_undo(request: HttpRequest) -> HttpResponse:
    """Take back that letters were posted, shortly after it was noted."""
    numbers = [int(each) for each in request.POST.getlist("chosen") if _SHORT_NUMBER.fullmatch(each)]
    if wait_again(numbers[:MOST_AT_ONCE], since=utc_now() - UNDO_WITHIN):
        messages.success(request, _("Die Briefe warten wieder darauf, gedruckt zu werden."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, see_other("coordination_letters"))


def _chosen(request: HttpRequest) -> QuerySet[Message]:
    numbers = [int(each) for each in request.POST.getlist("chosen") if _SHORT_NUMBER.fullmatch(each)]
    waiting = letters_waiting()
    return waiting.filter(pk__in=numbers[:MOST_AT_ONCE]) if numbers else waiting


def _nothing(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Bitte wählen Sie mindestens einen Brief aus."))
    return see_other("coordination_letters")
