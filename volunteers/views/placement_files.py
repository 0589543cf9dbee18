"""What a person takes along from a placement: the calendar file and the letter for the Bürgerbüro."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from foundation.links import LinkNotValid
from volunteers.access import access_placement_calendar, access_placement_letter
from volunteers.domain.letters import is_fee_waived
from volunteers.services.calendar import CONTENT_TYPE, FILE_NAME, placement_calendar
from volunteers.views.token_pages import token_page


@token_page
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


@token_page
@require_safe
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Show the written request for the certificate (§ 30a Abs. 2 BZRG), to be printed."""
    now = utc_now()
    placement = access_placement_letter(token, now)
    if not placement.holds_place:
        raise LinkNotValid
    provider = placement.opportunity.provider
    context = {
        "placement": placement,
        "volunteer": placement.volunteer,
        "opportunity": placement.opportunity,
        "provider": provider,
        "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
        "today": local_day(now),
    }
    return render(request, "volunteers/placement_letter.html", context)
