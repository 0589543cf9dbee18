"""Goods and waived expenses: written down by one treasurer, confirmed by another, receipted, undone."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.views.private_pages import see_other
from donations.receipts.access import access_contribution, bodies_of, contributions_within_reach
from donations.receipts.forms.contribution import (
    ContributionFilterForm,
    ContributionForm,
    GoodsForm,
    UndoForm,
    WaiverForm,
)
from donations.receipts.selectors.contributions import found, to_confirm, valid_receipt
from donations.receipts.services import contributions as service
from donations.receipts.services.contribution_receipts import issue_about
from donations.receipts.services.contributions import ContributionRefused, Refusal
from donations.receipts.services.issuing import IssueRefused
from donations.receipts.wording.refusals import FAULTS, REFUSALS
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from foundation.returns import back_or
from programs.access import Role, actor_of
from programs.models import Fund

PER_PAGE = 50
WAITING_SHOWN = 25
_FORMS: dict[str, type[ContributionForm]] = {"sachspende": GoodsForm, "aufwandsverzicht": WaiverForm}


@login_required
@require_safe
def coordination_contributions(request: HttpRequest) -> HttpResponse:
    """Everything given without a payment; first what waits for a second person."""
    user = signed_in(request)
    bodies_of(user)
    own = contributions_within_reach(user)
    form = ContributionFilterForm(request.GET)
    rows = found(own, words=form.words()).select_related("fund")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "to_confirm": to_confirm(own).select_related("fund")[:WAITING_SHOWN],
        "form": form,
    }
    return render(request, "receipts/coordination/contributions.html", context)


def _funds(request: HttpRequest) -> QuerySet[Fund]:
    bodies = bodies_of(signed_in(request))
    return Fund.objects.filter(provider__in=bodies).order_by("-is_general", "name")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_contribution_new(request: HttpRequest, what: str) -> HttpResponse:
    """Write down goods or waived expenses; nothing counts before a second person has confirmed it."""
    user, now = signed_in(request), utc_now()
    if what not in _FORMS:
        raise Http404
    answers = request.POST if request.method == "POST" else None
    form = _FORMS[what](answers, funds=_funds(request), today=local_day(now))
    if form.is_bound and form.is_valid():
        chosen: dict[str, Any] = form.cleaned_data
        act: dict[str, Any] = {"by": user, "actor": actor_of(user, Role.TREASURER), "now": now}
        try:
            made = service.write_down(chosen["fund"], form.said(), email=chosen["email"], **act)
        except ContributionRefused as refused:
            for fault in refused.faults:
                form.add_error(None, str(FAULTS[fault]))
        else:
            messages.success(request, _("Aufgeschrieben. Es zählt, sobald eine zweite Person es bestätigt."))
            return see_other("coordination_contribution", made.pk)
    context = {"form": form, "is_waiver": what == "aufwandsverzicht"}
    status = 422 if form.is_bound else 200
    return render(request, "receipts/coordination/contribution_new.html", context, status=status)


@login_required
@require_safe
def coordination_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what was said, who confirmed it, its receipt, and what can be done."""
    user = signed_in(request)
    row = access_contribution(user, pk)
    receipt = valid_receipt(row)
    context = {
        "row": row,
        "receipt": receipt,
        "is_own": row.proposed_by_id == user.pk,
        "may_issue": row.is_confirmed and row.wants_receipt and receipt is None,
        "undo": UndoForm(),
    }
    return render(request, "receipts/coordination/contribution.html", context)


@login_required
@require_POST
def coordination_contribution_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm as the second person, or drop."""
    user, now = signed_in(request), utc_now()
    row = access_contribution(user, pk)
    actor = actor_of(user, Role.TREASURER)
    if "drop" in request.POST:
        is_first = service.drop(row, by=user, actor=actor, now=now)
        messages.info(request, _("Verworfen.") if is_first else _("Darüber wurde schon entschieden."))
        return back_or(request, see_other("coordination_contribution", pk))
    try:
        service.confirm(row.pk, by=user, actor=actor, now=now)
    except ContributionRefused as refused:
        messages.warning(request, _why_not(refused))
    else:
        messages.success(request, _("Bestätigt."))
    return back_or(request, see_other("coordination_contribution", pk))


@login_required
@require_POST
def coordination_contribution_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make its receipt, to be printed and signed."""
    user = signed_in(request)
    row = access_contribution(user, pk)
    try:
        receipt = issue_about(row.pk, actor=actor_of(user, Role.TREASURER), now=utc_now())
    except IssueRefused as refused:
        messages.warning(request, REFUSALS[refused.reason])
        return see_other("coordination_contribution", pk)
    messages.success(request, _("Die Bestätigung %(number)s ist angelegt.") % {"number": receipt.number})
    return see_other("coordination_receipt", receipt.pk)


@login_required
@require_POST
def coordination_contribution_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what was confirmed, with a reason; its receipt is withdrawn within minutes."""
    user = signed_in(request)
    row = access_contribution(user, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Bitte geben Sie einen Grund an."))
        return see_other("coordination_contribution", pk)
    actor = actor_of(user, Role.TREASURER)
    try:
        service.undo(row.pk, form.cleaned_data["reason"], by=user, actor=actor, now=utc_now())
    except ContributionRefused as refused:
        messages.warning(request, _why_not(refused))
    else:
        messages.success(request, _("Rückgängig gemacht. Eine Bestätigung darüber wird zurückgenommen."))
    return back_or(request, see_other("coordination_contribution", pk))


def _why_not(refused: ContributionRefused) -> str:
    if refused.reason is Refusal.FAULTY:
        return " ".join(str(FAULTS[fault]) for fault in refused.faults)
    texts = {
        Refusal.SAME_PERSON: _("Was Sie selbst aufgeschrieben haben, bestätigt jemand anders."),
        Refusal.NO_LONGER_OPEN: _("Darüber wurde schon entschieden."),
    }
    return texts[refused.reason]
