"""The page of a list and its files; keeping it as it stands under a name, and forgetting that."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import SavedViewForm
from accounts.models import User
from accounts.saved_views import MOST, drop_view, keep_view, kept_query, views_of
from foundation.actors import Actor
from foundation.history import note_file
from foundation.lists.declaring import Words
from foundation.lists.exporting import csv_of, heads_of, lines_of, xlsx_of
from foundation.lists.showing import Asked

FILE_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ListAct: TypeAlias = tuple[Words, str] | tuple[Words, str, str]
"""Its words, the name of its address, and what that asks for."""

_LISTS = re.compile(r"/koordination/[a-z0-9/-]{0,100}")


def list_page(
    request: HttpRequest,
    template: str,
    asked: Asked[Any],
    *,
    file: str,
    page: Page | None = None,
    acts: Sequence[ListAct] = (),
    **more: Any,
) -> HttpResponse:
    """Return the page of a list; `page` is handed in where its rows were read already.

    `file` is the name of the address that gives the same list as a file, `acts` what is done to rows that
    are ticked.
    """
    context = {
        "list": asked,
        "page": asked.page(request.GET.get("page")) if page is None else page,
        "is_filtered": asked.is_filtered,
        "files": [(kind.upper(), reverse(file, args=[kind])) for kind in FILE_KINDS],
        "views": views_of(request.user, request.path),
        "acts": [(label, reverse(name, args=args)) for label, name, *args in acts],
        **more,
    }
    return render(request, template, context)


def list_file(
    request: HttpRequest, asked: Asked[Any], kind: str, *, actor: Actor, now: datetime
) -> HttpResponseBase:
    """Return all rows of a list as CSV or XLSX; who took how many of what is a line of the history."""
    if kind not in FILE_KINDS:
        raise Http404
    assert isinstance(request.user, User)
    assert request.resolver_match is not None
    name = f"{asked.listing.name}.{kind}"
    count, route = asked.rows.order_by().count(), str(request.resolver_match.view_name)
    note_file(request.user, name, count, actor=actor, now=now, route=route)
    heads, lines = heads_of(asked.listing), lines_of(asked.listing, asked.rows)
    if kind == "xlsx":
        file = xlsx_of(asked.listing.name, heads, lines)
        return FileResponse(file, as_attachment=True, filename=name, content_type=FILE_KINDS[kind])
    return StreamingHttpResponse(
        csv_of(heads, lines),
        content_type=FILE_KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_POST
def view_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters and the order of a list under a name."""
    assert isinstance(request.user, User)
    path, query = request.POST.get("path", ""), request.POST.get("query", "")
    if not _LISTS.fullmatch(path):
        raise Http404
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["name"])))
        return HttpResponseRedirect(f"{path}?{kept_query(query)}", status=303)
    kept = keep_view(request.user, path, form.cleaned_data["name"], query)
    if kept.is_kept:
        messages.success(request, _("Die Ansicht ist gespeichert."))
    else:
        messages.warning(
            request,
            _("Mehr als %(most)d Ansichten einer Liste gehen nicht. Bitte löschen Sie erst eine.")
            % {"most": MOST},
        )
    return HttpResponseRedirect(kept.address, status=303)


@login_required
@require_POST
def view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    assert isinstance(request.user, User)
    path = drop_view(request.user, pk)
    if not path:
        raise Http404
    messages.success(request, _("Die Ansicht ist gelöscht."))
    return HttpResponseRedirect(path, status=303)
