"""The coordinators' home, and help beside need, district by district."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.clock import local_day, utc_now
from programs.access import sees_whole_city
from wirbrauchensie.dashboard.filters import FigureFilter
from wirbrauchensie.dashboard.morning import todos
from wirbrauchensie.dashboard.night_watch import watched
from wirbrauchensie.dashboard.presentation import page_context
from wirbrauchensie.dashboard.scope import scope_of
from wirbrauchensie.dashboard.selectors import report


@login_required
def coordination(request: HttpRequest) -> HttpResponse:
    """What needs a coordinator this morning."""
    return render(request, "dashboard/coordination.html", {"todos": todos(request.user, utc_now())})


@login_required
def districts(request: HttpRequest) -> HttpResponse:
    """Help beside need, by district, within the reader's providers."""
    scope = scope_of(request.user)
    form = FigureFilter(request.GET)
    choice = form.chosen(local_day(utc_now()))
    context = page_context(report(scope, choice), form.map_measure)
    return render(
        request, "dashboard/districts.html", {"form": form, "choice": choice, "scope": scope, **context}
    )


@login_required
def night_watch(request: HttpRequest) -> HttpResponse:
    """When each scheduled job last succeeded, and which is late."""
    if not sees_whole_city(request.user):
        raise PermissionDenied
    return render(request, "dashboard/night_watch.html", {"jobs": watched(utc_now())})
