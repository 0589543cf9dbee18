"""Drawing the screens of a pledge: what each needs to know of the answers that came with the address."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from foundation.clock import utc_now
from foundation.times_of_week import WeeklyTime
from programs.domain.rhythms import minutes_per_week
from programs.models import Opportunity
from volunteers.domain.availability import suggested_for
from volunteers.forms.carried import carried
from volunteers.forms.pledge import WhatForm, WhoForm
from volunteers.forms.task_questions import QUESTION_NAMES, QuestionsForm, questions_of
from volunteers.forms.wishes import StrengthsForm, TimesForm, hours_for, wishes_from
from volunteers.services.fit import Standing, standing_of_typed, tasks_instead
from volunteers.services.wishes import Wishes
from volunteers.wording.fields import fields_text
from volunteers.wording.obstacles import OVER, Missing

STEPS = [gettext_lazy("Was"), gettext_lazy("Wann und wo"), gettext_lazy("Wer")]
STEPS_FROM_TASK = [gettext_lazy("Aufgabe"), *STEPS[1:]]
CHANGED_ON = {
    "skill": "aufgabe",
    "language": "aufgabe",
    "time": "wann",
    "hours": "wann",
    "distance": "wann",
}
BACK = "zurueck"
"""The name of the buttons of the last screen that lead to an earlier one; their value is `screen#control`."""
SCREENS = {"was": "pledge_time", "aufgabe": "pledge_time_task", "wann": "pledge_time_when"}
_CONTROL = re.compile(r"[\w-]{0,60}", re.ASCII)
NOTHING_MORE: Mapping[str, Any] = {
    "skills": [],
    "languages": [],
    "placements_wanted": "",
    "age_bands": [],
    "note": "",
}


def all_answers(request: HttpRequest) -> list[tuple[str, str]]:
    """Return everything answered so far that travels with the address."""
    return carried(request.GET, WhatForm.base_fields, QUESTION_NAMES, TimesForm.base_fields)


def slots_of(task: Opportunity) -> list[WeeklyTime]:
    """Return the weekly times of a task in the form's own type."""
    return [share.time for share in task.weekly_shares]


def ask_what(request: HttpRequest, form: WhatForm, *, status: int = 200) -> HttpResponse:
    """Draw the first screen of somebody who comes from nowhere."""
    later = carried(request.GET, QUESTION_NAMES, TimesForm.base_fields)
    context = {"form": form, "steps": STEPS, "later_answers": later}
    return render(request, "volunteers/pledge_what.html", context, status=status)


def ask_about_task(
    request: HttpRequest, what: WhatForm, form: QuestionsForm, *, status: int = 200
) -> HttpResponse:
    """Draw the first screen of somebody who comes from a task."""
    context = {
        "form": form,
        "steps": STEPS_FROM_TASK,
        "wanted": what.cleaned_data["wanted"],
        "role": what.wanted_role,
        "other_answers": carried(request.GET, WhatForm.base_fields, TimesForm.base_fields),
    }
    return render(request, "volunteers/pledge_task.html", context, status=status)


