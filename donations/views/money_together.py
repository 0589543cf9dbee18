"""What is proposed about several chosen gifts or lines of the bank at once; a second person releases each."""

from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from citizens.views.together import Act, Deed, Words, answers, done_together
from donations.access import bank_lines_within_reach, gifts_within_reach, treasury_of
from donations.forms.proposals import BankFeeForm, ReallocationForm, ReasonForm
from donations.models import BankTransaction, Donation
from donations.selectors.purposes import refundable_cents
from donations.services.bank.bank_fees import NotAFee
from donations.services.treasury.proposals import propose_bank_fee
from donations.services.treasury.proposed_once import (
    NotAgain,
    propose_reallocation_once,
    propose_whole_refund,
)
from donations.services.treasury.reallocation import NotMovable, movable_cents
from donations.views.proposals import why_not_again, why_not_moved
from donations.views.treasury import signed_in
from donations.views.unclear_lines import why_not_this
from foundation.clock import local_day, utc_now
from foundation.formats import euro_exact
from foundation.lists.choosing import chosen_keys
from foundation.units import Cents
from programs.domain.screening.masking import masked
from programs.models import Fund

GIFTS, LINES = "coordination_donations", "coordination_lines"
CREDIT = gettext_lazy("ist ein Eingang")


@login_required
@require_POST
def coordination_donations_reallocate(request: HttpRequest) -> HttpResponse:
    """Propose that each of the chosen gifts goes to another purpose of its body, for one reason."""
    user, now, gifts = signed_in(request), utc_now(), _chosen_gifts(request)
    bodies = {gift.fund.provider_id for gift in gifts}
    form = ReallocationForm(answers(request), others=Fund.objects.filter(provider__in=bodies))

    def move(gift: Donation) -> Words:
        to, reason = form.cleaned_data["to_fund"], form.cleaned_data["reason"]
        try:
            propose_reallocation_once(gift, to, reason, by=user, now=now)
        except NotMovable as refusal:
            return why_not_moved(refusal)
        except NotAgain as refusal:
            return why_not_again(refusal)
        return ""

    act = Act(
        title=_("Spenden umwidmen"),
        lead=_(
            "Für jede wartet danach ein eigener Vorschlag auf eine zweite Person. Erst mit deren Freigabe "
            "wird gebucht, und wer gegeben hat, erfährt davon."
        ),
        button=_("Umwidmungen vorschlagen"),
        done=_proposed,
        nothing=_("Von den ausgewählten Spenden lässt sich keine umwidmen."),
    )
    deeds = [
        Deed((gift.pk,), _label(gift, movable_cents(gift)), partial(move, gift), _addresses(gift))
        for gift in gifts
    ]
    return done_together(request, act, deeds, otherwise=GIFTS, form=form)


@login_required
@require_POST
def coordination_donations_refund(request: HttpRequest) -> HttpResponse:
    """Propose to give back all that is left of each chosen gift, for one reason."""
    user, now, form = signed_in(request), utc_now(), ReasonForm(answers(request))

    def refund(gift: Donation) -> Words:
        try:
            propose_whole_refund(gift, form.cleaned_data["reason"], by=user, now=now)
        except NotAgain as refusal:
            return why_not_again(refusal)
        return ""

    act = Act(
        title=_("Spenden erstatten"),
        lead=_(
            "Für jede wartet danach ein eigener Vorschlag auf eine zweite Person: alles, was von ihr da ist. "
            "Erst mit deren Freigabe geht Geld zurück, und wer gegeben hat, erfährt davon."
        ),
        button=_("Erstattungen vorschlagen"),
        done=_proposed,
        nothing=_("Von den ausgewählten Spenden lässt sich keine erstatten."),
    )
    deeds = [
        Deed((gift.pk,), _label(gift, refundable_cents(gift)), partial(refund, gift), _addresses(gift))
        for gift in _chosen_gifts(request)
    ]
    return done_together(request, act, deeds, otherwise=GIFTS, form=form)


@login_required
@require_POST
def coordination_lines_fee(request: HttpRequest) -> HttpResponse:
    """Propose that each of the chosen lines that left is what the bank takes for itself."""
    user, now, form = signed_in(request), utc_now(), BankFeeForm(answers(request))
    treasury_of(user)

    def propose(line: BankTransaction) -> Words:
        if line.amount_cents > 0:
            return CREDIT
        try:
            propose_bank_fee(line, form.cleaned_data["reason"], by=user, now=now)
        except NotAFee as refusal:
            return why_not_this(refusal)
        return ""

    act = Act(
        title=_("Abgänge sind Gebühren der Bank"),
        lead=_(
            "Für jeden wartet danach ein eigener Vorschlag auf eine zweite Person. Bis dahin ist nichts "
            "gebucht."
        ),
        button=_("Als Gebühren vorschlagen"),
        done=_proposed,
        nothing=_("Keine der ausgewählten Kontobewegungen ist ein ungeklärter Abgang."),
    )
    lines = bank_lines_within_reach(user).filter(pk__in=chosen_keys(request.POST)).order_by("booked_on", "pk")
    deeds = [Deed((line.pk,), _line_label(line, local_day(now)), partial(propose, line)) for line in lines]
    return done_together(request, act, deeds, otherwise=LINES, form=form)


def _chosen_gifts(request: HttpRequest) -> list[Donation]:
    user = signed_in(request)
    treasury_of(user)
    gifts = gifts_within_reach(user).select_related("fund", "donor__mailbox")
    return list(gifts.filter(pk__in=chosen_keys(request.POST)).order_by("-pledged_at", "-pk"))


def _addresses(gift: Donation) -> tuple[str, ...]:
    return (gift.email_shown,) if gift.email_shown else ()


def _label(gift: Donation, cents: Cents) -> str:
    return _("%(amount)s von %(who)s, %(fund)s, %(day)s") % {
        "amount": euro_exact(cents),
        "who": gift.giver_shown or _("Unbekannt"),
        "fund": gift.fund.name,
        "day": f"{local_day(gift.pledged_at):%d.%m.%Y}",
    }


def _line_label(line: BankTransaction, today: date) -> str:
    said = [masked(text, today=today) for text in (line.counterparty_name, line.remittance) if text]
    return ", ".join([euro_exact(Cents(line.amount_cents)), f"{line.booked_on:%d.%m.%Y}", *said])


def _proposed(count: int) -> str:
    told = ngettext(
        "%(count)d Vorschlag wartet jetzt auf eine zweite Person; gebucht ist noch nichts.",
        "%(count)d Vorschläge warten jetzt auf eine zweite Person; gebucht ist noch nichts.",
        count,
    )
    return told % {"count": count}
