"""Engagementangebote for those who run them: list, write, release, pause, end."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.list_views import list_file, list_page
from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.lists.showing import Asked, asked_of
from foundation.returns import back_or
from programs.access import access_opportunity, actor_of, coordinator_required, providers_of, sees_whole_city
from programs.domain.refusals import Refusal
from programs.domain.screening import Finding
from programs.domain.screening.marking import Piece, pieces
from programs.forms.closures import ClosureForm
from programs.forms.lists import task_list
from programs.forms.opportunity import OpportunityForm
from programs.forms.preview import preview_of
from programs.forms.release import ReleaseForm
from programs.models import Opportunity, Provider
from programs.selectors.activities import last_question
from programs.selectors.coordination import own_opportunities
from programs.selectors.history import history_of
from programs.selectors.imports import origin_of
from programs.selectors.opportunities import coming_closures, next_shifts
from programs.selectors.writers import words_before
from programs.services import publishing
from programs.services.opportunities import change_opportunity, create_opportunity
from programs.services.parts import sections_of
from programs.services.prolonging import take_back_prolonging
from programs.views.tasks_together import acts_for

Step = Callable[..., list[Refusal]]

PREVIEW, PATTERN = "vorschau", "vorlage"

STEPS: dict[str, Step] = {
    "einreichen": publishing.submit,
    "zurueckgeben": publishing.send_back,
    "pausieren": publishing.pause,
    "fortsetzen": publishing.resume,
    "beenden": publishing.close,
    "verlaengern": publishing.prolong,
}
DONE: dict[str, str | Promise] = {
    "einreichen": gettext_lazy("Jetzt liest eine zweite Person den Text und gibt ihn frei."),
    "zurueckgeben": gettext_lazy("Das Angebot ist wieder ein Entwurf."),
    "pausieren": gettext_lazy("Das Angebot macht Pause. Es werden keine neuen Menschen gefragt."),
    "fortsetzen": gettext_lazy("Das Angebot ist wieder öffentlich."),
    "beenden": gettext_lazy("Das Angebot ist beendet. Kommende Termine fallen aus."),
    "verlaengern": gettext_lazy("Gut. Die Angaben gelten ein halbes Jahr länger."),
}


@coordinator_required
@require_safe
def opportunities(request: HttpRequest) -> HttpResponse:
    """List one's own."""
    asked = _asked(request)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "programs/coordination_opportunities.html",
        asked,
        file="coordination_opportunities_file",
        page=page,
        acts=acts_for(page),
    )


@coordinator_required
@require_safe
def opportunities_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked(request: HttpRequest) -> Asked[Opportunity]:
    return asked_of(task_list(), own_opportunities(providers_of(request.user)), request.GET)


@coordinator_required
@require_safe
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one with its state, what its text gives away, and what can be done."""
    return opportunity_page(request, access_opportunity(request.user, pk), utc_now())


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_new(request: HttpRequest) -> HttpResponse:
    """Write a new one as a draft, like another one if `vorlage` names it."""
    providers = _providers(request)
    form = OpportunityForm(_posted(request), providers=providers, pattern=_pattern(request))
    if form.is_valid() and PREVIEW not in request.POST:
        provider = next(each for each in providers if str(each.pk) == form.cleaned_data["provider"])
        made = create_opportunity(provider, form.described(), author=_person(request), now=utc_now())
        messages.success(request, _("Der Entwurf ist gespeichert. Noch sieht ihn niemand außer Ihnen."))
        return _see(made.pk)
    return _form(request, form, None)


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one; a change of a released text asks for a new release."""
    found = access_opportunity(request.user, pk)
    form = OpportunityForm(_posted(request), providers=_providers(request), opportunity=found)
    if form.is_valid() and PREVIEW not in request.POST:
        refusals = change_opportunity(found, form.described(), editor=_person(request), now=utc_now())
        if not refusals:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return _see(pk)
        for refusal in refusals:
            form.add_error(None, str(refusal.label))
    return _form(request, form, found)


