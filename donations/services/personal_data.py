"""What givers take along, and leaving no trace but the books (Art. 15, 17 DSGVO; § 147 AO)."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from citizens.models import Mailbox
from donations.domain.states import DONATION_MOVES
from donations.models import (
    BankTransaction,
    Donation,
    Donor,
    Method,
    Payment,
    ReceiptAddress,
    RecurringDonation,
)
from donations.wording.failures import sentence_of
from foundation.actors import citizen
from foundation.transitions import move


def names_of(mailbox: Mailbox) -> set[str]:
    """Return the names under which gifts of this mailbox were promised."""
    return set(Donation.objects.filter(donor__mailbox=mailbox).values_list("donor_name", flat=True))


def erase_giver(mailbox: Mailbox, now: datetime) -> None:
    """Empty who gave: name, postal address, what the bank wrote; amounts, days, purposes and books stay.

    A promised transfer is let go; should it come all the same, its reference still finds the gift. Called
    inside the transaction of the erasure, after `let_go`.
    """
    donor = Donor.objects.filter(mailbox=mailbox).first()
    if donor is None:
        return
    gifts = list(Donation.objects.filter(donor=donor).order_by("pk"))
    for gift in gifts:
        if gift.status == Donation.Status.PLEDGED and gift.method == Method.TRANSFER:
            move(gift, DONATION_MOVES, Donation.Status.LAPSED, actor=citizen("donor"), now=now)
    pks = [gift.pk for gift in gifts]
    ReceiptAddress.objects.filter(donation__in=pks).delete()
    lines = BankTransaction.objects.filter(
        Q(allocations__donation__in=pks)
        | Q(refund__donation__in=pks)
        | Q(sent_cents__isnull=False, found_by__parts__order__donation__in=pks)
    )
    lines.update(counterparty_name="", counterparty_country="", remittance="", refs="")
    Payment.objects.filter(donation__in=pks).update(country="")
    Donation.objects.filter(pk__in=pks).update(
        donor_name="", hide_name_public=True, wants_receipt=False, checkout_url=""
    )


def stored_about(mailbox: Mailbox) -> dict[str, Any]:
    """Return all that is stored about the giver of this mailbox, in German words; amounts in cents."""
    gifts = Donation.objects.filter(donor__mailbox=mailbox).order_by("pledged_at", "pk")
    rows = gifts.select_related("fund", "receipt_address", "payment").prefetch_related("allocations__line")
    monthly = RecurringDonation.objects.filter(donor__mailbox=mailbox).order_by("created_at", "pk")
    return {
        "spenden": [_gift(gift) for gift in rows],
        "dauerspenden": [_monthly(each) for each in monthly.select_related("fund")],
    }


def _gift(gift: Donation) -> dict[str, Any]:
    lines = [each.line for each in gift.allocations.all() if each.undone_at is None]
    payment = getattr(gift, "payment", None)
    countries = {line.counterparty_country for line in lines} | ({payment.country} if payment else set())
    return {
        "zweck": gift.fund.name,
        "zweck_text": gift.purpose_text,
        "betrag_cent": gift.amount_cents,
        "erstattet_cent": gift.refunded_cents,
        "weg": gift.get_method_display(),
        "stand": gift.get_status_display(),
        "zugesagt": gift.pledged_at,
        "eingegangen": gift.received_at,
        "abgebucht": gift.debited_on,
        "tag_der_zuwendung": gift.given_on,
        "misslungen": gift.failed_at,
        "letzter_fehlschlag": str(sentence_of(gift.failure)),  # type: ignore[arg-type]
        "sepa_mandat": payment.mandate if payment else "",
        "einzug_kennung": payment.charge if payment else "",
        "name": gift.donor_name,
        "name_oeffentlich": not gift.hide_name_public,
        "anonym_gegenueber_empfaenger": gift.no_identity,
        "laufende_angelegenheit": gift.get_pending_matter_display(),
        "anschrift": str(getattr(gift, "receipt_address", "")),
        "land_des_kontos": ", ".join(sorted(countries - {""})),
        "kontobewegung": "; ".join(f"{line.counterparty_name}: {line.remittance}" for line in lines),
        "referenzen_der_kontobewegung": "; ".join(line.refs for line in lines if line.refs),
        "wertstellung": "; ".join(f"{line.valued_on:%d.%m.%Y}" for line in lines if line.valued_on),
    }


def _monthly(each: RecurringDonation) -> dict[str, Any]:
    return {
        "zweck": each.fund.name,
        "betrag_cent": each.amount_cents,
        "rhythmus": each.get_rhythm_display(),
        "weg": each.get_method_display(),
        "stand": each.get_status_display(),
        "seit": each.created_at,
        "naechster_einzug": each.next_on,
        "pausiert_bis": each.resumes_on,
        "karte_gilt_bis": each.card_expires_on,
        "letzter_fehlschlag": str(sentence_of(each.failure)),  # type: ignore[arg-type]
    }
