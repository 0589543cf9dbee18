"""Tätigkeiten: what the youth office decides about kinds of tasks, and its answers to providers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from foundation.clock import utc_now
from foundation.returns import back_of, back_or
from programs.access import activity_reader_required, activity_writer_required, decides_activities
from programs.domain.activities import ActivityRefusal
from programs.domain.declarations import DeclarationKind
from programs.forms.activity import ActivityForm, AnswerForm
from programs.models import Activity, ActivityQuestion
from programs.selectors.activities import all_activities, differences, open_questions, tasks_of
from programs.selectors.declarations import declarations_in_force
from programs.services.activities import discard_draft, draft_of, mark_of, release_draft, write_draft
from programs.services.activity_questions import answer_question, mark_of_asked

REFUSALS = {
    ActivityRefusal.MOVED_MEANWHILE: gettext_lazy("Dieser Entwurf ist nicht mehr da."),
    ActivityRefusal.SAME_PERSON: gettext_lazy(
        "Vier Augen: Wer an dem Entwurf geschrieben hat, gibt ihn nicht selbst frei."
    ),
    ActivityRefusal.CHANGED_SINCE_READ: gettext_lazy(
        "Der Entwurf wurde gerade geändert. Bitte lesen Sie ihn noch einmal."
    ),
}


@activity_reader_required
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """List all, and what providers ask."""
    in_force = declarations_in_force()
    context = {
        "activities": all_activities(),
        "questions": open_questions(),
        "may_write": decides_activities(request.user),
        "declarations": [(kind, in_force.get(kind)) for kind in DeclarationKind],
    }
    return render(request, "programs/coordination_activities.html", context)


@activity_reader_required
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what holds, what is being written, and what held before."""
    return _page(request, pk)


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: HttpRequest) -> HttpResponse:
    """Begin a new one."""
    return _write(request, None)


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the next version."""
    return _write(request, get_object_or_404(Activity.objects.select_related("current"), pk=pk))


@activity_reader_required
@require_POST
def activity_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next version hold; the second person does."""
    found = get_object_or_404(Activity, pk=pk)
    refusal = release_draft(found, by=person_of(request), read=request.POST.get("read", ""), now=utc_now())
    if refusal is not None:
        return _page(request, pk, str(REFUSALS[refusal]))
    messages.success(request, _("Freigegeben: Das gilt ab jetzt für alle Angebote dieser Tätigkeit."))
    return HttpResponseRedirect(reverse("coordination_activity", args=[pk]))


@activity_writer_required
@require_POST
def activity_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the next version away."""
    if not discard_draft(get_object_or_404(Activity, pk=pk), by=person_of(request), now=utc_now()):
        return _page(request, pk, str(REFUSALS[ActivityRefusal.MOVED_MEANWHILE]))
    messages.success(request, _("Der Entwurf ist verworfen. Es bleibt, wie es war."))
    return HttpResponseRedirect(reverse("coordination_activities"))


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a provider that found no activity for its task."""
    rows = ActivityQuestion.objects.select_related("opportunity__provider")
    question = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if question.is_open and form.is_valid():
        words = form.cleaned_data["answer"]
        read = request.POST.get("read", "")
        if answer_question(
            question, activity=form.chosen, answer=words, read=read, by=person_of(request), now=utc_now()
        ):
            messages.success(request, _("Beantwortet. Der Träger sieht Ihre Antwort bei seinem Angebot."))
            return back_or(request, HttpResponseRedirect(reverse("coordination_activities")))
        question = rows.get(pk=pk)
        form.add_error(None, _("Inzwischen wurde etwas geändert. Bitte lesen Sie die Aufgabe noch einmal."))
    context = {**question_facts(question, form), "came_from": back_of(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/coordination_activity_question.html", context, status=status)


def question_facts(question: ActivityQuestion, form: AnswerForm | None = None) -> dict[str, Any]:
    """Return what is read before a question is answered, and the form for it."""
    task = question.opportunity
    return {
        "question": question,
        "opportunity": task,
        "form": form or AnswerForm(),
        "read": mark_of_asked(task),
    }


def _write(request: HttpRequest, found: Activity | None) -> HttpResponse:
    version = (draft_of(found) or found.current) if found else None
    form = ActivityForm(request.POST if request.method == "POST" else None, version=version)
    if form.is_valid():
        written = write_draft(found, form.decided(), by=person_of(request), now=utc_now())
        messages.success(
            request, _("Der Entwurf ist gespeichert. Er gilt, sobald eine zweite Person ihn freigibt.")
        )
        return HttpResponseRedirect(reverse("coordination_activity", args=[written.pk]))
    status = 422 if form.is_bound else 200
    return render(
        request, "programs/coordination_activity_form.html", {"form": form, "activity": found}, status=status
    )


def _page(request: HttpRequest, pk: int, refusal: str = "") -> HttpResponse:
    found = get_object_or_404(Activity.objects.select_related("current"), pk=pk)
    draft = draft_of(found)
    context = {
        "activity": found,
        "current": found.current,
        "draft": draft,
        "differences": differences(draft, found.current) if draft else [],
        "read": mark_of(draft) if draft else "",
        "wrote_it": draft is not None and person_of(request).pk in draft.writers,
        "may_write": decides_activities(request.user),
        "versions": found.versions.select_related("released_by"),
        "tasks": tasks_of(found),
        "refusal": refusal,
    }
    return render(request, "programs/coordination_activity.html", context, status=422 if refusal else 200)


def person_of(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)
    return request.user
