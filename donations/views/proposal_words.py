"""What a proposal means, in a sentence, and what has to be done once it is released."""

from django.utils.translation import gettext as _

from donations.domain.proposals import ABOUT_ACCEPTANCE
from donations.domain.references import grouped
from donations.models import BankTransaction, Donation, Proposal
from foundation.clock import local_day, utc_now
from foundation.formats import euro_exact
from foundation.units import Cents
from programs.domain.screening.masking import masked


def title_of(proposal: Proposal) -> str:
    """What it is and how much, and of which purpose."""
    kind = str(proposal.get_kind_display())
    if proposal.kind == "account":
        return f"{kind}: {proposal.provider}"
    if proposal.kind == "correction" or proposal.amount_cents is None:
        return kind
    whose = proposal.provider if proposal.kind == "bank_fee" else proposal.fund
    return f"{kind}: {euro_exact(Cents(proposal.amount_cents))} – {whose}"


def about(proposal: Proposal) -> str:
    """What exactly it would do, for who releases it; empty where the title says it."""
    if proposal.kind in {"refund", "acceptance"} and proposal.donation is not None:
        return _("%(gift)s.") % {"gift": _gift(proposal.donation)} + _matter(proposal)
    if proposal.kind == "account":
        return _("Neues Konto: %(iban)s, Kontoinhaber: %(holder)s; bisher: %(old)s.") % {
            "iban": grouped(proposal.iban),
            "holder": proposal.account_holder_name,
            "old": grouped(proposal.provider.iban) or "–",
        }
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
    if proposal.kind == "bank_fee" and proposal.line is not None:
        return _bank_fee(proposal.line)
    return ""


def _bank_fee(line: BankTransaction) -> str:
    """What the bank says of it, as all lists show it."""
    today = local_day(utc_now())
    said = [masked(each, today=today) for each in (line.counterparty_name, line.remittance) if each]
    return _("Abgang vom %(day)s: %(said)s") % {
        "day": line.booked_on.strftime("%d.%m.%Y"),
        "said": ", ".join(said) or "–",
    }


def _matter(proposal: Proposal) -> str:
    """What was said about a pending matter, to the second of the two who accept."""
    said = proposal.donation.get_pending_matter_display() if proposal.donation else ""
    if proposal.kind not in ABOUT_ACCEPTANCE or not said:
        return ""
    return " " + _("Laufende Angelegenheit mit der Stadt: %(said)s.") % {"said": said}


def _correction(proposal: Proposal, line: BankTransaction) -> str:
    what = _("Der Eingang") if line.amount_cents > 0 else _("Der Abgang")
    stands = _("%(what)s vom %(day)s über %(amount)s") % {
        "what": what,
        "day": line.booked_on.strftime("%d.%m.%Y"),
        "amount": euro_exact(Cents(line.amount_cents)),
    }
    gift = _(", gebucht auf %(gift)s,") % {"gift": _gift(proposal.donation)} if proposal.donation else ""
    if proposal.amount_cents is None:
        why = (
            _(" wird storniert: Er steht doppelt.")
            if line.statement_id
            else _(" wird storniert: Es gibt ihn nicht.")
        )
        return stands + gift + why
    if line.amount_cents < 0:
        return stands + _(" ist keine Gebühr der Bank und wieder ungeklärt.")
    parts = []
    if proposal.amount_cents != line.amount_cents:
        amount = euro_exact(Cents(proposal.amount_cents))
        parts.append(_("lautet richtig auf %(amount)s") % {"amount": amount})
    if proposal.target is None:
        parts.append(_("gehört zu keiner bekannten Zusage"))
    elif proposal.target_id != proposal.donation_id:
        parts.append(_("gehört zu %(gift)s") % {"gift": _gift(proposal.target)})
    return stands + gift + " " + _(" und ").join(parts) + "."


def _gift(donation: Donation) -> str:
    return _("%(who)s, Spende vom %(day)s über %(amount)s") % {
        "who": donation.giver_shown or _("Unbekannt"),
        "day": local_day(donation.pledged_at).strftime("%d.%m.%Y"),
        "amount": euro_exact(Cents(donation.amount_cents)),
    }


def next_step(proposal: Proposal) -> str:
    """What a human has still to do, or where the money is; empty when there is nothing to say."""
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
