"""What a person takes along from a placement: the calendar file and the letter for the Bürgerbüro."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page
from foundation.clock import local_day, utc_now
from foundation.links import LinkNotValid
from foundation.typesetting import NotDisplayable
from volunteers.access import access_person_calendar, access_placement_calendar, access_placement_letter
from volunteers.documents.clearance_letter import FILE_NAME as LETTER_NAME
from volunteers.documents.clearance_letter import clearance_letter
from volunteers.domain.letters import is_fee_waived
from volunteers.models import Placement
from volunteers.services.calendar import (
    CONTENT_TYPE,
    FEED_NAME,
    FILE_NAME,
    person_calendar,
    placement_calendar,
)


@private_page
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give the dates of a placement that is going on or was."""
    now = utc_now()
    placement = access_placement_calendar(token, now)
    if placement.from_on is None:
        raise LinkNotValid
    response = HttpResponse(placement_calendar(placement, now), content_type=f"{CONTENT_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@private_page
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give all dates of a person to the calendar program that asks for them."""
    now = utc_now()
    text = person_calendar(access_person_calendar(token, now), now)
    response = HttpResponse(text, content_type=f"{CONTENT_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{FEED_NAME}"'
    return response


@private_page
@require_safe
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Show the written request for the certificate (§ 30a Abs. 2 BZRG), to be read or printed."""
    now = utc_now()
    return _letter_page(request, _with_letter(token, now), token, now)


@private_page
@require_safe
def letter_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Give the same letter as a file; where its text cannot be typeset, the page with a word about that."""
    now = utc_now()
    placement = _with_letter(token, now)
    try:
        body = clearance_letter(placement, now=now)
    except NotDisplayable:
        return _letter_page(request, placement, token, now, lacks_pdf=True)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{LETTER_NAME}"'
    return response


def _with_letter(token: str, now: datetime) -> Placement:
    placement = access_placement_letter(token, now)
    if not placement.holds_place:
        raise LinkNotValid
    return placement


def _letter_page(
    request: HttpRequest, placement: Placement, token: str, now: datetime, *, lacks_pdf: bool = False
) -> HttpResponse:
    provider = placement.opportunity.provider
    context = {
        "token": token,
        "lacks_pdf": lacks_pdf,
        "volunteer": placement.volunteer,
        "opportunity": placement.opportunity,
        "title": placement.title,
        "provider": provider,
        "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
        "today": local_day(now),
        "ask_token": ask_token(placement.volunteer.mailbox, now),
    }
    return render(request, "volunteers/placement_letter.html", context)
