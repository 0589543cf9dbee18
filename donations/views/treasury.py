"""The treasurer's pages: gifts to one's own provider, transfers that arrived, large gifts to accept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.list_views import ListAct, list_file, list_page
from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import (
    access_bank_line,
    bank_lines_within_reach,
    gifts_within_reach,
    proposals_within_reach,
    treasury_of,
)
from donations.forms.lists import gift_list, line_list
from donations.forms.treasury import (
    AssignForm,
    CreditForm,
    NewGiftForm,
    PromiseSearchForm,
)
from donations.models import BankTransaction, Donation
from donations.selectors.acceptance import awaiting_acceptance
from donations.selectors.bank_lines import unclear_bank_lines
from donations.selectors.gifts import listed, open_disputes
from donations.selectors.promises import SHOWN, matching, promises_for
from donations.selectors.proposals import waiting
from donations.selectors.purposes import missing_among
from donations.services.bank.allocations import MoreThanOpen
from donations.services.bank.lines import LinesBusy
from donations.services.bank.transfers import (
    AlreadyAssigned,
    assign_transfer,
    is_recorded,
    record_bank_transfer,
)
from donations.services.bank.unpromised import gift_from_line
from foundation.clock import local_day, utc_now
from foundation.lists.showing import Asked, asked_of
from foundation.returns import back_of, back_or
from programs.access import Role, actor_of
from programs.models import Fund

PER_PAGE = 25
LINES_BUSY = gettext_lazy(
    "Gerade wird ein Kontoauszug eingelesen. Es wurde nichts gebucht, und Ihre Angaben sind noch da: Bitte "
    "versuchen Sie es in ein paar Minuten noch einmal."
)
ASSIGN: ListAct = (gettext_lazy("Zu Ausgewählten die Zusagen suchen …"), "coordination_lines_assign")
FEE: ListAct = (gettext_lazy("Als Gebühren der Bank vorschlagen …"), "coordination_lines_fee")
MOVE: ListAct = (gettext_lazy("Umwidmen …"), "coordination_donations_reallocate")
REFUND: ListAct = (gettext_lazy("Erstatten …"), "coordination_donations_refund")
Row = TypeVar("Row", bound=Model)


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_safe
def coordination_donations(request: HttpRequest) -> HttpResponse:
    """Gifts to the providers one looks after; first what needs a human.

    Name and address of those who wish a Zuwendungsbestätigung stand here and nowhere else.
    """
    providers = treasury_of(signed_in(request))
    asked = _asked_gifts(request)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "donations/coordination/donations.html",
        asked,
        file="coordination_donations_file",
        page=page,
        acts=[MOVE, REFUND] if any(gift.is_refundable for gift in page) else [],
        providers=list(providers),
        open_lines=_oldest(unclear_bank_lines(bank_lines_within_reach(signed_in(request)))),
        shortfalls=missing_among(Fund.objects.filter(provider__in=providers)),
        proposals_waiting=len(waiting(proposals_within_reach(signed_in(request)))),
        disputes=_oldest(open_disputes(gifts_within_reach(signed_in(request)))),
        awaiting=_oldest(awaiting_acceptance(gifts_within_reach(signed_in(request)))),
    )


def _asked_gifts(request: HttpRequest) -> Asked[Donation]:
    return asked_of(gift_list(), listed(gifts_within_reach(signed_in(request))), request.GET)


@login_required
@require_safe
def coordination_donations_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list of gifts as a table."""
    return _file(request, _asked_gifts, kind)


@login_required
@require_safe
def coordination_lines(request: HttpRequest) -> HttpResponse:
    """List the bank lines of the providers one looks after."""
    treasury_of(signed_in(request))
    asked = _asked_lines(request)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "donations/coordination/lines.html",
        asked,
        file="coordination_lines_file",
        page=page,
        acts=_line_acts(page),
    )


def _line_acts(lines: Iterable[BankTransaction]) -> list[ListAct]:
    """Return the acts that make sense for at least one of `lines`."""
    rows = list(lines)
    credit, debit = any(row.open_cents for row in rows), any(row.is_open_debit for row in rows)
    return [act for act, is_sensible in ((ASSIGN, credit), (FEE, debit)) if is_sensible]


def _asked_lines(request: HttpRequest) -> Asked[BankTransaction]:
    lines = bank_lines_within_reach(signed_in(request)).select_related("provider", "fee")
    return asked_of(line_list(), lines.order_by("booked_on", "pk"), request.GET)


