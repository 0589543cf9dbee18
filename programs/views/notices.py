"""Inhalt melden: for everybody on every published page, and the youth office's decisions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from foundation.client import client_address
from foundation.clock import utc_now
from foundation.returns import BACK, back_or
from programs.access import whole_city_required
from programs.forms.notice import DecisionForm, NoticeForm
from programs.models import Notice
from programs.selectors.notices import open_notices, shown_target
from programs.services.notices import decide_notice, file_notice

ROWS_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, about: str, pk: int) -> HttpResponse:
    """Report what stands on a page; no account, no obligatory address."""
    target = shown_target(about, pk)
    if target is None:
        raise Http404
    if request.method != "POST":
        return render(request, "programs/notice.html", {"form": NoticeForm(), "target": target})
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return render(request, "programs/notice.html", {"form": form, "target": target}, status=422)
    file_notice(target, **form.cleaned_data, client=client_address(request), now=utc_now())
    return render(request, "programs/notice_sent.html", {"target": target})


@whole_city_required
@require_safe
def coordination_notices(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision, the oldest first."""
    page = Paginator(open_notices(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/coordination_notices.html", {"page": page})


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one and decide it."""
    found = get_object_or_404(Notice, pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if found.is_open and form.is_valid():
        assert isinstance(request.user, User)
        if decide_notice(found, **form.cleaned_data, by=request.user, now=utc_now()):
            messages.success(request, _("Entschieden. Beide Seiten bekommen Ihre Gründe."))
            return back_or(request, HttpResponseRedirect(reverse("coordination_notices")))
        found.refresh_from_db()
    context = {"notice": found, "form": form, "target": shown_target(found.about, found.row_id)}
    context["back"] = request.POST.get(BACK, "")
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/coordination_notice.html", context, status=status)
