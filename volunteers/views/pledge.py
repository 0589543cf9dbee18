"""Pledging time in three screens, without an account.

What and when are asked by GET and travel with the address; only the last screen posts.
"""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limits import LimitReached
from foundation.weekly_times import WeeklyAnswer, WeeklyTime
from programs.models import Opportunity
from volunteers.access import access_wanted_opportunity
from volunteers.domain.availability import suggested_for
from volunteers.domain.wording import fields_text
from volunteers.forms.carried import as_typed, carried
from volunteers.forms.pledge import WhatForm, WhoForm
from volunteers.forms.wishes import StrengthsForm, TimesForm, wishes_from
from volunteers.services.pledges import pledge_time as take_pledge
from volunteers.views.answers import see_other

STEPS = [gettext_lazy("Was"), gettext_lazy("Wann und wo"), gettext_lazy("Wer")]


@require_safe
def pledge_time(request: HttpRequest) -> HttpResponse:
    """Screen 1: what somebody would like to do."""
    return _ask_what(request, WhatForm(initial=as_typed(WhatForm, request.GET)))


@require_safe
def pledge_time_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin with the second screen, filled with field, district and times of one task."""
    opportunity = access_wanted_opportunity(slug)
    answers: dict[str, str | int] = {
        "fields_wanted": opportunity.field,
        "wanted": slug,
        "districts": opportunity.district_id,
    }
    return see_other("pledge_time_when", query=urlencode(answers))


@require_safe
def pledge_time_when(request: HttpRequest) -> HttpResponse:
    """Screen 2: when and where."""
    what = WhatForm(request.GET)
    if not what.is_valid():
        return _ask_what(request, what, status=422)
    initial = as_typed(TimesForm, request.GET)
    wanted = what.cleaned_data["wanted"]
    suggested = _times_of(wanted) if wanted and initial["times"] == WeeklyAnswer() else []
    initial["times"] = suggested or initial["times"]
    return _ask_when(request, what, TimesForm(initial=initial), times_suggested=bool(suggested))


@require_http_methods(["GET", "HEAD", "POST"])
def pledge_time_who(request: HttpRequest) -> HttpResponse:
    """Screen 3: who; its POST takes the pledge."""
    what, when = WhatForm(request.GET), TimesForm(request.GET)
    if not what.is_valid():
        return _ask_what(request, what, status=422)
    if not when.is_valid():
        return _ask_when(request, what, when, status=422)
    if request.method != "POST":
        return _ask_who(request, what, when, WhoForm())
    who = WhoForm(request.POST)
    if not who.is_valid():
        return _ask_who(request, what, when, who, status=422)
    try:
        take_pledge(
            who.person(),
            wishes_from({**what.cleaned_data, **when.cleaned_data, **who.cleaned_data}),
            submission=who.cleaned_data["submission"] or uuid4(),
            client=client_address(request),
            now=utc_now(),
            wanted=what.cleaned_data["wanted"],
        )
    except LimitReached as reached:
        who.add_error(
            None,
            _(
                "Gerade kamen zu viele Zusagen von hier oder mit dieser Adresse. Ihre Angaben stehen noch "
                "da: Bitte senden Sie sie später noch einmal."
            ),
        )
        response = _ask_who(request, what, when, who, status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    return see_other("pledge_sent")


@require_safe
def pledge_sent(request: HttpRequest) -> HttpResponse:
    """Say that the mailbox has to confirm."""
    return render(request, "volunteers/pledge_sent.html")


def _times_of(opportunity: Opportunity) -> list[WeeklyTime]:
    slots = opportunity.slots.all()
    return suggested_for(WeeklyTime(slot.weekday, slot.start_minute, slot.end_minute) for slot in slots)


def _back_to(name: str, request: HttpRequest) -> str:
    """Return the address of an earlier screen with everything answered so far."""
    return f"{reverse(name)}?{urlencode(carried(request.GET, WhatForm, TimesForm))}"


def _ask_what(request: HttpRequest, form: WhatForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "steps": STEPS, "later_answers": carried(request.GET, TimesForm)}
    return render(request, "volunteers/pledge_what.html", context, status=status)


def _ask_when(
    request: HttpRequest,
    what: WhatForm,
    form: TimesForm,
    *,
    times_suggested: bool = False,
    status: int = 200,
) -> HttpResponse:
    districts = [option.choice_label for option in form["districts"] if option.data["selected"]]
    context = {
        "times_suggested": times_suggested,
        "districts_chosen": districts,
        "form": form,
        "steps": STEPS,
        "wanted": what.cleaned_data["wanted"],
        "earlier_answers": carried(request.GET, WhatForm),
        "back_url": _back_to("pledge_time", request),
    }
    return render(request, "volunteers/pledge_when.html", context, status=status)


def _ask_who(
    request: HttpRequest, what: WhatForm, when: TimesForm, form: WhoForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "steps": STEPS,
        "wanted": what.cleaned_data["wanted"],
        "fields": fields_text(what.cleaned_data["fields_wanted"]),
        "times": when.cleaned_data["times"],
        "what_url": _back_to("pledge_time", request),
        "when_url": _back_to("pledge_time_when", request),
        "details_open": any(form[name].value() for name in ("phone", *StrengthsForm.base_fields)),
    }
    return render(request, "volunteers/pledge_who.html", context, status=status)
