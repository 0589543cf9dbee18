"""Giving in three screens: what, who, and then the payment page or the data of the transfer."""

import math
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.views.private_pages import private_page, see_other
from donations.domain.amounts import AmountRefusal
from donations.domain.receipts import needs_details, proof_for
from donations.forms.giving import (
    NAME_AN_ADULT,
    NAMED_AND_ANONYMOUS,
    OF_AGE_NEEDED,
    WhatForm,
    WhoForm,
    amount_message,
)
from donations.models import Donation, Method, RecurringDonation
from donations.selectors.creditor_ids import is_own_creditor
from donations.selectors.funds import funds_that_take_gifts
from donations.selectors.gifts import gift_by_public_id, stage_of, transfer_data
from donations.selectors.receipting import are_issued_for
from donations.selectors.way import way_of
from donations.services.gifts.pledging import PledgeRefused, Refusal, pledge_gift
from donations.services.online.checkout import CheckoutUnavailable, NotPayable, NotYet, checkout_url
from donations.services.online.sessions import is_back_from_page
from foundation import typed
from foundation.client import client_address
from foundation.clock import local_day, utc_now
from foundation.units import Cents

ROAD = "money"
PAYMENT = "payment"
"""What was typed by who went on to the payment page: shown to who breaks off there, gone with the thanks."""
CANCELLED = "abgebrochen"
BACK = "zurueck"
"""The name of the button of screen 2 that leads to screen 1."""


def _steps() -> list[str]:
    return [_("Betrag und Zweck"), _("Ihre Angaben"), _("Bezahlen")]


