"""What receipts show and know of the owner of a mailbox, for "Meine Seite"."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from citizens.models import Mailbox
from citizens.services.parts import Part, Section
from donations.domain.links import CORRECT_ADDRESS
from donations.models import Donation, Donor
from donations.receipts.access import PART as NAME
from donations.receipts.models import Contribution, Receipt
from donations.receipts.selectors.register import given_out, own_receipts
from donations.receipts.services.retention import restrict
from donations.receipts.services.wishes import own_addresses


def _section(mailbox: Mailbox, token: str, now: datetime) -> Section | None:
    told = {"receipts": list(own_receipts(mailbox)), "addresses": own_addresses(mailbox)}
    return Section("receipts/_my_receipts.html", told) if any(told.values()) else None


def stored_about(mailbox: Mailbox) -> dict[str, Any]:
    """Return all receipts, goods and waived expenses of the owner of this mailbox, in German words.

    Amounts in cents.
    """
    kept = Receipt.objects.filter(donor__mailbox=mailbox, restricted_at=None).order_by("issued_on", "pk")
    given = Contribution.objects.filter(donor__mailbox=mailbox, restricted_at=None).select_related("fund")
    return {
        "zuwendungsbestaetigungen": [_receipt(each) for each in kept],
        "sachspenden_und_verzichte": [_contribution(each) for each in given.order_by("given_on", "pk")],
    }


def _contribution(each: Contribution) -> dict[str, Any]:
    return {
        "art": each.get_kind_display(),
        "stand": each.get_status_display(),
        "tag": each.given_on,
        "zweck": each.fund.name,
        "wert_cent": each.value_cents,
        "bezeichnung": each.description,
        "wertermittlung": each.basis,
        "laufende_angelegenheit": each.get_pending_matter_display(),
        "name": each.name,
        "anschrift": f"{each.street}, {each.postcode} {each.town}",
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    name, *address = receipt.snapshot["donor"]["lines"]
    return {
        "nummer": receipt.number,
        "stand": receipt.get_status_display(),
        "ausgestellt": receipt.issued_on,
        "betrag_cent": receipt.total_cents,
        "aussteller": receipt.snapshot["issuer"]["lines"][0],
        "name": name,
        "anschrift": ", ".join(address),
    }


def _knows(mailbox: Mailbox) -> bool:
    given = Contribution.objects.filter(donor__mailbox=mailbox, restricted_at=None)
    return own_receipts(mailbox).exists() or given.exists()


def _holds() -> Exists:
    """Whether the section has something to show, read in the query of the mailbox."""
    given = given_out().filter(donor=OuterRef("pk"))
    wished = Donation.objects.filter(donor=OuterRef("pk"), wants_receipt=True)
    return Exists(Donor.objects.filter(Exists(given) | Exists(wished), mailbox=OuterRef("pk")))


PART = Part(
    name=NAME,
    section=_section,
    knows=_knows,
    data=stored_about,
    holds=_holds,
    erase=restrict,
    link_kinds=(CORRECT_ADDRESS,),
    notices={
        "anschrift_berichtigt": gettext_lazy(
            "Name und Anschrift sind berichtigt. Was schon ausgestellt ist, bleibt, wie es ist."
        ),
    },
)
