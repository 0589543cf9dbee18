"""What a line of the bank is that names nothing of ours: one proposes it, a second person releases it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import access_bank_line
from donations.forms.proposals import BankFeeForm, FeesBackForm, SentForm
from donations.models import BankTransaction, Proposal
from donations.selectors.ledger import uncovered_fees
from donations.selectors.orders import likely_orders, likely_parts, orders_of
from donations.services.bank.bank_fees import NotAFee, check, waits
from donations.services.bank.orders import NotTheOrder
from donations.services.treasury.proposals import (
    propose_bank_fee,
    propose_fee_cover,
    propose_sent,
    propose_several_sent,
)
from donations.views.proposal_words import order_in_words
from donations.views.treasury import signed_in
from foundation.clock import utc_now
from foundation.returns import BACK, back_or


def proposed(request: HttpRequest) -> HttpResponse:
    """Say that something is proposed, and go to where the second person finds it."""
    messages.success(request, _("Vorgeschlagen. Bis eine zweite Person es freigibt, ist nichts gebucht."))
    return back_or(request, see_other("coordination_books"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_bank_fee_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that money that left is what the bank takes for itself, or what came one of its fees back."""
    user = signed_in(request)
    context = debit_facts(user, pk, request.POST if request.method == "POST" else None)
    line, form = context["line"], context["form"]
    if request.method == "POST" and form.is_valid():
        try:
            is_own = isinstance(form, FeesBackForm) and form.is_own_money()
            propose = propose_fee_cover if is_own else propose_bank_fee
            propose(line, form.cleaned_data["reason"], by=user, now=utc_now())
        except NotAFee as late:
            context["why_not"] = why_not_this(late)
        else:
            return proposed(request)
    context["back_to"] = request.POST.get(BACK, "")
    status = 422 if request.method == "POST" else 200
    return render(request, "donations/coordination/bank_fee_new.html", context, status=status)


def debit_facts(user: User, pk: int, answers: QueryDict | None = None) -> dict[str, Any]:
    """Return what is shown to say that a line is a fee, or something released, and the form for the fee.

    Raises Http404 for a line that is not within reach.
    """
    line = access_bank_line(user, pk)
    make = FeesBackForm if line.amount_cents > 0 else BankFeeForm
    refusal = _no_fee(line)
    return {
        "line": line,
        "form": make(answers),
        "why_not": why_not_this(refusal) if refusal else "",
        "orders": orders_of(line).count() if line.is_open_debit else 0,
        "parts": bool(likely_parts(line)) if line.is_open_debit else False,
        "uncovered": uncovered_fees(line.provider_id),
    }


def _no_fee(line: BankTransaction) -> NotAFee | None:
    """Return why nobody can propose now that the line is a fee."""
    try:
        check(line)
    except NotAFee as refusal:
        return refusal
    return NotAFee("proposed") if waits(line) else None


def why_not_this(refusal: NotAFee | NotTheOrder) -> str:
    return {
        "proposed": _("Das hat schon jemand vorgeschlagen. Es wartet auf eine zweite Person."),
        "changed": _("Diese Kontobewegung ist schon gebucht."),
        "debit": _("Eigenes Geld für Gebühren kommt an, es geht nicht ab."),
        "sum": _("Zusammen ist das nicht genau der Abgang."),
        "gone": _("Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen."),
    }[refusal.reason]


def _propose_sent(line: BankTransaction, paid: list[Proposal], reason: str, user: User) -> None:
    if len(paid) == 1:
        propose_sent(line, paid[0], reason, by=user, now=utc_now())
    else:
        propose_several_sent(line, paid, reason, by=user, now=utc_now())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_sent_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that money that left without a code is what two people released, one or several at once."""
    user = signed_in(request)
    line = access_bank_line(user, pk)
    refusal: NotAFee | NotTheOrder | None = _no_fee(line)
    orders = [] if refusal or line.amount_cents > 0 else [*likely_orders(line), *likely_parts(line)]
    choices = [(order, order_in_words(order)) for order in orders]
    form = SentForm(request.POST if request.method == "POST" else None, orders=choices, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            _propose_sent(line, form.cleaned_data["order"], form.cleaned_data["reason"], user)
        except NotTheOrder as late:
            refusal = late
        else:
            return proposed(request)
    why = why_not_this(refusal) if refusal else ""
    context = {"form": form, "line": line, "why_not": why, "orders": orders}
    status = 422 if request.method == "POST" else 200
    return render(request, "donations/coordination/sent_new.html", context, status=status)
