"""Who may see receipts: the treasurers of the body that issued them, and the giver by their own link."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from citizens.access import subject_of
from citizens.models import Mailbox
from citizens.services.pages import Opened, open_page
from donations.domain.links import CORRECT_ADDRESS
from donations.models import Donation
from donations.receipts.models import Contribution, Issuer, Receipt
from donations.receipts.selectors.gifts import wishes_of
from donations.receipts.selectors.payers import not_paid_by_another
from foundation.links import LinkNotValid
from programs.access import Role, acts_in, providers_of, within_reach
from programs.models import Provider

PART = "bestaetigungen"
Someone = User | AnonymousUser


def access_own_receipts(token: str, now: datetime) -> Opened:
    """Return what a link to "Meine Seite" opens. Raises LinkNotValid (also out of reach) or LinkExpired."""
    return open_page(token, now, part=PART)


def access_own_receipt(mailbox: Mailbox, pk: int) -> Receipt:
    """Return a receipt that was given to the owner of that mailbox. Raises Http404."""
    own = Receipt.objects.filter(donor__mailbox=mailbox, was_given_out=True, restricted_at=None)
    receipt = own.select_related("file", "issuer").filter(pk=pk).first()
    if receipt is None:
        raise Http404
    return receipt


def access_own_wish(mailbox: Mailbox, pk: int) -> Donation:
    """Return a gift of the owner of that mailbox with a wish for a receipt. Raises Http404.

    What a treasurer said somebody else paid is none of theirs to correct.
    """
    gift = not_paid_by_another(wishes_of(mailbox)).filter(pk=pk).first()
    if gift is None:
        raise Http404
    return gift


def access_address_to_correct(token: str, now: datetime) -> Donation:
    """Return the gift whose name and address a mailed step corrects. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(CORRECT_ADDRESS, token, now)
    gift = Donation.objects.select_related("donor__mailbox").filter(pk=subject.pk, wants_receipt=True).first()
    if gift is None or gift.donor.mailbox is None:
        raise LinkNotValid
    subject.check(gift.donor.mailbox)
    return access_own_wish(gift.donor.mailbox, gift.pk)


def bodies_of(user: Someone) -> QuerySet[Provider]:
    """Return the bodies whose receipts `user` looks after. PermissionDenied for anybody but treasurers."""
    if not acts_in(user, Role.TREASURER):
        raise PermissionDenied
    return providers_of(user, Role.TREASURER)


def receipts_within_reach(user: Someone) -> QuerySet[Receipt]:
    """Return the receipts of the bodies whose treasurer `user` is."""
    return Receipt.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_receipt(user: Someone, pk: int) -> Receipt:
    """Return a receipt within reach. Raises Http404, also for what is kept but shown to nobody any more."""
    rows = receipts_within_reach(user).filter(restricted_at=None)
    receipt = rows.select_related("provider", "issuer", "donor__mailbox").filter(pk=pk).first()
    if receipt is None:
        raise Http404
    return receipt


def access_receipt_to_tell(user: Someone, pk: int) -> Receipt:
    """Return a withdrawn receipt, one that is shown to nobody any more too. Raises Http404."""
    receipt = receipts_within_reach(user).filter(pk=pk, status=Receipt.Status.WITHDRAWN).first()
    if receipt is None:
        raise Http404
    return receipt


def access_body(user: Someone, pk: int) -> Provider:
    """Return the body if `user` is a treasurer of it. Raises Http404."""
    provider = providers_of(user, Role.TREASURER).filter(pk=pk).first()
    if provider is None:
        raise Http404
    return provider


def access_proposal(user: Someone, pk: int) -> Issuer:
    """Return what waits for a second person at a body of `user`. Raises Http404."""
    waiting = Issuer.objects.filter(within_reach(user, "provider", Role.TREASURER), status="proposed")
    proposal = waiting.select_related("provider").filter(pk=pk).first()
    if proposal is None:
        raise Http404
    return proposal


def access_wish(user: Someone, pk: int) -> Donation:
    """Return a gift to a body of `user` whose giver wishes a receipt. Raises Http404."""
    wishes = Donation.objects.filter(within_reach(user, "fund__provider", Role.TREASURER), wants_receipt=True)
    gift = wishes.select_related("fund__provider", "donor__mailbox", "receipt_address").filter(pk=pk).first()
    if gift is None:
        raise Http404
    return gift


def contributions_within_reach(user: Someone) -> QuerySet[Contribution]:
    """Return goods and waived expenses given to the bodies whose treasurer `user` is."""
    return Contribution.objects.filter(within_reach(user, "provider", Role.TREASURER))


def access_contribution(user: Someone, pk: int) -> Contribution:
    """Return one within reach. Raises Http404, also for what is kept but shown to nobody any more."""
    rows = contributions_within_reach(user).filter(restricted_at=None)
    row = rows.select_related("provider", "fund", "donor__mailbox", "proposed_by", "decided_by").filter(pk=pk)
    contribution = row.first()
    if contribution is None:
        raise Http404
    return contribution