@require_safe
def donate(request: HttpRequest) -> HttpResponse:
    """Screen 1. What the address already says (?zweck=…&betrag=…) is chosen; nonsense in it is ignored."""
    if not request.GET:
        typed.forget(request, ROAD)
        typed.forget(request, PAYMENT)
    asked = WhatForm(request.GET)
    asked.is_valid()
    first = funds_that_take_gifts().first()
    said = {name: asked[name].value() for name in asked.fields if not asked[name].errors}
    initial = {"fund": first.slug if first else None} | {name: value for name, value in said.items() if value}
    context = {"form": WhatForm(initial=initial), "steps": _steps(), "has_funds": first is not None}
    return render(request, "donations/donate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def donate_details(request: HttpRequest) -> HttpResponse:
    """Screen 2. What screen 1 asked stands in the address, so that going back and forth loses nothing."""
    now = utc_now()
    if BACK in request.POST:
        typed.keep(request, ROAD, WhoForm.base_fields, now)
        return see_other("donate", query=request.GET.urlencode())
    what = WhatForm(request.GET)
    if not what.is_valid():
        page = {"form": what, "steps": _steps(), "has_funds": True}
        return render(request, "donations/donate.html", page, status=422)
    fund, amount_cents = what.cleaned_data["fund"], what.cleaned_data["amount_cents"]
    was_cancelled = CANCELLED in request.GET
    before = typed.kept(request, PAYMENT if was_cancelled else ROAD, WhoForm.base_fields, now)
    who = WhoForm(
        request.POST if request.method == "POST" else None,
        fund=fund,
        amount_cents=amount_cents,
        rhythm=what.how_often,
        today=local_day(now),
        initial=before,
    )
    status = 200
    if request.method == "POST":
        answer = _pledge(request, who, now)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    context = {
        "form": who,
        "fund": fund,
        "amount_cents": amount_cents,
        "monthly": bool(what.how_often),
        "per": dict(RecurringDonation.Rhythm.choices).get(what.how_often, ""),
        "debit_of": fund.provider if Method.SEPA in who.offered else None,
        "proof": proof_for(fund.provider.issuer_kind, amount_cents),
        "debit_needs_details": not is_own_creditor(fund.provider_id, local_day(now)),
        "is_receipted": are_issued_for(fund, local_day(now)),
        "was_cancelled": was_cancelled,
        "steps": _steps(),
    }
    shown = render(request, "donations/details.html", context, status=status)
    return typed.in_no_cache(shown) if before else shown


def _pledge(request: HttpRequest, who: WhoForm, now: datetime) -> HttpResponse | int:
    """Return where to go on, or the status with which the filled form is shown again."""
    if not who.is_valid():
        return 422
    try:
        donation = pledge_gift(who.choice(), client=client_address(request), now=now)
        typed.forget(request, ROAD)
        if donation.method == Method.TRANSFER:
            return see_other("donate_transfer", donation.public_id)
        typed.keep(request, PAYMENT, WhoForm.base_fields, now)
        return HttpResponseRedirect(checkout_url(donation.pk, now), status=303)
    except PledgeRefused as refused:
        who.add_error(None, _refusal_text(refused.reason))
        if refused.reason is Refusal.TEXT_CHANGED:
            who.show_current_texts()
        return 422
    except NotPayable:
        return see_other("donate_thanks", donation.public_id)
    except NotYet:
        return see_other("donate_turn", donation.public_id)
    except CheckoutUnavailable as unavailable:
        who.add_error(None, _unavailable_text(unavailable))
        return 503


def _unavailable_text(unavailable: CheckoutUnavailable) -> str:
    if unavailable.needs_operator:
        return _(
            "Online-Zahlungen sind gerade gestört. Es wurde nichts abgebucht, und der Betrieb dieser Seite "
            "erfährt davon. Mit einer Überweisung geht es sofort."
        )
    return _(
        "Die Zahlungsseite ist gerade nicht erreichbar. Es wurde nichts abgebucht. Ihre Angaben sind "
        "noch da: Bitte versuchen Sie es gleich noch einmal."
    )


def _refusal_text(reason: Refusal) -> str:
    texts: dict[Refusal, str | Promise] = {
        Refusal.FUND_CLOSED: _("Dieser Spendenzweck nimmt gerade keine Spenden an."),
        Refusal.METHOD_NOT_OFFERED: _("Dieser Zahlungsweg steht hier nicht zur Wahl."),
        Refusal.TEXT_CHANGED: _(
            "Die Beschreibung des Spendenzwecks hat sich gerade geändert. Bitte lesen Sie sie noch einmal "
            "und bestätigen Sie dann."
        ),
        Refusal.NOT_OF_AGE: OF_AGE_NEEDED,
        Refusal.NAME_AN_ADULT: NAME_AN_ADULT,
        Refusal.NAMED_AND_ANONYMOUS: NAMED_AND_ANONYMOUS,
        Refusal.TOO_MUCH: amount_message(AmountRefusal.TOO_LARGE, "-"),
        Refusal.NO_NAME: _(
            "Bitte prüfen Sie Namen und Anschrift: Sie dürfen keine Internetadresse enthalten."
        ),
    }
    return str(texts[reason])


@require_safe
@private_page
def donate_transfer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Screen 3 of a transfer: everything the bank asks for, as text and as a code to scan."""
    donation = gift_by_public_id(public_id)
    if donation is None or donation.method != Method.TRANSFER:
        raise Http404
    if stage_of(donation) != "waiting_transfer":
        return see_other("donate_thanks", public_id)
    context = {"donation": donation, "transfer": transfer_data(donation), "steps": _steps()}
    return render(request, "donations/transfer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def donate_turn(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Wait for one's turn when very many pay at once; the POST goes on to the payment page."""
    donation = gift_by_public_id(public_id)
    if donation is None or donation.method == Method.TRANSFER:
        raise Http404
    now = utc_now()
    if stage_of(donation) != "waiting_payment":
        return see_other("donate_thanks", public_id)
    if request.method == "POST":
        return _pay(request, donation, now)
    seconds_left = (
        max(0, math.ceil((donation.payable_at - now).total_seconds())) if donation.payable_at else 0
    )
    return _turn_page(request, donation, seconds_left=seconds_left)


def _pay(request: HttpRequest, donation: Donation, now: datetime) -> HttpResponse:
    try:
        return HttpResponseRedirect(checkout_url(donation.pk, now), status=303)
    except NotPayable:
        return see_other("donate_thanks", donation.public_id)
    except NotYet:
        return see_other("donate_turn", donation.public_id)
    except CheckoutUnavailable:
        return _turn_page(request, donation, is_unavailable=True, status=503)


def _turn_page(
    request: HttpRequest,
    donation: Donation,
    *,
    seconds_left: int = 0,
    is_unavailable: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "donation": donation,
        "minutes_left": math.ceil(seconds_left / 60),
        "is_unavailable": is_unavailable,
        "steps": _steps(),
    }
    response = render(request, "donations/turn.html", context, status=status)
    if seconds_left:
        response["Refresh"] = str(seconds_left)
    return response


@require_safe
@private_page
def donate_thanks(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where the gift stands, honestly; nothing here tells who gave. Back from Stripe it is known at once."""
    donation = gift_by_public_id(public_id)
    if donation is None:
        raise Http404
    if is_back_from_page(donation, utc_now()):
        donation = gift_by_public_id(public_id) or donation
    typed.forget(request, PAYMENT)
    stage, today = stage_of(donation), local_day(utc_now())
    context = {
        "donation": donation,
        "way": way_of(donation),
        "stage_template": f"donations/_stage_{stage}.html",
        "transfer": transfer_data(donation) if stage == "waiting_transfer" else None,
        "proof": proof_for(donation.fund.provider.issuer_kind, Cents(donation.amount_cents)),
        "is_receipted": are_issued_for(donation.fund, today),
        "method": donation.method,
        "needs_details": needs_details(
            donation.method,
            is_own_creditor=is_own_creditor(donation.fund.provider_id, donation.given_on or today),
        ),
    }
    return render(request, "donations/thanks.html", context)
