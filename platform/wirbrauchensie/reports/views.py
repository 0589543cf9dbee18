"""Reports for the city: made in one step, kept as they were, to take along as PDF or table."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from figures.domain.measures import Measure
from figures.models import CityReport
from figures.selectors import published
from foundation.clock import utc_now
from foundation.history import note_reads
from programs.access import actor_of, sees_whole_city
from programs.models import District
from wirbrauchensie.dashboard.filters import MEASURES, MeasureFilter
from wirbrauchensie.dashboard.presentation import page_context
from wirbrauchensie.dashboard.views import coordination_links
from wirbrauchensie.reports.behind import NOWHERE, TRACED, facts_behind, rows_behind, ways_behind
from wirbrauchensie.reports.content import counted_now, read, written
from wirbrauchensie.reports.document import report_document
from wirbrauchensie.reports.forms import ReportForm, label_of
from wirbrauchensie.reports.tables import as_csv, as_xlsx

_PER_PAGE = 20
_FILES = {
    "pdf": ("application/pdf", report_document),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """The reports so far, and the form for a new one."""
    user = _reader(request)
    counted_on = published.counted_on()
    form = ReportForm(request.POST or None, initial={"period": "365"})
    if request.method == "POST" and counted_on is not None and form.is_valid():
        report = CityReport.objects.create(
            made_at=utc_now(),
            made_by=user,
            counted_on=counted_on,
            period=form.cleaned_data["period"],
            field=form.cleaned_data["field"],
            earlier=form.cleaned_data["earlier"],
            content=written(counted_now(form.choice, form.cleaned_data["districts"])),
        )
        return redirect("coordination_report", report.pk)
    page = Paginator(CityReport.objects.select_related("made_by"), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "kept": [(each, label_of(each)) for each in page],
        "is_counted": counted_on is not None,
    }
    return render(request, "reports/reports.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept report on the screen: each figure leads to what stands behind it today."""
    kept = _kept(request, pk)
    form = MeasureFilter(request.GET)
    context = {
        "form": form,
        "report": kept,
        "label": label_of(kept),
        "earlier": label_of(kept.earlier) if kept.earlier else "",
        "behind": ways_behind(kept),
        **page_context(read(kept), form.map_measure, coordination_links()),
    }
    return render(request, "reports/report.html", context)


@login_required
@require_safe
def report_behind(request: HttpRequest, pk: int, measure: str, where: str) -> HttpResponse:
    """The rows behind one figure as they are today; that these people were looked at is on record."""
    kept = _kept(request, pk)
    if measure not in TRACED:
        raise Http404
    district = None if where == NOWHERE else get_object_or_404(District, slug=where)
    found = facts_behind(kept, Measure(measure), district)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_behind(Measure(measure), list(page))
    people = {row.person.pk: row.person for row in rows if row.person}
    note_reads(
        people.values(),
        actor=actor_of(request.user),
        now=utc_now(),
        route="coordination_report_behind",
    )
    context = {
        "report": kept,
        "label": label_of(kept),
        "measure_label": MEASURES[measure],
        "where": district.name if district else _("ohne Stadtteil oder ganze Stadt"),
        "has_hours": measure == Measure.HOURS,
        "page": page,
        "rows": rows,
    }
    return render(request, "reports/behind.html", context)


@login_required
@require_safe
def report_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A kept report as a file."""
    kept = _kept(request, pk)
    if kind not in _FILES:
        raise Http404
    content_type, made = _FILES[kind]
    response = HttpResponse(made(kept, read(kept)), content_type=content_type)
    name = slugify(f"bericht-{kept.period}-{kept.field}-{kept.counted_on}")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store, private"
    return response


def _kept(request: HttpRequest, pk: int) -> CityReport:
    _reader(request)
    return get_object_or_404(CityReport.objects.select_related("earlier", "made_by"), pk=pk)


def _reader(request: HttpRequest) -> User:
    """Return who asks. Raises PermissionDenied for whoever does not see the whole city."""
    if not isinstance(request.user, User) or not sees_whole_city(request.user):
        raise PermissionDenied
    return request.user
