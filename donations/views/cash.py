"""Boxes of cash: counted by one treasurer, counted again by another, paid in, found on the statement."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.access import access_bank_line, access_cash_count, cash_counts_within_reach, treasury_of
from donations.domain.cash import PIECES
from donations.forms.cash import CountAgainForm, CountForm, PayInForm, UndoCountForm, piece_label
from donations.models import CashCount
from donations.selectors.cash import cash_for, over, still_here, to_count_again
from donations.services.bank.paying_in import pay_in
from donations.services.books.deposits import NotTheSum
from donations.services.cash import counts as service
from donations.services.cash.counts import CountRefused, Refusal
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from foundation.returns import BACK, back_or
from programs.models import Fund

PER_PAGE = 25


@login_required
@require_safe
def coordination_cash(request: HttpRequest) -> HttpResponse:
    """List what waits for a second count, what is still here, and what is at the bank."""
    user = signed_in(request)
    treasury_of(user)
    own = cash_counts_within_reach(user)
    context = {
        "to_count_again": to_count_again(own),
        "here": still_here(own),
        "page": Paginator(over(own), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "donations/coordination/cash.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_cash_new(request: HttpRequest) -> HttpResponse:
    """Write down what was counted; nothing is booked before a second person has counted the same."""
    user, now = signed_in(request), utc_now()
    funds = Fund.objects.filter(provider__in=treasury_of(user)).order_by("-is_general", "name")
    form = CountForm(request.POST if request.method == "POST" else None, funds=funds, today=local_day(now))
    if form.is_bound and form.is_valid():
        count = service.write_down(form.cleaned_data["fund"], form.counted(), by=user, now=now)
        messages.success(request, _("Aufgeschrieben. Bitte lassen Sie jetzt eine zweite Person zählen."))
        return see_other("coordination_cash_count", count.pk)
    status = 422 if form.is_bound else 200
    return render(request, "donations/coordination/cash_new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_cash_count(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a count; the second person enters what they counted before they see what the first one did."""
    user = signed_in(request)
    count = access_cash_count(user, pk)
    form = CountAgainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            service.confirm(count.pk, form.cleaned_data["amount"], by=user, now=utc_now())
        except CountRefused as refused:
            form.add_error(None, _why_not(refused.reason))
        else:
            told = _("Gezählt und gebucht. Bitte zahlen Sie das Geld jetzt ein, Verwendungszweck %(code)s.")
            messages.success(request, told % {"code": count.grouped_reference})
            return back_or(request, see_other("coordination_cash_count", pk))
    shown, status = _shown(request, count, form), 422 if form.is_bound else 200
    return render(request, "donations/coordination/cash_count.html", shown, status=status)


def _shown(request: HttpRequest, count: CashCount, form: CountAgainForm) -> dict[str, object]:
    is_own = count.counted_by_id == signed_in(request).pk
    pieces = [(piece_label(worth), count.pieces.get(str(worth))) for worth in PIECES]
    return {
        "count": count,
        "is_own": is_own,
        "shows_sum": is_own or not count.is_proposed,
        "pieces": [(label, number) for label, number in pieces if number],
        "form": form,
        "undo": UndoCountForm(),
        "back": request.POST.get(BACK, ""),
    }


@login_required
@require_POST
def coordination_cash_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a count that nobody has confirmed."""
    user = signed_in(request)
    if service.drop(access_cash_count(user, pk), by=user, now=utc_now()):
        messages.success(request, _("Verworfen. Es wurde nichts gebucht."))
    else:
        messages.warning(request, _why_not(Refusal.NO_LONGER_OPEN))
    return see_other("coordination_cash_count", pk)


@login_required
@require_POST
def coordination_cash_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a count that was wrong, with a reason, as long as it is not paid in."""
    user = signed_in(request)
    count = access_cash_count(user, pk)
    form = UndoCountForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["reason"])))
        return see_other("coordination_cash_count", pk)
    try:
        service.undo(count.pk, form.cleaned_data["reason"], by=user, now=utc_now())
    except CountRefused as refused:
        messages.warning(request, _why_not(refused.reason))
    else:
        messages.success(request, _("Rückgängig gemacht. Bitte zählen Sie neu, wenn das Geld noch da ist."))
    return back_or(request, see_other("coordination_cash_count", pk))


def _why_not(reason: Refusal) -> str:
    return {
        Refusal.SAME_PERSON: _("Was Sie selbst gezählt haben, zählt jemand anders nach."),
        Refusal.NO_LONGER_OPEN: _("Darüber wurde schon entschieden."),
        Refusal.ANOTHER_SUM: _(
            "Das ist eine andere Summe, als aufgeschrieben wurde. Bitte zählen Sie gemeinsam noch einmal. "
            "War die erste Zählung falsch, verwerfen Sie sie und schreiben sie neu auf."
        ),
        Refusal.PAID_IN: _("Das Geld ist schon eingezahlt. Lösen Sie zuerst die Einzahlung."),
        Refusal.NOTHING: _("Bitte geben Sie ein, wie viel gezählt wurde."),
        Refusal.IN_FUTURE: _("Dieser Tag liegt in der Zukunft."),
    }[reason]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_credit_cash(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which counted cash an incoming line of the bank is."""
    line = access_bank_line(signed_in(request), pk)
    cash = cash_for(line)
    form = PayInForm(request.POST if request.method == "POST" else None, line=line, cash=cash)
    context = {"line": line, "form": form, "has_cash": cash.exists()}
    template = "donations/coordination/credit_cash.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        pay_in(line.pk, form.cleaned_data["counts"], now=utc_now())
    except NotTheSum:
        messages.warning(request, _("Dieser Eingang oder dieses Bargeld war schon zugeordnet."))
    else:
        messages.success(request, _("Als Einzahlung gebucht."))
    return see_other("coordination_cash")
