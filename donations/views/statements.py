"""The treasurer hands in a statement of the bank and sees what became of it."""

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import access_statement, treasury_of
from donations.domain.statements import StatementRefused
from donations.forms.statements import StatementForm
from donations.models import StatementImport
from donations.selectors.statements import report_of
from donations.services.bank.statements import ForeignAccount, IncompleteStatement, import_statement
from foundation.clock import utc_now
from programs.models import Provider

PER_PAGE = 100


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_statement_new(request: HttpRequest) -> HttpResponse:
    """Take over a statement; what is refused changes nothing and says why."""
    user = _signed_in(request)
    providers = treasury_of(user)
    template = "donations/coordination/statement_new.html"
    if request.method != "POST":
        return render(request, template, {"form": StatementForm(providers=providers)})
    form = StatementForm(request.POST, request.FILES, providers=providers)
    if form.is_valid():
        try:
            statement = _take_over(form.cleaned_data["provider"], form.cleaned_data["file"], user)
        except (StatementRefused, ForeignAccount, IncompleteStatement) as refusal:
            form.add_error("file", _why_not(refusal))
        else:
            return see_other("coordination_statement", statement.pk)
    return render(request, template, {"form": form}, status=422)


def _take_over(provider: Provider, upload: UploadedFile, user: User) -> StatementImport:
    with tempfile.NamedTemporaryFile() as stored:
        for piece in upload.chunks():
            stored.write(piece)
        stored.flush()
        return import_statement(provider, Path(stored.name), imported_by=user, now=utc_now())


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, ForeignAccount):
        return _("Dieser Auszug gehört zu einem anderen Konto. Es wurde nichts gebucht.")
    if isinstance(refusal, IncompleteStatement):
        return _(
            "In diesem Auszug fehlen Kontobewegungen: Saldo oder Anzahl passen nicht. "
            "Es wurde nichts gebucht."
        )
    return _("Diese Datei ist kein lesbarer Kontoauszug (%(why)s). Es wurde nichts gebucht.") % {
        "why": refusal
    }


@login_required
@require_safe
def coordination_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """What the lines of a statement became: booked, recognised, unclear."""
    statement = access_statement(_signed_in(request), pk)
    report = report_of(statement)
    page = Paginator(report.unclear, PER_PAGE).get_page(request.GET.get("page"))
    context = {"statement": statement, "report": report, "page": page}
    return render(request, "donations/coordination/statement.html", context)
