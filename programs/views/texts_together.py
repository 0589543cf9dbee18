"""Several texts that wait, read whole on one page and released one by one.

Each has its own tick, and none is ticked beforehand: reading stays one decision for each text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.list_views import ListAct
from accounts.models import User
from citizens.views.private_pages import see_other
from citizens.views.together import Left
from foundation.clock import local_day, utc_now
from foundation.lists.choosing import CHOSEN, SURE, chosen_keys
from foundation.returns import back_or
from programs.access import coordinator_required, sees_whole_city, text_drafts_of, texts_within_reach
from programs.domain.refusals import Refusal
from programs.domain.screening import Finding
from programs.forms.release import OneOfSeveralForm
from programs.selectors.city_words import city_words
from programs.selectors.text_drafts import Change, Named, changes_of, findings_of, named
from programs.services.text_drafts import mark_of_texts, release_texts
from programs.views.activities import person_of

LIST = "coordination_texts"
READ: ListAct = (gettext_lazy("Ausgewählte lesen und freigeben …"), "coordination_texts_read")


@dataclass(frozen=True)
class Reading:
    """A text as it stands on the page, with its form; `refusals` are why it was not released just now."""

    name: str
    about: str
    house: str
    is_new: bool
    changes: list[Change]
    form: OneOfSeveralForm
    refusals: list[Refusal]


@coordinator_required
@require_POST
def texts_read(request: HttpRequest) -> HttpResponse:
    """Show each chosen text whole, and release those of which its reader says that they have read them."""
    reader, now, back = person_of(request), utc_now(), back_or(request, see_other(LIST))
    if SURE not in request.POST:
        return _page(request, {}, back["Location"])
    (waiting, gone), local = _chosen(request, reader), city_words()
    ticked = [(each, form) for each in waiting if (form := _answered(request, each, local, now)).is_ticked]
    refused = {each.draft.pk: why for each, form in ticked if (why := _release(each, form, reader, now))}
    if done := len(ticked) - len(refused):
        told = ngettext(
            "%(count)d Text ist freigegeben und öffentlich.",
            "%(count)d Texte sind freigegeben und öffentlich.",
            done,
        )
        told %= {"count": done}
        messages.success(request, " ".join([told, *(each.told for each in gone)]))
    if ticked and not refused:
        return back
    if waiting and not ticked:
        messages.warning(request, _("Es wurde nichts freigegeben: Kein Text ist als gelesen angekreuzt."))
    return _page(request, refused, back["Location"], status=422)


def _release(waiting: Named, form: OneOfSeveralForm, reader: User, now: datetime) -> list[Refusal]:
    return release_texts(
        waiting.draft,
        by=reader,
        text_read=form.cleaned_data.get("text_read", ""),
        hints_read=form.every_hint_was_read,
        now=now,
    )


def _page(
    request: HttpRequest, refused: dict[int, list[Refusal]], back: str, status: int = 200
) -> HttpResponse:
    reader, today, local = person_of(request), local_day(utc_now()), city_words()
    waiting, left = _chosen(request, reader)
    readings: dict[int, Reading] = {}
    for each in waiting:
        findings = findings_of(each.draft, today, local)
        if any(finding.is_hard for finding in findings):
            left.append(Left(each.name, Refusal.IDENTIFIES_SOMEBODY.label))
        else:
            why = refused.get(each.draft.pk, [])
            readings[each.draft.pk] = _reading(request, each, findings, why)
    if not readings:
        nothing = _("Von den ausgewählten Texten können Sie gerade keinen freigeben.")
        messages.warning(request, " ".join([nothing, *(each.told for each in left)]))
        return back_or(request, see_other(LIST))
    context = {
        "readings": list(readings.values()),
        "left": left,
        "of": len(chosen_keys(request.POST)),
        "keys": list(readings),
        "chosen": CHOSEN,
        "sure": SURE,
        "back": back,
    }
    return render(request, "programs/coordination_texts_read.html", context, status=status)


def _reading(
    request: HttpRequest, waiting: Named, findings: Sequence[Finding], refusals: list[Refusal]
) -> Reading:
    """What was ticked stays ticked only where no word has changed since."""
    draft = waiting.draft
    kept = request.POST if refusals == [Refusal.HINTS_NOT_READ] else None
    return Reading(
        name=waiting.name,
        about=draft.get_about_display(),
        house=draft.provider.name if draft.provider else "",
        is_new=draft.is_new,
        changes=changes_of(draft, waiting.row, list(findings)),
        form=_form(waiting, findings, kept),
        refusals=refusals,
    )


def _answered(request: HttpRequest, waiting: Named, local: frozenset[str], now: datetime) -> OneOfSeveralForm:
    form = _form(waiting, findings_of(waiting.draft, local_day(now), local), request.POST)
    form.full_clean()
    return form


def _form(waiting: Named, findings: Sequence[Finding], data: object = None) -> OneOfSeveralForm:
    read = {"text_read": mark_of_texts(waiting.draft)}
    this = f"text-{waiting.draft.pk}"
    return OneOfSeveralForm(data, name=waiting.name, findings=findings, initial=read, prefix=this)


def _chosen(request: HttpRequest, reader: User) -> tuple[list[Named], list[Left]]:
    """Return the chosen texts that `reader` may release, and the others within reach with why not."""
    keys = chosen_keys(request.POST)
    waiting = named(text_drafts_of(reader, sees_city=sees_whole_city(reader)).filter(pk__in=keys))
    own = [each for each in waiting if reader.pk in each.draft.writers]
    found = {each.draft.pk for each in waiting}
    others = [each for each in texts_within_reach(reader).filter(pk__in=keys) if each.pk not in found]
    left = [
        Left(each.name, _("Sie haben daran geschrieben; ein anderer Mensch gibt es frei")) for each in own
    ]
    left += [Left(vars(each)["name"] or "–", _("wartet nicht mehr")) for each in others]
    return [each for each in waiting if each not in own], left
