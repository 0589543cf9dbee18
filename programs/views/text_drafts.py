"""Published texts of purposes, news, the directory and the city, read and released by a second person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.list_views import list_file, list_page
from foundation.clock import local_day, utc_now
from foundation.lists.showing import Asked, asked_of
from foundation.returns import BACK, back_or
from programs.access import access_text_draft, actor_of, coordinator_required, texts_within_reach
from programs.domain.refusals import Refusal
from programs.forms.lists import text_list
from programs.forms.release import ReleaseForm
from programs.models import TextDraft
from programs.selectors.text_drafts import changes_of, findings_of, row_of
from programs.services.text_drafts import discard_texts, mark_of_texts, release_texts
from programs.views.activities import person_of
from programs.views.texts_together import READ


@coordinator_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """List the texts that wait for a second person."""
    asked = _asked(request)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "programs/coordination_texts.html",
        asked,
        file="coordination_texts_file",
        page=page,
        acts=[READ] if any(text.waits for text in page) else [],
    )


@coordinator_required
@require_safe
def texts_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked(request), kind, actor=actor_of(request.user), now=utc_now())


def _asked(request: HttpRequest) -> Asked[TextDraft]:
    return asked_of(text_list(), texts_within_reach(request.user), request.GET)


@coordinator_required
@require_safe
def text_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is public beside what waits."""
    return _page(request, access_text_draft(request.user, pk), [])


@coordinator_required
@require_POST
def text_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what another person wrote."""
    draft = access_text_draft(request.user, pk)
    now = utc_now()
    form = ReleaseForm(request.POST, findings=findings_of(draft, local_day(now)))
    form.full_clean()
    refusals = release_texts(
        draft,
        by=person_of(request),
        text_read=form.cleaned_data.get("text_read", ""),
        hints_read=form.every_hint_was_read,
        now=now,
    )
    return _answer(request, draft, refusals, _("Freigegeben: Ab jetzt ist der Text öffentlich."))


@coordinator_required
@require_POST
def text_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a change away."""
    draft = access_text_draft(request.user, pk)
    refusals = discard_texts(draft, by=person_of(request), now=utc_now())
    return _answer(request, draft, refusals, _("Verworfen. Es bleibt, was öffentlich ist."))


def _answer(request: HttpRequest, draft: TextDraft, refusals: list[Refusal], done: str) -> HttpResponse:
    if refusals:
        return _page(request, access_text_draft(request.user, draft.pk), refusals)
    messages.success(request, done)
    return back_or(request, HttpResponseRedirect(reverse("coordination")))


def _page(request: HttpRequest, draft: TextDraft, refusals: list[Refusal]) -> HttpResponse:
    row = row_of(draft)
    if row is None:
        raise Http404
    findings = findings_of(draft, local_day(utc_now()))
    context = {
        "draft": draft,
        "row": row,
        "changes": changes_of(draft, row, findings),
        "findings": findings,
        "wrote_it": person_of(request).pk in draft.writers,
        "refusals": refusals,
        "back": request.POST.get(BACK, ""),
        "release_form": ReleaseForm(findings=findings, initial={"text_read": mark_of_texts(draft)}),
    }
    return render(request, "programs/coordination_text.html", context, status=422 if refusals else 200)
