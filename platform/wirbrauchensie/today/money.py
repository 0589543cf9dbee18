"""Money that waits for a treasurer: what came in, what a colleague proposed, what is paid out or counted."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.access import (
    access_donation,
    bank_lines_within_reach,
    cash_counts_within_reach,
    funds_within_reach,
    gifts_within_reach,
    proposals_within_reach,
)
from donations.domain.use_by import last_year_of, warned_use_by
from donations.forms.cash import CountAgainForm
from donations.forms.proposals import ProposalForm
from donations.models import BankTransaction, CashCount, Dispute, Donation, Proposal, RecurringDonation
from donations.selectors.acceptance import awaiting_acceptance, not_given_back
from donations.selectors.bank_lines import unclear_bank_lines
from donations.selectors.cash import to_count_again
from donations.selectors.gifts import open_disputes
from donations.selectors.proposals import to_transfer, undecided
from donations.selectors.use_by import to_use
from donations.views.proposal_words import shown_to
from donations.views.proposals import acceptance_facts
from donations.views.treasury import credit_facts
from donations.views.unclear_lines import debit_facts
from foundation.clock import end_of_day, local_day, local_moment
from foundation.formats import euro_exact
from foundation.units import MIDNIGHT, Cents
from programs.access import Role
from programs.domain.screening.masking import masked
from programs.models import Fund, Provider
from wirbrauchensie.today.kinds import Kind, Opening, Reader, Row


def _is_treasurer(reader: Reader) -> bool:
    return Role.TREASURER in reader.roles


MoneyKind = partial(Kind, is_for=_is_treasurer)


def resting_of(reader: Reader) -> QuerySet[Provider]:
    """Return the bodies whose money others look after today."""
    return reader.resting(Role.TREASURER)


def _lines_of(reader: Reader) -> QuerySet[BankTransaction]:
    return bank_lines_within_reach(reader.user).exclude(provider__in=resting_of(reader))


def gifts_of(reader: Reader) -> QuerySet[Donation]:
    """Return the gifts that the reader looks after today."""
    return gifts_within_reach(reader.user).exclude(fund__provider__in=resting_of(reader))


def _proposals_of(reader: Reader) -> QuerySet[Proposal]:
    return proposals_within_reach(reader.user).exclude(provider__in=resting_of(reader))


def amount(cents: int | None) -> str:
    """Return an amount as rows show it."""
    return "–" if cents is None else euro_exact(Cents(cents))


def proposal_form(slug: str, key: int, cents: int) -> ProposalForm:
    """Return a form that proposes this amount; how much is possible is looked up when it is sent."""
    said = {"amount": euro_exact(Cents(cents)).removesuffix("€").strip()}
    return ProposalForm(at_most=Cents(cents), initial=said, auto_id=f"id_{slug}_{key}_%s")


def for_purpose(gift: Donation | RecurringDonation, what: str = "") -> str:
    """Return what a gift is for, after what is said of it."""
    return for_purpose_called(gift.fund.name, what)


def for_purpose_called(name: str, what: str = "") -> str:
    """Return that it is for the purpose of this name, after what is said of it."""
    said = _("für %(purpose)s") % {"purpose": name}
    return f"{what}, {said}" if what else said


def waits(key: str, who: str, what: str, came_at: datetime, url: str, action: str, **more: Any) -> Row:
    """Nothing here has a promised end: it is due since it came."""
    return Row(key, who, what, due_at=came_at, since=local_day(came_at), url=url, action=action, **more)


def _lines(reader: Reader, now: datetime) -> QuerySet[BankTransaction]:
    return unclear_bank_lines(_lines_of(reader))


def _line_row(reader: Reader, line: BankTransaction, now: datetime) -> Row:
    name = masked(line.counterparty_name, today=local_day(now))
    where = {"provider": line.provider.in_dative, "who": name}
    if line.is_open_debit:
        cents, named = line.amount_cents, _("bei %(provider)s, an %(who)s")
        page, action = "coordination_bank_fee_new", _("Klären")
        opening = Opening("dashboard/today/_debit.html", partial(debit_facts, reader.user, line.pk))
    else:
        cents, named = line.open_cents, _("bei %(provider)s, von %(who)s")
        page, action = "coordination_credit", _("Zuordnen")
        opening = Opening("dashboard/today/_credit.html", partial(credit_facts, reader.user, line.pk))
    what = (named if name else _("bei %(provider)s")) % where
    came_at, url = local_moment(line.booked_on, MIDNIGHT), reverse(page, args=[line.pk])
    return waits(f"eingaenge-{line.pk}", amount(cents), what, came_at, url, action, opening=opening)


BANK_LINES = MoneyKind(
    slug="eingaenge",
    title=gettext_lazy("Kontobewegungen klären"),
    text=gettext_lazy("Diesen Eingängen fehlt noch die Spende; von diesen Abgängen weiß niemand, wofür."),
    icon="bank",
    waiting=_lines,
    row=_line_row,
)


def _to_accept(reader: Reader, now: datetime) -> QuerySet[Donation]:
    """What is to be decided, and what was refused and has not begun to go back."""
    gifts = gifts_of(reader)
    rows = Donation.objects.filter(
        Q(pk__in=awaiting_acceptance(gifts).values("pk")) | Q(pk__in=not_given_back(gifts).values("pk"))
    )
    return rows.select_related("fund").order_by("received_at", "pk")


def _accept_row(reader: Reader, gift: Donation, now: datetime) -> Row:
    came_at, opening = gift.received_at or gift.pledged_at, None
    if gift.was_not_accepted:
        left = amount(_left_of(gift))
        what, page = for_purpose(gift, _("nicht angenommen und noch da")), "coordination_refund_new"
        action = _("Erstattung vorschlagen")
    else:
        left, what, page = amount(gift.amount_cents), for_purpose(gift), "coordination_donation_accept"
        action = _("Eintragen, was entschieden ist")
        opening = Opening("dashboard/today/_acceptance.html", partial(_accept_facts, reader, gift.pk, now))
    url = reverse(page, args=[gift.pk])
    return waits(f"annahmen-{gift.pk}", left, what, came_at, url, action, about=gift, opening=opening)


def _accept_facts(reader: Reader, pk: int, now: datetime) -> dict[str, Any]:
    return acceptance_facts(access_donation(reader.user, pk), now)


def _left_of(gift: Donation) -> int:
    return gift.amount_cents - gift.refunded_cents - gift.lost_cents


def _back_form(reader: Reader, gift: Donation, now: datetime) -> ProposalForm | None:
    """What was not accepted goes back; whether it is, is decided on its page, with all that the rule asks."""
    return proposal_form("annahmen", gift.pk, _left_of(gift)) if gift.was_not_accepted else None


TO_ACCEPT = MoneyKind(
    slug="annahmen",
    title=gettext_lazy("Annahme großer Spenden eintragen"),
    text=gettext_lazy(
        "Über große Spenden an die Stadt entscheiden ihre Regeln; große von Unbekannten sehen sich zwei an. "
        "Was nicht angenommen ist, geht zurück."
    ),
    icon="heart",
    waiting=_to_accept,
    row=_accept_row,
    template="dashboard/today/_accept.html",
    form=_back_form,
)


def _transfer_row(reader: Reader, proposal: Proposal, now: datetime) -> Row:
    shown = shown_to(reader.user, proposal)
    return waits(
        f"ueberweisen-{proposal.pk}",
        shown.title,
        proposal.provider.name,
        proposal.status_changed_at,
        f"{reverse('coordination_books')}#transfers",
        _("Zu den Büchern"),
        about=shown,
    )


TO_TRANSFER = MoneyKind(
    slug="ueberweisen",
    title=gettext_lazy("Freigegebenes überweisen"),
    text=gettext_lazy("Zwei haben es freigegeben; die Bank hat es noch nicht gezeigt."),
    icon="bank",
    waiting=lambda reader, now: to_transfer(_proposals_of(reader)),
    row=_transfer_row,
    template="dashboard/today/_transfer.html",
)


def _to_use(reader: Reader, now: datetime) -> QuerySet[Fund]:
    return to_use(funds_within_reach(reader.user).exclude(provider__in=resting_of(reader)), reader.today)


def _use_row(reader: Reader, fund: Fund, now: datetime) -> Row:
    last_day = warned_use_by(reader.today)
    return Row(
        key=f"verwenden-{fund.pk}",
        who=amount(fund.due_cents),  # type: ignore[attr-defined]
        what=_("aus „%(purpose)s“, eingegangen bis Ende %(year)s")
        % {"purpose": fund.name, "year": last_year_of(last_day)},
        due_at=end_of_day(last_day),
        until=last_day,
        url=reverse("coordination_books"),
        action=_("Zu den Büchern"),
        about=fund,
    )


def _use_form(reader: Reader, fund: Fund, now: datetime) -> ProposalForm:
    return proposal_form("verwenden", fund.pk, fund.due_cents)  # type: ignore[attr-defined]


TO_USE = MoneyKind(
    slug="verwenden",
    title=gettext_lazy("Spenden rechtzeitig verwenden"),
    text=gettext_lazy(
        "Was gespendet wurde, soll bis zum Ende des zweiten Jahres danach verwendet sein. Wird der Zweck "
        "nicht erreicht, fragen Sie die Spender*innen."
    ),
    icon="clock",
    waiting=_to_use,
    row=_use_row,
    template="dashboard/today/_payout.html",
    form=_use_form,
)


def _disputes(reader: Reader, now: datetime) -> QuerySet[Dispute]:
    return open_disputes(gifts_of(reader))


def _dispute_row(reader: Reader, dispute: Dispute, now: datetime) -> Row:
    """Due when Stripe's time for an answer ends; where it waits for none, since the money was taken."""
    return Row(
        key=f"rueckbuchungen-{dispute.pk}",
        who=amount(dispute.amount_cents),
        what=for_purpose(
            dispute.donation, _("Rückfrage der Bank") if dispute.is_inquiry else _("zurückgefordert")
        ),
        due_at=dispute.due_at or dispute.opened_at,
        since=local_day(dispute.opened_at),
        until=local_day(dispute.due_at) if dispute.due_at else None,
        url=f"{reverse('coordination_donations')}#disputes",
        action=_("Zu den Spenden"),
        about=dispute,
    )


