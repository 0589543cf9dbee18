"""The audit trail for the youth office and the operator: to read, narrow and take away, never to change."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.list_views import list_file, list_page
from foundation.clock import utc_now
from foundation.lists.showing import Asked, asked_of
from foundation.models import Event
from programs.access import actor_of, whole_city_required
from wirbrauchensie.audit.listing import audit_list
from wirbrauchensie.audit.rows import audited


@whole_city_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List who came in, got a role, read or took away what, the latest first."""
    asked = _asked(request)
    page = asked.page(request.GET.get("page"))
    lines = [[column.cell(line) for column in asked.listing.columns.values()] for line in page]
    return list_page(
        request, "dashboard/audit.html", asked, file="coordination_audit_file", page=page, lines=lines
    )


@whole_city_required
@require_safe
def audit_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table, which is a line of it itself."""
    return list_file(request, _asked(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked(request: HttpRequest) -> Asked[Event]:
    return asked_of(audit_list(), audited(), request.GET)
