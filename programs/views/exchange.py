"""Tasks and directory in the forms that agencies and other directories take over: CSV, and HSDS 3.0."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from foundation.lists.exporting import csv_of
from programs.documents.agencies import HEADS, line_of
from programs.documents.hsds import (
    OPENAPI,
    PROFILE,
    VERSION,
    full_service_as_hsds,
    full_telephone_as_hsds,
    organization_id,
    service_as_hsds,
    service_id,
    telephone_as_hsds,
    telephone_id,
)
from programs.forms.filters import OpportunityFilter
from programs.forms.hsds import MOST_PER_PAGE, ServicesAsked
from programs.models import City, HelpTelephone, Program
from programs.selectors.city import current_city
from programs.selectors.directory import Wanted, find_programs, help_telephones
from programs.selectors.opportunities import find_opportunities
from programs.views.feeds import outside

TASKS_IN_TABLE = 2_000
_fresh = cache_control(public=True, max_age=300)


@require_safe
@_fresh
def tasks_csv(request: HttpRequest) -> HttpResponse:
    """Tell the tasks that look for people as a table, narrowed as on the page."""
    asked = OpportunityFilter.of(request.GET).cleaned_data
    tasks = find_opportunities(
        local_day(utc_now()), field=asked["field"], district=asked["district"], weekday=asked["day"]
    )[:TASKS_IN_TABLE]
    city = current_city()
    lines = [line_of(task, city=city, address=outside) for task in tasks]
    answer = HttpResponse("".join(csv_of(HEADS, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="aufgaben.csv"'
    return answer


@require_safe
@_fresh
def hsds(request: HttpRequest) -> HttpResponse:
    """Say which version of HSDS is spoken here."""
    return JsonResponse({"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI})


@require_safe
@_fresh
def hsds_services(request: HttpRequest) -> HttpResponse:
    """List the Angebote, then the Hilfetelefone, page by page; all that is asked for must hold together."""
    form = ServicesAsked(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    asked = form.cleaned_data
    programs = find_programs(Wanted(text=asked["search"]))
    if asked["organization_id"]:
        programs = [each for each in programs if _is_of(each, asked["organization_id"])]
    telephones = [] if asked["organization_id"] else help_telephones(asked["search"])
    found: list[Program | HelpTelephone] = [*programs, *telephones]
    pages = Paginator(found, asked["per_page"] or MOST_PER_PAGE)
    number = asked["page"] or 1
    if number > pages.num_pages:
        raise Http404
    page = pages.page(number)
    city = current_city()
    told = [_told(each, city, is_full=bool(asked["full"])) for each in page]
    return _json(
        {
            "total_items": pages.count,
            "total_pages": pages.num_pages,
            "page_number": number,
            "size": len(told),
            "first_page": number == 1,
            "last_page": number == pages.num_pages,
            "empty": not told,
            "contents": told,
        }
    )


@require_safe
@_fresh
def hsds_service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell one Angebot or Hilfetelefon with all there is of it."""
    for program in find_programs(Wanted()):
        if service_id(program, outside) == pk:
            return _json(_told(program, current_city(), is_full=True))
    for telephone in help_telephones():
        if telephone_id(telephone, outside) == pk:
            return _json(full_telephone_as_hsds(telephone, outside))
    raise Http404


def _told(service: Program | HelpTelephone, city: City | None, *, is_full: bool) -> dict[str, Any]:
    if isinstance(service, HelpTelephone):
        return (full_telephone_as_hsds if is_full else telephone_as_hsds)(service, outside)
    if is_full:
        return full_service_as_hsds(service, city=city, address=outside)
    return service_as_hsds(service, outside)


def _is_of(program: Program, organization: UUID) -> bool:
    return program.provider is not None and organization_id(program.provider, outside) == organization


def _json(told: dict[str, Any]) -> HttpResponse:
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