def ask_when(
    request: HttpRequest,
    what: WhatForm,
    questions: QuestionsForm,
    form: TimesForm,
    *,
    times_suggested: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Draw the second screen; what no time could mend is said here already."""
    task = what.cleaned_data["wanted"]
    districts = [option.choice_label for option in form["districts"] if option.data["selected"]]
    context = {
        **_hindrances(request, what, _best_times(what, questions)),
        "times_suggested": times_suggested,
        "districts_chosen": districts,
        "form": form,
        "steps": STEPS_FROM_TASK if task else STEPS,
        "wanted": task,
        "role": what.wanted_role,
        "earlier_answers": carried(request.GET, WhatForm.base_fields, QUESTION_NAMES),
        "back_url": reverse(SCREENS["aufgabe" if questions_of(what.wanted_role) else "was"]),
    }
    return render(request, "volunteers/pledge_when.html", context, status=status)


def ask_who(
    request: HttpRequest,
    what: WhatForm,
    questions: QuestionsForm,
    when: TimesForm,
    form: WhoForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """Draw the last screen, with all that hinders."""
    task = what.cleaned_data["wanted"]
    wishes, is_adult = typed_wishes(what, questions, when, form), _is_adult(form)
    heads = form.heads_said()
    hindrances = _hindrances(request, what, wishes, is_adult=is_adult, heads=heads)
    if hindrances:
        hindrances["instead"] = tasks_instead(wishes, is_adult=is_adult, now=utc_now(), heads=heads)
    context = {
        **hindrances,
        "form": form,
        "steps": STEPS_FROM_TASK if task else STEPS,
        "wanted": task,
        "role": what.wanted_role,
        "fields": fields_text(what.cleaned_data["fields_wanted"]),
        "times": when.cleaned_data["times"],
        "details_open": any(form[name].value() for name in ("phone", *StrengthsForm.base_fields)),
    }
    return render(request, "volunteers/pledge_who.html", context, status=status)


def unseen_obstacles(
    request: HttpRequest, what: WhatForm, questions: QuestionsForm, when: TimesForm, who: WhoForm
) -> set[str]:
    """Return the codes of what hinders and was not on the screen that sent this form."""
    wishes = typed_wishes(what, questions, when, who)
    standing = _standing(what, wishes, is_adult=_is_adult(who), heads=who.heads_said())
    return standing.codes - set(request.POST.get("seen", "").split(","))


def suggested_times(task: Opportunity) -> list[WeeklyTime]:
    """Return what to tick for somebody who wants this task."""
    return suggested_for(slots_of(task))


def typed_wishes(what: WhatForm, questions: QuestionsForm, when: TimesForm, who: WhoForm) -> Wishes:
    """Return what was answered so far; what was not asked yet counts as nothing said."""
    told = getattr(who, "cleaned_data", {})
    return wishes_from(
        {**NOTHING_MORE, **what.cleaned_data, **questions.cleaned_data, **when.cleaned_data, **told}
    )


def _best_times(what: WhatForm, questions: QuestionsForm) -> Wishes:
    """Wishes as if the times, hours and way suited the task perfectly."""
    task = what.cleaned_data["wanted"]
    times = slots_of(task) if task else []
    perfect = {
        "times": times,
        "hours_per_week": hours_for(minutes_per_week(task.weekly_shares if task else [])),
        "home_district": None,
        "max_distance_km": 0,
        "districts": [],
    }
    return wishes_from({**NOTHING_MORE, **what.cleaned_data, **questions.cleaned_data, **perfect})


def _is_adult(who: WhoForm) -> bool:
    return bool(getattr(who, "cleaned_data", {}).get("is_adult", True))


def _standing(what: WhatForm, wishes: Wishes, *, is_adult: bool, heads: int) -> Standing:
    if what.is_gone:
        return Standing(waiting=(OVER,))
    role = what.wanted_role
    if role is None:
        return Standing()
    return standing_of_typed(wishes, is_adult=is_adult, wanted=role, now=utc_now(), heads=heads)


def _hindrances(
    request: HttpRequest, what: WhatForm, wishes: Wishes, *, is_adult: bool = True, heads: int = 1
) -> dict[str, Any]:
    """Return what the screen says of the task picked, with a way to change each thing that is missing."""
    standing = _standing(what, wishes, is_adult=is_adult, heads=heads)
    if standing.is_open:
        return {}
    return {
        "standing": standing,
        "missing": [(each, *_place_of_change(each)) for each in standing.missing],
        "seen": ",".join(sorted(standing.codes)),
    }


def _place_of_change(missing: Missing) -> tuple[str, str]:
    """Return the screen on which it is changed, "" for the last one, and the address of that screen."""
    screen = CHANGED_ON.get(missing.code, "")
    return screen, reverse(SCREENS[screen]) if screen else ""


def way_back(request: HttpRequest) -> str | None:
    """Return the address of the earlier screen that was asked for, with everything answered so far."""
    screen, _separator, control = request.POST.get(BACK, "").partition("#")
    if screen not in SCREENS or not _CONTROL.fullmatch(control):
        return None
    return f"{reverse(SCREENS[screen])}?{urlencode(all_answers(request))}#{control}".rstrip("#")
