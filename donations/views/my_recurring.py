"""A giver changes a Dauerspende: amount and rhythm, a pause, the way of paying; or mends one that failed."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.services.links import absolute, issue
from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from donations.access import (
    access_monthly_to_change,
    access_monthly_to_mend,
    access_own_gifts,
    access_own_monthly,
)
from donations.domain.identities import account_of, identity
from donations.domain.links import CHANGE_MONTHLY, MEND_MONTHLY
from donations.forms.recurring import AgreementForm, MethodForm, PauseForm
from donations.gateways import stripe
from donations.gateways.errors import PaymentServiceError
from donations.models import RecurringDonation
from donations.services.gifts.monthly_mails import is_under_way
from donations.services.online import changes
from donations.services.online.changes import ChangeRefused, NoChange
from donations.wording.failures import sentence_of
from foundation.clock import utc_now
from foundation.limit_values import MONTHLY_CHANGES
from foundation.limits import take

_PAGE_OF_STRIPE = re.compile(r"cs_\w{1,200}", re.ASCII)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_gifts_change(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """GET shows what can be changed, POST changes it; an older link takes a step by mail."""
    now = utc_now()
    opened = access_own_gifts(token, now)
    row = access_own_monthly(opened.mailbox, pk)
    if not opened.needs_step(now):
        return _change(
            request, row, now, token=token, done=lambda said: see_other("my_page", token, query=said)
        )
    if request.method != "POST":
        return _page(request, row, {"token": token, "needs_step": True})
    what = _("Sie ändern Ihre Dauerspende für %(fund)s.") % {"fund": row.fund.name}
    ask_by_mail(opened.mailbox, CHANGE_MONTHLY, row.pk, page="my_gifts_change_step", what=what, now=now)
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_gifts_change_step(request: HttpRequest, token: str) -> HttpResponse:
    """The same page by the link of the mailed step, which opens nothing else."""
    now = utc_now()
    row = access_monthly_to_change(token, now)
    return _change(request, row, now, done=lambda said: see_other("my_gifts_change_step", token, query=said))


def _change(
    request: HttpRequest,
    row: RecurringDonation,
    now: datetime,
    *,
    done: Callable[[str], HttpResponse],
    token: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {"token": token, "done": request.GET.get("hinweis", "")}
    if request.method != "POST":
        return _page(request, row, context)
    acts: dict[str, Callable[[], str | Form]] = {
        "betrag": lambda: _agree(request, row, now),
        "pause": lambda: _pause(request, row, now),
        "weiter": lambda: _resume(row, now),
        "weg": lambda: _other_method(request, row, now),
    }
    act = acts.get(request.POST.get("was", ""))
    if act is None:
        return _page(request, row, context, status=422)
    take(MONTHLY_CHANGES, str(row.pk), now=now)
    try:
        said = act()
    except ChangeRefused as refused:
        return _page(request, row, {**context, "problem": refusal_text(refused.reason)}, status=422)
    except PaymentServiceError:
        return _page(request, row, {**context, "problem": _unreachable()}, status=503)
    if isinstance(said, Form):
        return _page(request, row, {**context, "wrong": said}, status=422)
    return HttpResponseRedirect(said, status=303) if said.startswith("http") else done(f"hinweis={said}")


def _page(
    request: HttpRequest, row: RecurringDonation, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    forms = {"agreement": AgreementForm(row=row), "pause": PauseForm(), "method": MethodForm(row=row)}
    wrong = context.get("wrong")
    for name, form in forms.items():
        if type(form) is type(wrong):
            forms[name] = wrong
    more = {"monthly": row, "is_under_way": is_under_way(row), **forms, **context}
    return render(request, "donations/my_gifts_change.html", more, status=status)


def _agree(request: HttpRequest, row: RecurringDonation, now: datetime) -> str | Form:
    form = AgreementForm(request.POST, row=row)
    if not form.is_valid():
        return form
    said = form.cleaned_data
    changes.change(row, amount_cents=said["amount"], rhythm=said["rhythm"], now=now)
    return "dauerspende_geaendert"


def _pause(request: HttpRequest, row: RecurringDonation, now: datetime) -> str | Form:
    form = PauseForm(request.POST)
    if not form.is_valid():
        return form
    changes.pause(row, form.cleaned_data["months"], now)
    return "dauerspende_pausiert"


def _resume(row: RecurringDonation, now: datetime) -> str:
    changes.resume(row, now)
    return "dauerspende_fortgesetzt"


def _other_method(request: HttpRequest, row: RecurringDonation, now: datetime) -> str | Form:
    """Lead to Stripe's page; from there back to a page that opens nothing but the way of paying."""
    form = MethodForm(request.POST, row=row)
    if not form.is_valid():
        return form
    mailbox = row.donor.mailbox
    assert mailbox is not None
    back = absolute("monthly_mend", issue(MEND_MONTHLY, mailbox, row.pk, now))
    return changes.method_page(
        row,
        form.cleaned_data["method"],
        success_url=f"{back}?seite={{CHECKOUT_SESSION_ID}}",
        cancel_url=back,
        now=now,
    )


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def monthly_mend(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a mail about a failed collection opens: another try, or another way of paying.

    Back from Stripe's page, what was entered there is taken over at once.
    """
    now = utc_now()
    row = access_monthly_to_mend(token, now)
    if request.method == "POST":
        return _mend(request, row, token, now)
    page = request.GET.get("seite", "")
    return _mend_page(request, row, {"is_back": bool(page) and _take_over(page, row, now)})


def _take_over(page: str, row: RecurringDonation, now: datetime) -> bool:
    """True if somebody entered there how to pay; Stripe tells it too, should it not answer now."""
    if not _PAGE_OF_STRIPE.fullmatch(page):
        return False
    try:
        facts = stripe.session(identity(account_of(row.stripe_subscription_id or ""), page))
        if not facts.has_new_method or facts.renews != row.stripe_subscription_id:
            return False
        changes.take_new_method(facts, now)
    except PaymentServiceError:
        return True
    return True


def _mend(request: HttpRequest, row: RecurringDonation, token: str, now: datetime) -> HttpResponse:
    take(MONTHLY_CHANGES, str(row.pk), now=now)
    try:
        if request.POST.get("was") == "noch einmal":
            changes.collect_again(row, now)
            return see_other("monthly_mend", token, query="versucht=1")
        said = _other_method(request, row, now)
    except ChangeRefused as refused:
        return _mend_page(request, row, {"problem": refusal_text(refused.reason)}, status=422)
    except PaymentServiceError:
        return _mend_page(request, row, {"problem": _unreachable()}, status=503)
    if isinstance(said, Form):
        return _mend_page(request, row, {"method": said}, status=422)
    return HttpResponseRedirect(said, status=303)


def _mend_page(
    request: HttpRequest, row: RecurringDonation, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    row.refresh_from_db()
    more = {
        "monthly": row,
        "why": sentence_of(row.failure),  # type: ignore[arg-type]
        "is_under_way": is_under_way(row),
        "was_tried": "versucht" in request.GET,
        "method": MethodForm(row=row),
        **context,
    }
    return render(request, "donations/monthly_mend.html", more, status=status)


def _unreachable() -> str:
    """It may have taken what was asked and not have come to say so."""
    return _(
        "Der Zahlungsdienst antwortet gerade nicht. Wir wissen deshalb noch nicht, ob es angekommen ist. "
        "Bitte laden Sie diese Seite in ein paar Minuten neu und sehen Sie nach, bevor Sie es noch einmal "
        "versuchen."
    )


def refusal_text(reason: NoChange) -> str:
    """Say why a Dauerspende stays as it is."""
    texts = {
        NoChange.NOT_RUNNING: _("Diese Dauerspende läuft nicht (mehr)."),
        NoChange.FAILING: _(
            "Der letzte Einzug ist noch offen. Bitte bringen Sie ihn zuerst in Ordnung, dann lässt sich der "
            "Rhythmus ändern."
        ),
        NoChange.TOO_MUCH: _(
            "So viel lässt sich mit diesem Zahlungsweg nicht auf einmal einziehen. Bitte wählen Sie weniger."
        ),
        NoChange.METHOD_NOT_OFFERED: _("Dieser Zahlungsweg steht hier nicht zur Wahl."),
    }
    return texts[reason]