@coordinator_required
@require_POST
def opportunity_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Submit, send back, pause, resume or end it."""
    found = access_opportunity(request.user, pk)
    if step not in STEPS:
        raise Http404
    now = utc_now()
    refusals = STEPS[step](found, by=_person(request), now=now)
    return _answer(request, found, refusals, str(DONE[step]), now)


@coordinator_required
@require_POST
def opportunity_prolong_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that a task still holds, as one has just said."""
    found = access_opportunity(request.user, pk)
    if take_back_prolonging(found, by=_person(request), now=utc_now()):
        messages.success(request, _("Das Angebot endet wieder an dem Tag, der vorher galt."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, _see(pk))


@coordinator_required
@require_POST
def opportunity_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Release what another person wrote."""
    found = access_opportunity(request.user, pk)
    now = utc_now()
    form = ReleaseForm(request.POST, findings=publishing.findings_in(found, local_day(now)))
    form.full_clean()
    refusals = publishing.release(
        found,
        by=_person(request),
        text_read=form.cleaned_data.get("text_read", ""),
        hints_read=form.every_hint_was_read,
        now=now,
    )
    return _answer(request, found, refusals, _("Freigegeben: Ab jetzt ist das Angebot öffentlich."), now)


def _answer(
    request: HttpRequest, found: Opportunity, refusals: list[Refusal], done: str, now: datetime
) -> HttpResponse:
    if refusals:
        return opportunity_page(request, access_opportunity(request.user, found.pk), now, refusals)
    messages.success(request, done)
    return back_or(request, _see(found.pk))


def opportunity_page(
    request: HttpRequest,
    found: Opportunity,
    now: datetime,
    refusals: list[Refusal] | None = None,
    closure_form: ClosureForm | None = None,
) -> HttpResponse:
    """Render the page of one; 422 with what was refused."""
    today = local_day(now)
    findings = publishing.findings_in(found, today)
    role = None if found.has_several_roles else found.roles.all()[0]
    context = {
        "opportunity": found,
        "findings": findings,
        "marked": _marked(found, findings),
        "before": words_before(found) if found.awaits_release else {},
        "obstacles": publishing.obstacles_of(found, today) if found.is_unpublished else [],
        "refusals": refusals or [],
        "may_release": found.awaits_release and not publishing.wrote_it(found, _person(request)),
        "release_form": ReleaseForm(findings=findings, initial={"text_read": publishing.mark_of_task(found)}),
        "shifts": next_shifts(found, now),
        "history": history_of(found),
        "origin": origin_of(found),
        "sections": _sections(request, found, now),
        "role": role,
        "activity": role.activity.current if role and role.activity else None,
        "question": last_question(found),
        "closures": coming_closures(found, today),
        "closure_form": closure_form or ClosureForm(today=today),
    }
    is_refused = bool(refusals or (closure_form and closure_form.errors))
    return render(
        request, "programs/coordination_opportunity.html", context, status=422 if is_refused else 200
    )


def _sections(request: HttpRequest, found: Opportunity, now: datetime) -> list[SafeString]:
    sections = sections_of(found, sees_all=lambda: sees_whole_city(request.user), now=now)
    return [render_to_string(each.template, dict(each.context), request) for each in sections]


def _marked(found: Opportunity, findings: list[Finding]) -> list[list[Piece]]:
    """Return each text in which something was found, cut at its findings."""
    texts = publishing.texts_of(found)
    by_part = {part: [each for each in findings if each.part == part] for part in texts}
    return [pieces(texts[part], there) for part, there in by_part.items() if there]


def _pattern(request: HttpRequest) -> Opportunity | None:
    asked = request.GET.get(PATTERN, "")
    is_number = asked.isdecimal() and len(asked) < 16
    return access_opportunity(request.user, int(asked)) if is_number else None


def _form(request: HttpRequest, form: OpportunityForm, found: Opportunity | None) -> HttpResponse:
    """Show the form; with the look of it so far, if that is asked for, and then no fault is told yet."""
    preview = preview_of(form, local_day(utc_now())) if PREVIEW in request.POST else None
    if preview is not None:
        form.errors.clear()
    context = {"form": form, "opportunity": found, "preview": preview}
    status = 422 if form.errors else 200
    return render(request, "programs/coordination_opportunity_form.html", context, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _providers(request: HttpRequest) -> list[Provider]:
    return list(providers_of(request.user))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _see(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("coordination_opportunity", args=[pk]))
