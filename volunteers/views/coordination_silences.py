""" "Keine weiteren Anfragen" taken back: by the youth office's safeguarding officers alone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.history import note_reads
from programs.access import activity_writer_required, office_actor
from volunteers.access import access_silenced_person
from volunteers.selectors.people import silenced_people
from volunteers.services import clearances

ROWS_PER_PAGE = 20


@activity_writer_required
@require_safe
def silences(request: HttpRequest) -> HttpResponse:
    """List whom no task with children is offered; that somebody looked is on record."""
    assert isinstance(request.user, User)
    page = Paginator(silenced_people(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    actor, route = office_actor(request.user), "coordination_silences"
    note_reads(page.object_list, actor=actor, now=utc_now(), route=route)
    return render(request, "volunteers/coordination_silences.html", {"page": page})


@activity_writer_required
@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer tasks with children again."""
    assert isinstance(request.user, User)
    clearances.ask_again(access_silenced_person(pk), actor=office_actor(request.user), now=utc_now())
    messages.success(request, _("Die Person wird wieder nach Aufgaben mit Kindern gefragt."))
    return see_other("coordination_silences")
