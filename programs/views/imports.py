"""Bringing in what others wrote as a file: upload, preview, a second person where it takes two, undo."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.returns import back_or
from programs.access import access_import, coordinator_required, imports_within_reach, providers_of
from programs.documents.outlines import outlines_of
from programs.domain.imports import ImportRefusal
from programs.forms.imports.kinds import Kind, kind_of, kinds_for
from programs.models import DataImport
from programs.selectors.imports import fates_of, faults_of, result_of, rows_of
from programs.services.imports import running

Refusals = list[ImportRefusal]
PER_PAGE = 100
DONE: dict[str, str | Promise] = {
    "einlesen": gettext_lazy("Eingelesen."),
    "freigeben": gettext_lazy("Freigegeben und eingelesen."),
    "verwerfen": gettext_lazy("Verworfen. Es hat sich nichts geändert."),
    "zuruecknehmen": gettext_lazy("Zurückgenommen. Was bleibt, steht unten mit dem Grund."),
}
WAITS = gettext_lazy("Jetzt sieht eine zweite Person die Vorschau an und gibt sie frei.")


@coordinator_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Offer what may be brought in, and list what was."""
    runs = imports_within_reach(request.user).defer("rows")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"kinds": kinds_for(request.user), "page": page}
    return render(request, "programs/coordination_imports.html", context)


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file and show what it would do."""
    asked = _asked(request, kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = asked.form(*sent, providers=list(providers_of(request.user).order_by("name")))
    if form.is_bound and form.is_valid():
        run = running.begin(form.upload(), form.rows, by=_person(request), now=utc_now())
        return see_other("coordination_import", run.pk)
    context = {"kind": asked, "form": form}
    return render(
        request, "programs/coordination_import_new.html", context, status=422 if form.errors else 200
    )


@coordinator_required
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the preview of a file, or what became of it."""
    return _page(request, access_import(request.user, pk), [])


@coordinator_required
@require_POST
def import_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Bring in, release, discard, or take back."""
    run = access_import(request.user, pk)
    if step not in STEPS:
        raise Http404
    refusals = STEPS[step](request, run)
    if refusals:
        return _page(request, access_import(request.user, pk), refusals)
    messages.success(request, str(WAITS if run.waits else DONE[step]))
    return back_or(request, see_other("coordination_import", pk))


def _bring_in(request: HttpRequest, run: DataImport) -> Refusals:
    return running.bring_in(run, kind_of(run.kind).write, by=_person(request), now=utc_now())


def _release(request: HttpRequest, run: DataImport) -> Refusals:
    return running.release(run, kind_of(run.kind).write, by=_person(request), now=utc_now())


def _discard(request: HttpRequest, run: DataImport) -> Refusals:
    return running.discard(run, by=_person(request), now=utc_now())


def _take_back(request: HttpRequest, run: DataImport) -> Refusals:
    kind = kind_of(run.kind)
    return running.undo(
        run, kind.take_back, by=_person(request), now=utc_now(), at_once=kind.take_back_at_once
    )


STEPS: dict[str, Callable[[HttpRequest, DataImport], Refusals]] = {
    "einlesen": _bring_in,
    "freigeben": _release,
    "verwerfen": _discard,
    "zuruecknehmen": _take_back,
}


def _page(request: HttpRequest, run: DataImport, refusals: Refusals) -> HttpResponse:
    asked = request.GET.get("page")
    context = {
        "run": run,
        "kind": kind_of(run.kind),
        "refusals": refusals,
        "is_own": run.begun_by_id == _person(request).pk,
        "faults": faults_of(run),
        "fates": fates_of(run),
        "outlines": outlines_of(run),
        "page": Paginator(rows_of(run) if run.rows else result_of(run), PER_PAGE).get_page(asked),
        "cannot_be_whole": run.all_or_nothing and run.fault_count,
    }
    return render(request, "programs/coordination_import.html", context, status=422 if refusals else 200)


def _asked(request: HttpRequest, slug: str) -> Kind:
    for kind in kinds_for(request.user):
        if kind.slug == slug:
            return kind
    raise Http404


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
