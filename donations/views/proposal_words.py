"""What a proposal means, in a sentence, and what has to be done once it is released."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from donations.domain.proposals import ABOUT_ACCEPTANCE
from donations.models import BankTransaction, Donation, Proposal
from foundation.clock import local_day, utc_now
from foundation.formats import euro_exact
from foundation.ibans import grouped_iban
from foundation.units import Cents
from programs.domain.screening.masking import masked


@dataclass(frozen=True)
class Shown:
    """A proposal in words; who proposed it takes it back, another releases it."""

    proposal: Proposal
    title: str
    about: str
    next_step: str
    is_own: bool


def shown_to(user: User, proposal: Proposal) -> Shown:
    """Return a proposal as `user` reads it."""
    is_own = proposal.proposed_by_id == user.pk
    return Shown(proposal, title_of(proposal), about(proposal), next_step(proposal), is_own)


def title_of(proposal: Proposal) -> str:
    """What it is and how much, and of which purpose."""
    kind = str(proposal.get_kind_display())
    if proposal.kind == "bank_fee" and proposal.line is not None and proposal.line.amount_cents > 0:
        kind = _("Gebühr der Bank zurück")
    if proposal.kind == "account":
        return f"{kind}: {proposal.provider}"
    if proposal.line is not None and proposal.kind == "correction":
        return f"{kind}: {_moved(proposal.line)}"
    if proposal.amount_cents is None:
        return kind
    whose = proposal.fund or proposal.provider
    return f"{kind}: {euro_exact(Cents(proposal.amount_cents))} – {whose}"


def about(proposal: Proposal) -> str:
    """What exactly it would do, for who releases it; empty where the title says it."""
    if proposal.kind in {"refund", "acceptance"} and proposal.donation is not None:
        return _("%(gift)s.") % {"gift": _gift(proposal.donation)} + _matter(proposal)
    if proposal.kind == "account":
        return _new_account(proposal)
    if proposal.kind == "reallocation" and proposal.donation is not None:
        return _("%(gift)s. Neuer Zweck: %(purpose)s. Wer gespendet hat, wird benachrichtigt.") % {
            "gift": _gift(proposal.donation),
            "purpose": proposal.to_fund,
        }
    if proposal.kind == "refusal" and proposal.donation is not None:
        back = _("%(gift)s. Was davon da ist, geht zurück.") % {"gift": _gift(proposal.donation)}
        return back + _matter(proposal)
    if proposal.kind == "correction" and proposal.line is not None:
        return _correction(proposal, proposal.line)
    if proposal.kind in {"bank_fee", "fee_cover"} and proposal.line is not None:
        return _said_by_bank(proposal.line)
    if proposal.kind == "sent" and proposal.line is not None:
        return _("%(line)s. Bezahlt ist damit: %(order)s") % {
            "line": _said_by_bank(proposal.line),
            "order": _paid(proposal),
        }
    return ""


def _paid(proposal: Proposal) -> str:
    """What its line paid, of several with a number each."""
    if proposal.order is not None:
        return order_in_words(proposal.order)
    said = [order_in_words(part.order) for part in proposal.parts.all()]
    return " ".join(f"({number}) {words}" for number, words in enumerate(said, 1))


def _new_account(proposal: Proposal) -> str:
    told = {
        "iban": grouped_iban(proposal.iban),
        "holder": proposal.account_holder_name,
        "old": grouped_iban(proposal.provider.iban),
    }
    if not proposal.provider.iban:
        return _("Neues Konto: %(iban)s, Kontoinhaber: %(holder)s; bisher gab es keines.") % told
    return _("Neues Konto: %(iban)s, Kontoinhaber: %(holder)s; bisher: %(old)s.") % told


def _moved(line: BankTransaction) -> str:
    """Which line of the bank it is, by its day and its size."""
    what = {"day": line.booked_on.strftime("%d.%m.%Y"), "amount": euro_exact(line.size_cents)}
    if line.amount_cents > 0:
        return _("Eingang vom %(day)s über %(amount)s") % what
    return _("Abgang vom %(day)s über %(amount)s") % what


def _words_of(line: BankTransaction) -> str:
    """Name and purpose of a line of the bank, as all lists show them."""
    today = local_day(utc_now())
    said = [masked(each, today=today) for each in (line.counterparty_name, line.remittance) if each]
    return ", ".join(said)


def _said_by_bank(line: BankTransaction) -> str:
    """What the bank says of it."""
    what = {"day": line.booked_on.strftime("%d.%m.%Y"), "said": _words_of(line) or "–"}
    if line.amount_cents > 0:
        return _("Eingang vom %(day)s: %(said)s") % what
    return _("Abgang vom %(day)s: %(said)s") % what


def order_in_words(order: Proposal) -> str:
    """What was released and is still to be sent: for what, to whom, and when it was released."""
    released = _("Grund: %(reason)s. Freigegeben am %(day)s.") % {
        "reason": order.reason.rstrip("."),
        "day": local_day(order.status_changed_at).strftime("%d.%m.%Y"),
    }
    return " ".join(part for part in (f"{title_of(order)}.", about(order), released) if part)


def _matter(proposal: Proposal) -> str:
    """What was said about a pending matter, to the second of the two who accept."""
    said = proposal.donation.get_pending_matter_display() if proposal.donation else ""
    if proposal.kind not in ABOUT_ACCEPTANCE or not said:
        return ""
    return " " + _("Laufende Angelegenheit mit der Stadt: %(said)s.") % {"said": said}


def _correction(proposal: Proposal, line: BankTransaction) -> str:
    stands = _("Der %(line)s") % {"line": _moved(line)}
    if said := _words_of(line):
        stands += f" ({said})"
    gift = _(", gebucht auf %(gift)s,") % {"gift": _gift(proposal.donation)} if proposal.donation else ""
    if proposal.amount_cents is None:
        why = (
            _(" wird storniert: Er steht doppelt.")
            if line.statement_id
            else _(" wird storniert: Es gibt ihn nicht.")
        )
        return stands + gift + why
    if proposal.donation is None and proposal.target is None and proposal.amount_cents == line.size_cents:
        return stands + _no_more(line)
    parts = []
    if proposal.amount_cents != line.amount_cents:
        amount = euro_exact(Cents(proposal.amount_cents))
        parts.append(_("lautet richtig auf %(amount)s") % {"amount": amount})
    if proposal.target is None:
        parts.append(_("gehört zu keiner bekannten Zusage"))
    elif proposal.target_id != proposal.donation_id:
        parts.append(_("gehört zu %(gift)s") % {"gift": _gift(proposal.target)})
    return stands + gift + " " + _(" und ").join(parts) + "."


def _no_more(line: BankTransaction) -> str:
    """What a line that stood for something without a gift is not, if it was that when this was proposed."""
    if line.found_by_id:
        return _(" ist nicht die Auszahlung oder Erstattung und wieder ungeklärt.")
    if line.fee_id and line.amount_cents > 0:
        return _(" hat nichts mit Gebühren zu tun und ist wieder ungeklärt.")
    if line.amount_cents < 0:
        return _(" ist keine Gebühr der Bank und wieder ungeklärt.")
    return " " + _("gehört zu keiner bekannten Zusage") + "."


def _gift(donation: Donation) -> str:
    return _("%(who)s, Spende vom %(day)s über %(amount)s") % {
        "who": donation.giver_shown or _("Unbekannt"),
        "day": local_day(donation.pledged_at).strftime("%d.%m.%Y"),
        "amount": euro_exact(Cents(donation.amount_cents)),
    }


def next_step(proposal: Proposal) -> str:
    """What a human has still to do, where the money is, or why it lapsed; empty without anything to say."""
    if proposal.status == Proposal.Status.LAPSED:
        return _lapsed(proposal)
    if proposal.is_to_transfer:
        return _transfer(proposal.grouped_reference)
    refund = next(iter(proposal.refunds.all()), None)
    if refund is None:
        return ""
    if refund.is_waiting_for_transfer:
        return _transfer(proposal.grouped_reference)
    return str(refund.get_status_display())


def _transfer(code: str) -> str:
    return _(
        "Bitte überweisen Sie mit dem Verwendungszweck %(code)s; daran erkennen die Bücher die Kontobewegung."
    ) % {"code": code}


def _lapsed(proposal: Proposal) -> str:
    line = proposal.line
    if line is not None and not (line.is_open_debit or line.open_cents):
        return _("Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht (%(what)s).") % {
            "what": line.state_text
        }
    if proposal.kind == "sent":
        return _("Nichts zu tun: Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen.")
    return _("Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht.")
