"""The treasurer hands in a statement of the bank and sees what became of it."""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import access_statement, treasury_of
from donations.domain.statements import StatementRefused
from donations.forms.statements import StatementForm
from donations.models import StatementImport
from donations.selectors.statements import report_of
from donations.services.bank.lines import LinesBusy
from donations.services.bank.rows import ForeignAccount
from donations.services.bank.statements import (
    IncompleteStatement,
    Steps,
    import_statement,
    importing,
)
from foundation.clock import utc_now
from foundation.formats import whole_number
from programs.models import Provider

PER_PAGE = 100
AT_ONCE_BYTES = 1_000_000
"""A larger file takes so long that its page tells how far it is."""
_HERE = "<!-- steps -->"


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_statement_new(request: HttpRequest) -> HttpResponseBase:
    """Take over a statement; what is refused changes nothing and says why."""
    user = _signed_in(request)
    providers = treasury_of(user)
    template = "donations/coordination/statement_new.html"
    if request.method != "POST":
        return render(request, template, {"form": StatementForm(providers=providers)})
    form = StatementForm(request.POST, request.FILES, providers=providers)
    if form.is_valid():
        if form.cleaned_data["file"].size > AT_ONCE_BYTES:
            return _in_view(request, form.cleaned_data["provider"], form.cleaned_data["file"], user)
        try:
            statement = _take_over(form.cleaned_data["provider"], form.cleaned_data["file"], user)
        except LinesBusy as busy:
            form.add_error("file", _why_not(busy))
            return render(request, template, {"form": form}, status=503)
        except (StatementRefused, ForeignAccount, IncompleteStatement) as refusal:
            form.add_error("file", _why_not(refusal))
        else:
            return see_other("coordination_statement", statement.pk)
    return render(request, template, {"form": form}, status=422)


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as stored:
        for piece in upload.chunks():
            stored.write(piece)
        stored.flush()
        yield Path(stored.name)


def _take_over(provider: Provider, upload: UploadedFile, user: User) -> StatementImport:
    with _on_disk(upload) as path:
        return import_statement(provider, path, imported_by=user, now=utc_now())


def _in_view(
    request: HttpRequest, provider: Provider, upload: UploadedFile, user: User
) -> StreamingHttpResponse:
    """Take over a large statement while its page is written: a line for each step, then what came of it.

    No script is needed; a browser shows a page as it comes.
    """
    page = render_to_string("donations/coordination/statement_steps.html", request=request)
    head, _here, foot = page.partition(_HERE)

    def told() -> Iterator[str]:
        yield head
        with _on_disk(upload) as path:
            steps = importing(provider, path, imported_by=user, now=utc_now())
            try:
                statement = yield from _lines_about(steps)
            except (StatementRefused, ForeignAccount, IncompleteStatement, LinesBusy) as refusal:
                yield _end("", _why_not(refusal))
            else:
                yield _end(reverse("coordination_statement", args=[statement.pk]), "")
        yield foot

    return StreamingHttpResponse(told())


def _lines_about(steps: Steps) -> Generator[str, None, StatementImport]:
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            done: StatementImport = end.value
            return done
        if step.booked:
            said = _("%(booked)s Kontobewegungen gebucht") % {"booked": whole_number(step.booked)}
        else:
            said = _("%(read)s Kontobewegungen gelesen") % {"read": whole_number(step.read)}
        yield format_html("<li>{}</li>\n", said)


def _end(address: str, problem: str) -> str:
    """Close the list of steps, and say what came of them."""
    return render_to_string(
        "donations/coordination/_statement_end.html", {"address": address, "problem": problem}
    )


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, LinesBusy):
        return _(
            "Gerade wird ein anderer Kontoauszug eingelesen. Es wurde nichts gebucht. Bitte wählen Sie die "
            "Datei in ein paar Minuten noch einmal."
        )
    if isinstance(refusal, ForeignAccount):
        return _("Dieser Auszug gehört zu einem anderen Konto. Es wurde nichts gebucht.")
    if isinstance(refusal, IncompleteStatement):
        return _(
            "In diesem Auszug fehlen Kontobewegungen: Saldo oder Anzahl passen nicht. "
            "Es wurde nichts gebucht."
        )
    return _(
        "Diese Datei ist kein lesbarer Kontoauszug. Gelesen werden camt.053 (XML) und MT940, auch als ZIP. "
        "Es wurde nichts gebucht. (Für die Technik: %(why)s)"
    ) % {"why": refusal}


@login_required
@require_safe
def coordination_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """What the lines of a statement became: booked, recognised, unclear."""
    statement = access_statement(_signed_in(request), pk)
    report = report_of(statement)
    page = Paginator(report.unclear, PER_PAGE).get_page(request.GET.get("page"))
    context = {"statement": statement, "report": report, "page": page}
    return render(request, "donations/coordination/statement.html", context)
