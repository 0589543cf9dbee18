"""Pledging time in three screens, without an account.

What and when are asked by GET and travel with the address; only the last screen posts. Somebody who comes
from a task is asked what it needs instead of what they would like to do.
"""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.views.private_pages import see_other
from foundation import typed
from foundation.client import client_address
from foundation.clock import local_day, utc_now
from foundation.limits import LimitReached
from foundation.weekly_times import WeeklyAnswer
from programs.domain.rhythms import minutes_per_week
from programs.views.opportunities import opportunity_gone
from volunteers.access import access_wanted_opportunity
from volunteers.forms.carried import as_typed
from volunteers.forms.pledge import WhatForm, WhoForm, role_of
from volunteers.forms.task_questions import QuestionsForm, questions_of
from volunteers.forms.wishes import TimesForm, hours_for
from volunteers.services.pledges import pledge_time as take_pledge
from volunteers.views.pledge_screens import (
    all_answers,
    ask_about_task,
    ask_what,
    ask_when,
    ask_who,
    suggested_times,
    typed_wishes,
    unseen_obstacles,
    way_back,
)

ROAD = "time"


@require_safe
def pledge_time(request: HttpRequest) -> HttpResponse:
    """Screen 1: what somebody would like to do; who begins anew is asked everything anew."""
    if not request.GET:
        typed.forget(request, ROAD)
    return ask_what(request, WhatForm(initial=as_typed(WhatForm.base_fields, request.GET)))


@require_safe
def pledge_time_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin with what the task needs to know, if anything; field and district are those of the task."""
    try:
        opportunity = access_wanted_opportunity(slug)
    except Http404:
        return opportunity_gone(request, local_day(utc_now()))
    role = role_of(list(opportunity.roles.all()), request.GET.get("role", ""))
    answers: dict[str, str | int] = {
        "fields_wanted": opportunity.field,
        "wanted": slug,
        "districts": opportunity.district_id,
        **({"role": role.pk} if role.name else {}),
    }
    begin = "pledge_time_task" if questions_of(role) else "pledge_time_when"
    return see_other(begin, query=urlencode(answers))


@require_safe
def pledge_time_task(request: HttpRequest) -> HttpResponse:
    """Screen 1 of somebody who comes from a task: a question for each thing it needs."""
    what = WhatForm(request.GET)
    if not what.is_valid():
        return ask_what(request, what, status=422)
    role = what.wanted_role
    if not questions_of(role):
        return see_other("pledge_time_when", query=urlencode(all_answers(request)))
    given = as_typed(questions_of(role), request.GET)
    return ask_about_task(request, what, QuestionsForm(role=role, initial=given))


@require_safe
def pledge_time_when(request: HttpRequest) -> HttpResponse:
    """Screen 2: when and where."""
    what = WhatForm(request.GET)
    if not what.is_valid():
        return ask_what(request, what, status=422)
    task = what.cleaned_data["wanted"]
    questions = QuestionsForm(request.GET, role=what.wanted_role)
    if not questions.is_valid():
        return ask_about_task(request, what, questions, status=422)
    initial = as_typed(TimesForm.base_fields, request.GET)
    suggested = suggested_times(task) if task and initial["times"] == WeeklyAnswer() else []
    initial["times"] = suggested or initial["times"]
    if task:
        initial.setdefault("hours_per_week", hours_for(minutes_per_week(task.weekly_shares)))
    return ask_when(request, what, questions, TimesForm(initial=initial), times_suggested=bool(suggested))


@require_http_methods(["GET", "HEAD", "POST"])
def pledge_time_who(request: HttpRequest) -> HttpResponse:
    """Screen 3: who; its POST takes the pledge, once everything that hinders has been on the screen."""
    now = utc_now()
    if request.method == "POST" and (back := way_back(request)) is not None:
        typed.keep(request, ROAD, WhoForm.base_fields, now)
        return HttpResponseRedirect(back, status=303)
    what, when = WhatForm(request.GET), TimesForm(request.GET)
    if not what.is_valid():
        return ask_what(request, what, status=422)
    questions = QuestionsForm(request.GET, role=what.wanted_role)
    if not questions.is_valid() and request.method != "POST":
        return ask_about_task(request, what, questions, status=422)
    if not when.is_valid():
        return ask_when(request, what, questions, when, status=422)
    if request.method != "POST":
        before = typed.kept(request, ROAD, WhoForm.base_fields, now)
        page = ask_who(request, what, questions, when, WhoForm(role=what.wanted_role, initial=before))
        return typed.in_no_cache(page) if before else page
    who = WhoForm(request.POST, role=what.wanted_role)
    if not who.is_valid() or unseen_obstacles(request, what, questions, when, who):
        return ask_who(request, what, questions, when, who, status=422)
    try:
        due_at = take_pledge(
            who.person(),
            typed_wishes(what, questions, when, who),
            submission=who.cleaned_data["submission"] or uuid4(),
            client=client_address(request),
            now=now,
            wanted=what.wanted_role,
        )
    except LimitReached as reached:
        who.add_error(
            None,
            _(
                "Gerade kamen zu viele Zusagen von hier oder mit dieser Adresse. Ihre Angaben stehen noch "
                "da: Bitte senden Sie sie später noch einmal."
            ),
        )
        response = ask_who(request, what, questions, when, who, status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    typed.forget(request, ROAD)
    typed.note_written_to(request, who.cleaned_data["email"], now)
    return see_other("pledge_sent", query="spaeter" if due_at > now else "")


@require_safe
def pledge_sent(request: HttpRequest) -> HttpResponse:
    """Say that the mailbox has to confirm, and which one: the most common slip is in the address."""
    address = typed.written_to(request, utc_now())
    about = {"comes_later": "spaeter" in request.GET, "address": address}
    page = render(request, "volunteers/pledge_sent.html", about)
    return typed.in_no_cache(page) if address else page
