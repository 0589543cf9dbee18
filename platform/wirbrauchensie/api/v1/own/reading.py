"""From JSON to the form that people fill in, so that both go through the same door; and back its reasons."""

import re
from typing import Any

from django.forms import Form
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from programs.forms.opportunity import OpportunityForm
from programs.models import Opportunity, Program, Provider
from programs.selectors.activities import offered_activities

_PLAIN = (
    "title",
    "task",
    "field",
    "district",
    "site",
    "site_kind",
    "starts_on",
    "ends_on",
    "places",
    "minimum_age",
)
_LISTS = ("age_bands", "skills", "languages")
_TICKS = ("staff_is_there", "reminds_each", "skips_public_holidays", "skips_school_holidays")
_ROWS = {"day": "weekly", "repeat": "weekly", "from": "weekly", "to": "weekly"}
_ROWS |= {"date": "dates", "begin": "dates", "end": "dates"}


def task_form(
    said: dict[str, Any], provider: Provider, opportunity: Opportunity | None = None
) -> OpportunityForm:
    """Return the valid form of what a program said. Raises ValidationError with the form's reasons."""
    form = OpportunityForm(_typed(said, provider), providers=[provider], opportunity=opportunity)
    raise_reasons_of(form)
    return form


def raise_reasons_of(form: Form) -> None:
    """Raise ValidationError if the form does not hold, each reason at the name a program knows."""
    if form.is_valid():
        return
    reasons: dict[str, list[str]] = {}
    for name, errors in form.errors.items():
        reasons.setdefault(_name(name), []).extend(map(str, errors))
    raise ValidationError(reasons)


def _name(name: str) -> str:
    row = re.fullmatch(r"([a-z]+)_([0-9]+)", name)
    if row and row[1] in _ROWS:
        return f"{_ROWS[row[1]]}.{row[2]}"
    return {"__all__": "task"}.get(name, name)


def _typed(said: dict[str, Any], provider: Provider) -> QueryDict:
    """Return what somebody would have typed."""
    typed = QueryDict(mutable=True)
    for name in _PLAIN:
        typed[name] = "" if said[name] is None else str(said[name])
    for name in _LISTS:
        typed.setlist(name, said[name])
    for name in _TICKS:
        if said[name]:
            typed[name] = "on"
    typed["provider"] = str(provider.pk)
    program = Program.objects.filter(provider=provider, slug=said["program"]).first()
    typed["program"] = str(program.pk if program else said["program"])
    activity = {each.slug: each.pk for each in offered_activities()}.get(said["activity"])
    typed["activity"] = str(activity or said["activity"])
    typed["without"] = ", ".join(f"{day:%d.%m.%Y}" for day in said["without"])
    for row, each in enumerate(said["weekly"]):
        typed[f"repeat_{row}"], typed[f"day_{row}"] = each["repeat"], str(each["weekday"])
        typed[f"from_{row}"], typed[f"to_{row}"] = each["from"], each["to"]
    for row, each in enumerate(said["dates"]):
        typed[f"date_{row}"] = str(each["on"])
        typed[f"begin_{row}"], typed[f"end_{row}"] = each["from"], each["to"]
    if not said["weekly"] and not said["dates"]:
        typed["on_call"] = "on"
    return typed
