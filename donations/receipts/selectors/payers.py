"""Gifts whose transfer came from an account under another name than the giver's."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import MD5, Concat

from donations.domain.names import is_same_payer
from donations.models import Allocation, Donation, Method
from donations.receipts.domain.eligibility import KEPT, Payer
from donations.receipts.models import PayerNote

_ABOUT = MD5(
    Concat(F("donation__donor_name"), Value("\n"), F("line__counterparty_name"), output_field=CharField())
)


@dataclass(frozen=True)
class OtherName:
    """What the bank calls who paid, and what was said about it; None as long as nobody has noted it."""

    name: str
    about: str
    note: PayerNote | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet whose gift it is."""
        return self.note is None or not self.note.verdict


def about_of(giver: str, payer: str) -> str:
    """Return the digest of a pair of names."""
    return hashlib.md5(f"{giver}\n{payer}".encode(), usedforsecurity=False).hexdigest()


def payers_of(gifts: Sequence[Donation]) -> dict[int, Payer]:
    """Return whose money each gift is, as far as the bank's names and treasurers tell."""
    found = other_names_of(gifts)
    return {gift.pk: _payer(found.get(gift.pk, [])) for gift in gifts}


def _payer(others: Iterable[OtherName]) -> Payer:
    said = {each.note.verdict if each.note else "" for each in others}
    if "" in said:
        return "unclear"
    return "another" if PayerNote.Verdict.ANOTHER in said else "giver"


def other_names_of(gifts: Iterable[Donation]) -> dict[int, list[OtherName]]:
    """Return the names of payers that are not the giver's, of those gifts that have any."""
    by_transfer = {gift.pk: gift for gift in gifts if gift.method == Method.TRANSFER}
    paid = Allocation.objects.filter(donation__in=by_transfer, undone_at=None).order_by("pk")
    names = defaultdict[int, list[str]](list)
    for pk, payer in paid.values_list("donation", "line__counterparty_name"):
        if payer not in names[pk] and not is_same_payer(by_transfer[pk].donor_name, payer):
            names[pk].append(payer)
    notes = _notes_of([by_transfer[pk] for pk in names if names[pk]])
    return {
        pk: [_other_name(by_transfer[pk], payer, notes) for payer in payers]
        for pk, payers in names.items()
        if payers
    }


def _notes_of(gifts: Iterable[Donation]) -> dict[tuple[int, int, str], PayerNote]:
    donors = {gift.donor_id for gift in gifts}
    if not donors:
        return {}
    notes = PayerNote.objects.filter(donor__in=donors).select_related("decided_by")
    return {(each.donor_id, each.provider_id, each.about): each for each in notes}


def _other_name(gift: Donation, payer: str, notes: dict[tuple[int, int, str], PayerNote]) -> OtherName:
    about = about_of(gift.donor_name, payer)
    return OtherName(payer, about, notes.get((gift.donor_id, gift.fund.provider_id, about)))


def _noted(verdict: str, gift: str) -> Exists:
    """Whether something of the gift at the column `gift` came under names about which this was said."""
    notes = PayerNote.objects.filter(
        donor=OuterRef("donation__donor"),
        provider=OuterRef("donation__fund__provider"),
        about=OuterRef("names"),
        verdict=verdict,
    )
    paid = Allocation.objects.filter(donation=OuterRef(gift), undone_at=None).annotate(names=_ABOUT)
    return Exists(paid.filter(Exists(notes)))


def paid_by_another(gift: str) -> Q:
    """Return a filter for rows whose gift at the column `gift` was paid by somebody else, as was said."""
    donors = PayerNote.objects.filter(verdict=PayerNote.Verdict.ANOTHER).values("donor")
    return Q(**{f"{gift}__donor__in": donors}) & Q(_noted(PayerNote.Verdict.ANOTHER, gift))


def not_paid_by_another(gifts: QuerySet[Donation]) -> QuerySet[Donation]:
    """Return those of `gifts` of which nobody has said that somebody else than their giver paid them."""
    return gifts.exclude(_noted(PayerNote.Verdict.ANOTHER, "pk"))


def with_receipt_wished() -> QuerySet[Donation]:
    """Return the transfers that are here and whose giver wishes a receipt, or has one."""
    return Donation.objects.filter(
        wants_receipt=True, method=Method.TRANSFER, status__in=KEPT, receipt_refusal=None
    ).exclude(donor_name="")


def payer_to_say() -> QuerySet[Donation]:
    """Return the gifts about which somebody has to say who gave them, the oldest first."""
    donors = PayerNote.objects.filter(verdict="").values("donor")
    gifts = with_receipt_wished().filter(_noted("", "pk"), donor__in=donors)
    return gifts.order_by("received_at", "pk")
