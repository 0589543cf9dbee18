"""The tasks on other people's websites: a frame without script, and the page that gives its line of HTML."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from programs.forms.filters import OpportunityFilter
from programs.selectors.city import current_city
from programs.selectors.task_cards import SeekingTasks, TaskCard
from programs.views.feeds import outside

TASKS_EMBEDDED = 12


@require_safe
@cache_control(public=True, max_age=300)
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "form-action": [NONE]})
def embedded_tasks(request: HttpRequest) -> HttpResponse:
    """List what seeks people, for a frame on any website.

    Drawn without the request: the same for everybody, so that anyone may keep it.
    """
    form = OpportunityFilter.of(request.GET)
    asked = form.cleaned_data
    found = SeekingTasks(local_day(utc_now()), asked["field"], asked["district"], asked["day"])
    pages: Paginator[TaskCard] = Paginator(found, TASKS_EMBEDDED)  # type: ignore[arg-type]
    context = {
        "page": pages.get_page(1),
        "all_address": reverse("opportunities", query=_said(form)),
        "city": current_city(),
    }
    return HttpResponse(render_to_string("programs/embedded_tasks.html", context))


@require_safe
def embedding(request: HttpRequest) -> HttpResponse:
    """Show the line of HTML that brings the tasks asked for to another website."""
    form = OpportunityFilter.of(request.GET)
    query = _said(form)
    path = reverse("embedded_tasks")
    frame_path = f"{path}?{urlencode(query)}" if query else path
    context = {
        "form": form,
        "is_filtered": form.asks_for_something,
        "frame_path": frame_path,
        "frame_address": outside(frame_path),
    }
    return render(request, "programs/embedding.html", context)


def _said(form: OpportunityFilter) -> dict[str, str]:
    """Return what is asked for, as an address says it."""
    return {name: str(value) for name, value in form.cleaned_data.items() if value not in ("", None)}
