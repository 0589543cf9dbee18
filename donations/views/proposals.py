"""A treasurer proposes something about money; a second person releases or declines it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from citizens.views.private_pages import see_other
from donations.access import (
    access_bank_line,
    access_body,
    access_donation,
    access_proposal,
    access_purpose,
)
from donations.forms.proposals import (
    RECALL,
    RELEASE,
    REOPEN,
    AcceptanceForm,
    AccountForm,
    CorrectionForm,
    DecisionForm,
    ProposalForm,
    ReallocationForm,
)
from donations.models import Donation, Proposal, Refund
from donations.selectors.acceptance import (
    awaiting_acceptance,
    counted_by_name,
    countries_abroad,
    given_in_year,
    goods_in_year,
    rule_of,
)
from donations.selectors.failures import undelivered
from donations.selectors.purposes import money_of, refundable_cents
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.corrections import NotCorrectable, check_gift
from donations.services.bank.lines import LinesBusy
from donations.services.bank.orders import NotTheOrder
from donations.services.books.payouts import MoreThanAvailable
from donations.services.treasury.acceptance import ChangedMeanwhile, NotAwaiting
from donations.services.treasury.proposals import (
    SamePerson,
    decline,
    propose_acceptance,
    propose_account,
    propose_correction,
    propose_cover,
    propose_payout,
    recall,
    release,
    take_back_decline,
)
from donations.services.treasury.proposed_once import (
    NotAgain,
    propose_reallocation_once,
    propose_refund_once,
)
from donations.services.treasury.reallocation import NotMovable, check_anywhere, movable_cents
from donations.services.treasury.refunds import keep, take_back_keep
from donations.views.unclear_lines import proposed, why_not_this
from foundation.clock import local_day, utc_now
from foundation.formats import euro_exact
from foundation.returns import BACK, back_or
from foundation.units import Cents
from programs.models import Fund

WHAT, KEEP, NOT_KEEP = "entscheidung", "bleibt", "doch-nicht"


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_payout_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that money leaves a purpose for what it was given for."""
    fund = access_purpose(_signed_in(request), pk)
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    title = _("Auszahlung vorschlagen: %(purpose)s") % {"purpose": fund.name}
    return _propose(request, title, money.available_cents, partial(propose_payout, fund))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_cover_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a purpose fills what was paid out of it too much."""
    fund = access_purpose(_signed_in(request), pk)
    (money,) = money_of(Fund.objects.filter(pk=fund.pk))
    title = _("Fehlbetrag ausgleichen: %(purpose)s") % {"purpose": fund.name}
    at_most = Cents(min(money.available_cents, money.shortfall_cents))
    return _propose(request, title, at_most, partial(propose_cover, fund))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_refund_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to give a gift back, in part or in full; or write down that it stays if that did not arrive."""
    gift = access_donation(_signed_in(request), pk)
    if request.method == "POST" and request.POST.get(WHAT) == KEEP:
        if keep(gift, by=_signed_in(request), now=utc_now()):
            messages.success(request, _("Vermerkt: Die Spende bleibt."))
        else:
            messages.warning(request, _("Hier ist nichts mehr zu klären."))
        return back_or(request, see_other("coordination_donations"))
    if request.method == "POST" and request.POST.get(WHAT) == NOT_KEEP:
        if take_back_keep(gift, by=_signed_in(request), now=utc_now()):
            messages.success(request, _("Die Erstattung wartet wieder darauf, geklärt zu werden."))
        else:
            messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
        return back_or(request, see_other("coordination_donations"))
    title = _("Erstattung vorschlagen: %(who)s") % {"who": gift.giver_shown or _("Unbekannt")}
    failed = undelivered(Donation.objects.filter(pk=gift.pk))
    propose = partial(propose_refund_once, gift)
    return _propose(request, title, refundable_cents(gift), propose, gift=gift, failed=failed)


