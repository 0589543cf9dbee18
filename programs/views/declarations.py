"""Erklärungen: the texts of the youth office that people sign."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import utc_now
from programs.access import activity_reader_required, activity_writer_required, decides_activities
from programs.domain.activities import ActivityRefusal
from programs.domain.declarations import DeclarationKind
from programs.forms.declaration import DeclarationForm
from programs.selectors.declarations import (
    declaration_draft,
    declaration_in_force,
    declaration_versions,
)
from programs.services.declarations import (
    discard_declaration,
    mark_of_declaration,
    release_declaration,
    write_declaration,
)
from programs.views.activities import REFUSALS, person_of


@activity_reader_required
@require_safe
def declaration(request: HttpRequest, kind: str) -> HttpResponse:
    """Show what is signed, what is being written, and what was signed before."""
    return _page(request, _kind(kind))


@activity_writer_required
@require_http_methods(["GET", "HEAD", "POST"])
def declaration_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """Write the next version."""
    found = _kind(kind)
    version = declaration_draft(found) or declaration_in_force(found)
    form = DeclarationForm(
        request.POST if request.method == "POST" else None,
        initial={"text": version.text, "source": version.source} if version else {},
    )
    if form.is_valid():
        write_declaration(found, **form.cleaned_data, by=person_of(request), now=utc_now())
        messages.success(
            request, _("Der Entwurf ist gespeichert. Er gilt, sobald eine zweite Person ihn freigibt.")
        )
        return HttpResponseRedirect(reverse("coordination_declaration", args=[kind]))
    context = {"form": form, "kind": found}
    status = 422 if form.is_bound else 200
    return render(request, "programs/coordination_declaration_form.html", context, status=status)


@activity_reader_required
@require_POST
def declaration_release(request: HttpRequest, kind: str) -> HttpResponse:
    """Let the next version be signed from now on; the second person does."""
    read = request.POST.get("read", "")
    refusal = release_declaration(_kind(kind), by=person_of(request), read=read, now=utc_now())
    if refusal is not None:
        return _page(request, _kind(kind), str(REFUSALS[refusal]))
    messages.success(request, _("Freigegeben: Ab jetzt wird dieser Text unterschrieben."))
    return HttpResponseRedirect(reverse("coordination_declaration", args=[kind]))


@activity_writer_required
@require_POST
def declaration_discard(request: HttpRequest, kind: str) -> HttpResponse:
    """Throw the next version away."""
    if not discard_declaration(_kind(kind), by=person_of(request), now=utc_now()):
        return _page(request, _kind(kind), str(REFUSALS[ActivityRefusal.MOVED_MEANWHILE]))
    messages.success(request, _("Der Entwurf ist verworfen. Es bleibt, wie es war."))
    return HttpResponseRedirect(reverse("coordination_declaration", args=[kind]))


def _kind(kind: str) -> DeclarationKind:
    if kind not in DeclarationKind.values:
        raise Http404
    return DeclarationKind(kind)


def _page(request: HttpRequest, kind: DeclarationKind, refusal: str = "") -> HttpResponse:
    draft = declaration_draft(kind)
    context = {
        "kind": kind,
        "current": declaration_in_force(kind),
        "draft": draft,
        "read": mark_of_declaration(draft) if draft else "",
        "wrote_it": draft is not None and person_of(request).pk in draft.writers,
        "ends_signatures": kind == DeclarationKind.SELF_COMMITMENT,
        "may_write": decides_activities(request.user),
        "versions": declaration_versions(kind),
        "refusal": refusal,
    }
    return render(request, "programs/coordination_declaration.html", context, status=422 if refusal else 200)