DISPUTES = MoneyKind(
    slug="rueckbuchungen",
    title=gettext_lazy("Zurückgeforderte Zahlungen klären"),
    text=gettext_lazy("Antworten Sie beim Zahlungsdienst, bevor dessen Frist endet."),
    icon="error",
    waiting=_disputes,
    row=_dispute_row,
    template="dashboard/today/_dispute.html",
)


def _proposals(reader: Reader, now: datetime) -> QuerySet[Proposal]:
    """What one has proposed oneself another person releases."""
    return undecided(_proposals_of(reader).exclude(proposed_by=reader.user))


def _proposal_row(reader: Reader, proposal: Proposal, now: datetime) -> Row:
    shown = shown_to(reader.user, proposal)
    return waits(
        f"vorschlaege-{proposal.pk}",
        shown.title,
        proposal.provider.name,
        proposal.proposed_at,
        reverse("coordination_books"),
        _("Zu den Büchern"),
        about=shown,
    )


PROPOSALS = MoneyKind(
    slug="vorschlaege",
    title=gettext_lazy("Vorschläge freigeben"),
    text=gettext_lazy("Was Geld bewegt oder umbucht, gibt eine zweite Person frei."),
    icon="check-circle",
    waiting=_proposals,
    row=_proposal_row,
    template="dashboard/today/_proposal.html",
)


def _cash(reader: Reader, now: datetime) -> QuerySet[CashCount]:
    """What one has counted oneself another person counts again."""
    counts = cash_counts_within_reach(reader.user).exclude(provider__in=resting_of(reader))
    return to_count_again(counts).exclude(counted_by=reader.user)


def _cash_row(reader: Reader, count: CashCount, now: datetime) -> Row:
    """Without the sum: whoever counts again must not know it."""
    return waits(
        f"boxen-{count.pk}",
        count.box,
        _("gezählt von %(who)s") % {"who": count.counted_by},
        count.proposed_at,
        reverse("coordination_cash_count", args=[count.pk]),
        _("Ansehen oder verwerfen"),
        about=count,
    )


def _cash_form(reader: Reader, count: CashCount, now: datetime) -> CountAgainForm:
    return CountAgainForm(auto_id=f"id_boxen_{count.pk}_%s")


CASH = MoneyKind(
    slug="boxen",
    title=gettext_lazy("Spendenboxen nachzählen"),
    text=gettext_lazy("Bargeld ist erst gebucht, wenn zwei dasselbe gezählt haben."),
    icon="check-circle",
    waiting=_cash,
    row=_cash_row,
    template="dashboard/today/_cash.html",
    form=_cash_form,
)