@login_required
@require_safe
def coordination_lines_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list of bank lines as a table."""
    return _file(request, _asked_lines, kind)


def _file(request: HttpRequest, asked: Callable[[HttpRequest], Asked[Any]], kind: str) -> HttpResponseBase:
    user = signed_in(request)
    treasury_of(user)
    return list_file(request, asked(request), kind, actor=actor_of(user, Role.TREASURER), now=utc_now())


@dataclass(frozen=True)
class Waiting(Generic[Row]):
    """What waits for a human, done from its oldest end: the next ones follow as these are done."""

    rows: list[Row]
    has_more: bool


def _oldest(waiting: QuerySet[Row]) -> Waiting[Row]:
    rows = list(waiting[: PER_PAGE + 1])
    return Waiting(rows[:PER_PAGE], len(rows) > PER_PAGE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_credit_new(request: HttpRequest) -> HttpResponse:
    """Enter an incoming transfer; its reference finds the gift."""
    user, now = signed_in(request), utc_now()
    new_form = partial(CreditForm, providers=treasury_of(user), today=local_day(now))
    template = "donations/coordination/credit_new.html"
    if request.method != "POST":
        return render(request, template, {"form": new_form()})
    form = new_form(request.POST)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    provider, credit = form.cleaned_data["provider"], form.credit()
    if is_recorded(provider, credit):
        occurrence = str(form.cleaned_data["occurrence"] + 1)
        again = new_form({**request.POST.dict(), "occurrence": occurrence})
        again.add_error(None, _twin_text())
        return render(request, template, {"form": again}, status=422)
    try:
        line, _is_new = record_bank_transfer(provider, credit, recorded_by=user, now=now)
    except LinesBusy:
        form.add_error(None, LINES_BUSY)
        return render(request, template, {"form": form}, status=503)
    if not line.allocated_cents:
        messages.warning(request, _("Erfasst. Kein Code passt: Bitte ordnen Sie den Eingang zu."))
        return see_other("coordination_credit", line.pk)
    messages.success(request, _("Erfasst und der Spende zugeordnet."))
    return see_other("coordination_donations")


def _twin_text() -> str:
    """The very same line is known: sending it again means a second, equal transfer."""
    return _(
        "Diese Kontobewegung ist schon erfasst. Nur wenn es wirklich eine weitere, gleiche Überweisung ist, "
        "speichern Sie bitte noch einmal."
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an open bank line, or a part of it, to the gift it belongs to."""
    user = signed_in(request)
    answers = request.POST if request.method == "POST" else None
    context = credit_facts(user, pk, request.GET, answers) | {"back_to": back_of(request)}
    line, form = context["line"], context["form"]
    template = "donations/coordination/credit.html"
    if request.method != "POST":
        return render(request, template, context)
    if line.open_cents and not form.is_valid():
        return render(request, template, context, status=422)
    try:
        if not line.open_cents:
            raise AlreadyAssigned
        said = form.cleaned_data
        assign_transfer(line.pk, said["donation"].pk, cents=said["amount"], assigned_by=user, now=utc_now())
    except (AlreadyAssigned, MoreThanOpen):
        messages.warning(request, _("Dieser Eingang war schon zugeordnet."))
    else:
        messages.success(request, _("Zugeordnet. Wir haben den Dank verschickt."))
    return back_or(request, _on_to_the_rest(line))


def credit_facts(
    user: User, pk: int, asked: QueryDict | None = None, answers: QueryDict | None = None
) -> dict[str, Any]:
    """Return what is shown to give an open line to a gift: the line, the likely gifts, and the form for it.

    Raises Http404 for a line that is not within reach.
    """
    line = access_bank_line(user, pk)
    search = PromiseSearchForm(asked or {})
    promises = promises_for(line, gifts_within_reach(user))
    found = matching(promises, search.wanted())
    shown = list(found[:SHOWN])
    form = AssignForm(answers, open_cents=line.open_cents, donations=promises, shown=shown)
    return {"line": line, "form": form, "search": search, "shown": shown, "count": found.count()}


def _on_to_the_rest(line: BankTransaction) -> HttpResponse:
    """Back to the line as long as something of it is open."""
    line.refresh_from_db()
    if line.open_cents:
        return see_other("coordination_credit", line.pk)
    return see_other("coordination_donations")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_credit_gift(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a gift of money that nobody had promised."""
    user = signed_in(request)
    line = access_bank_line(user, pk)
    form = NewGiftForm(request.POST if request.method == "POST" else None, line=line)
    template, context = "donations/coordination/credit_gift.html", {"line": line, "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    said = form.cleaned_data
    try:
        gift_from_line(line.pk, said["fund"], said["amount"], form.giver(), by=user, now=utc_now())
    except LinesBusy:
        form.add_error(None, LINES_BUSY)
        return render(request, template, context, status=503)
    except (AlreadyAssigned, MoreThanOpen):
        messages.warning(request, _("Dieser Eingang war schon zugeordnet."))
    else:
        messages.success(request, _("Als Spende gebucht."))
    return _on_to_the_rest(line)