def _propose(
    request: HttpRequest,
    title: str,
    at_most: Cents,
    propose: Callable[..., Proposal],
    *,
    gift: Donation | None = None,
    failed: Iterable[Refund] = (),
) -> HttpResponse:
    template = "donations/coordination/proposal_new.html"
    form = ProposalForm(request.POST if request.method == "POST" else None, at_most=at_most)
    context = {"form": form, "title": title, "at_most": at_most, "gift": gift, "failed": failed}
    context["back_to"] = request.POST.get(BACK, "")
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    said = form.cleaned_data
    try:
        propose(said["amount"], said["reason"], by=_signed_in(request), now=utc_now())
    except NotAgain as refusal:
        form.add_error(None, why_not_again(refusal))
        return render(request, template, context, status=422)
    return proposed(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_correction_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what a bank line should have been: another amount, another gift, none, or no line at all."""
    user = _signed_in(request)
    line = access_bank_line(user, pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None, line=line)
    template = "donations/coordination/correction_new.html"
    context = {"form": form, "line": line, "refused": _stands(form.paid.values())}
    if request.method != "POST":
        return render(request, template, context)
    if form.is_valid():
        cents, target = form.proposed()
        reason = form.cleaned_data["reason"]
        try:
            gift = form.wrong_gift()
            propose_correction(line, cents, target, reason, gift=gift, by=user, now=utc_now())
        except NotCorrectable as refusal:
            form.add_error(None, _why_not(refusal))
        else:
            return proposed(request)
    return render(request, template, context, status=422)


def _stands(paid: Iterable[Donation]) -> str:
    """Return why no gift that a line has paid can be booked otherwise; empty if one can, or none is."""
    refused = []
    for gift in paid:
        try:
            check_gift(gift)
        except NotCorrectable as refusal:
            refused.append(_why_not(refusal))
        else:
            return ""
    return refused[0] if refused else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_donation_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what was decided about a large gift to the city, or one of somebody unknown."""
    user, now = _signed_in(request), utc_now()
    gift = access_donation(user, pk)
    if not awaiting_acceptance(Donation.objects.filter(pk=gift.pk)).exists():
        return _waits_no_more(request)
    facts = acceptance_facts(gift, now, request.POST if request.method == "POST" else None)
    form = facts["form"]
    context = {"facts": facts, "form": form, "back_to": request.POST.get(BACK, "")}
    template = "donations/coordination/acceptance_new.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        reason = form.cleaned_data["reason"]
        matter = form.cleaned_data.get("pending_matter", "")
        propose_acceptance(gift, reason, matter, is_accepted=form.is_accepted(), by=user, now=now)
    except NotAwaiting:
        return _waits_no_more(request)
    return proposed(request)


def acceptance_facts(gift: Donation, now: datetime, answers: QueryDict | None = None) -> dict[str, Any]:
    """Return what the rule asks about a gift that waits for it, and the form for what was decided."""
    came_on = local_day(gift.received_at or now)
    from_cents = rule_of(gift.fund.provider, came_on)
    asks = from_cents is not None and not gift.pending_matter
    return {
        "form": AcceptanceForm(answers, asks_for_matter=asks),
        "gift": gift,
        "came_on": came_on,
        "unknown_above": settings.UNKNOWN_ABOVE_CENTS,
        "from_cents": from_cents,
        "by_name": [] if gift.no_identity else counted_by_name(gift, came_on.year),
        "abroad": ", ".join(countries_abroad(gift)),
        "year_cents": _read_in_year(gift, came_on.year),
        "goods_cents": goods_in_year(gift, gift.fund.provider, came_on.year),
    }


def _read_in_year(gift: Donation, year: int) -> int | None:
    """What the giver gave in the year as the body may read it; None for one who is anonymous to it."""
    if gift.no_identity:
        return None
    return gift.amount_cents + given_in_year(gift, gift.fund.provider, year, without_anonymous=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_reallocation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a gift goes to another purpose of its body."""
    user = _signed_in(request)
    gift = access_donation(user, pk)
    others = Fund.objects.filter(provider=gift.fund.provider_id).exclude(pk=gift.fund_id)
    form = ReallocationForm(request.POST if request.method == "POST" else None, others=others)
    context = {"form": form, "gift": gift, "cents": movable_cents(gift), "refused": _stays(gift)}
    template = "donations/coordination/reallocation_new.html"
    if request.method != "POST":
        return render(request, template, context)
    if form.is_valid():
        said = form.cleaned_data
        try:
            propose_reallocation_once(gift, said["to_fund"], said["reason"], by=user, now=utc_now())
        except NotMovable as refusal:
            form.add_error(None, why_not_moved(refusal))
        except NotAgain as refusal:
            form.add_error(None, why_not_again(refusal))
        else:
            return proposed(request)
    return render(request, template, context, status=422)


def _stays(gift: Donation) -> str:
    """Return why the gift can go nowhere as things stand; empty if it can."""
    try:
        check_anywhere(gift)
    except NotMovable as refusal:
        return why_not_moved(refusal)
    return ""


def why_not_again(refusal: NotAgain) -> str:
    return {
        "proposed": _("Darüber wartet schon ein Vorschlag auf eine zweite Person."),
        "nothing": _("Von dieser Spende ist nichts da, das zurückgehen könnte."),
    }[refusal.reason]


def why_not_moved(refusal: NotMovable) -> str:
    return {
        "body": _("Umwidmen geht nur zu einem anderen Zweck desselben Trägers."),
        "not_here": _("Von dieser Spende ist nichts mehr da, oder sie steht inzwischen anders."),
        "not_accepted": _("Über die Annahme dieser Spende muss erst entschieden sein."),
        "on_its_way": _("Diese Spende wird gerade zurückgezahlt oder bestritten."),
    }[refusal.reason]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_account_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to which account givers transfer from now on."""
    user = _signed_in(request)
    provider = access_body(user, pk)
    form = AccountForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "provider": provider}
    template = "donations/coordination/account_new.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    said = form.cleaned_data
    propose_account(provider, said["iban"], said["holder"], said["reason"], by=user, now=utc_now())
    return proposed(request)


def _waits_no_more(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Über diese Annahme ist schon entschieden oder ein Vorschlag gemacht."))
    return back_or(request, see_other("coordination_books"))


def _why_not(refusal: NotCorrectable) -> str:
    return {
        "refunded": _("Von dieser Spende ist schon etwas erstattet: Sie lässt sich nicht mehr umbuchen."),
        "changed": _("Dieser Eingang ist inzwischen anders gebucht."),
        "said_by_bank": _(
            "Das sagt die Bank selbst. Stornieren lässt sich eine Zeile des Auszugs nur, wenn nach den "
            "Salden der Bank an diesem Tag mindestens so viel zu viel in den Büchern steht."
        ),
        "cash": _("Diese Einzahlung ist gezähltes Bargeld: Bitte lösen Sie zuerst die Zuordnung."),
        "moved": _("Diese Spende ist umgewidmet: Sie lässt sich nicht mehr umbuchen."),
        "split": _("Dieser Eingang bezahlt mehrere Spenden. Bitte lösen Sie zuerst jede Zuordnung."),
        "no_credit": _(
            "Berichtigen lassen sich nur Eingänge, Gebühren der Bank und von Hand zugeordnete Abgänge, und "
            "Abgänge stornieren, die für nichts stehen."
        ),
        "came_back": _("Dieses Geld ist schon zurückgekommen: Zu berichtigen ist nichts mehr."),
        "body": _("Diese Spende ist für einen anderen Träger als das Konto."),
    }[refusal.reason]


@login_required
@require_POST
def coordination_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a proposal, decline it, or take back what has not left yet."""
    user = _signed_in(request)
    proposal = access_proposal(user, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Bitte wählen Sie: freigeben oder ablehnen."))
    elif form.cleaned_data["entscheidung"] == RELEASE:
        _release(request, proposal, user, utc_now())
    elif form.cleaned_data["entscheidung"] == RECALL:
        _recall(request, proposal, user, utc_now())
    elif form.cleaned_data["entscheidung"] == REOPEN:
        _reopen(request, proposal, user, utc_now())
    elif decline(proposal.pk, by=user, now=utc_now()):
        messages.success(request, _("Abgelehnt. Es wurde nichts gebucht."))
    else:
        messages.warning(request, _("Darüber war schon entschieden."))
    return back_or(request, see_other("coordination_books"))


def _release(request: HttpRequest, proposal: Proposal, user: User, now: datetime) -> None:
    try:
        done = release(proposal.pk, by=user, now=now)
    except LinesBusy:
        messages.warning(
            request, _("Gerade wird ein Kontoauszug eingelesen. Bitte geben Sie es in ein paar Minuten frei.")
        )
    except SamePerson:
        messages.warning(request, _("Was Sie selbst vorgeschlagen haben, gibt jemand anders frei."))
    except MoreThanAvailable as refusal:
        left = euro_exact(refusal.cents)
        messages.warning(request, _("Möglich sind nur noch %(left)s. Nichts wurde gebucht.") % {"left": left})
    except NotCorrectable as refusal:
        messages.warning(request, _why_not(refusal))
    except (NotAFee, NotTheOrder) as refusal:
        messages.warning(request, why_not_this(refusal))
    except NotMovable as refusal:
        messages.warning(request, why_not_moved(refusal))
    except ChangedMeanwhile:
        messages.warning(request, _changed())
    except NotAwaiting:
        messages.warning(request, _("Diese Spende wartet nicht mehr auf eine Annahme."))
    else:
        if done:
            messages.success(request, _("Freigegeben."))
        else:
            messages.warning(request, _("Darüber war schon entschieden."))


def _changed() -> str:
    return _(
        "Diese Spende steht inzwischen anders: Ihr Betrag ist ein anderer, oder sie wird bestritten. Bitte "
        "lehnen Sie den Vorschlag ab und lassen Sie neu entscheiden, sobald das geklärt ist."
    )


def _recall(request: HttpRequest, proposal: Proposal, user: User, now: datetime) -> None:
    if recall(proposal.pk, by=user, now=now):
        messages.success(request, _("Zurückgezogen. Bitte überweisen Sie es nicht mehr."))
    else:
        messages.warning(request, _("Das ist schon unterwegs und lässt sich nicht zurückziehen."))


def _reopen(request: HttpRequest, proposal: Proposal, user: User, now: datetime) -> None:
    if take_back_decline(proposal.pk, by=user, now=now):
        messages.success(request, _("Der Vorschlag wartet wieder auf eine Entscheidung."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
