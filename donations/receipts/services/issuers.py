"""A body says who it is for its receipts: a treasurer proposes, a second person confirms."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import Enum

from django.db import IntegrityError, transaction

from accounts.models import User
from donations.receipts.domain.issuers import Lack
from donations.receipts.domain.states import ISSUER_MOVES
from donations.receipts.gateways.template_files import Template
from donations.receipts.models import Issuer, RegisterCheck, TemplateApproval
from donations.receipts.selectors.issuers import lacks_of
from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_act
from foundation.transitions import move
from programs.models import Provider

Status = Issuer.Status


class ConfirmRefusal(Enum):
    """Why a proposal cannot be confirmed."""

    SAME_PERSON = "same_person"
    NO_LONGER_OPEN = "no_longer_open"
    CODE_TAKEN = "code_taken"
    LACKS_SOMETHING = "lacks_something"


class ConfirmRefused(Exception):
    """The proposal is not confirmed; `reason` says why, `lacks` what is missing."""

    def __init__(self, reason: ConfirmRefusal, lacks: list[Lack] | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.lacks = lacks or []


@dataclass(frozen=True)
class Details:
    """What a body says about itself; names as on the row."""

    kind: str
    code: str
    name: str
    street: str
    postcode: str
    town: str
    signatory: str
    purposes: list[str]
    fund_purposes: dict[str, str]
    forwarding: dict[str, dict[str, str]] = field(default_factory=dict)
    tax_office: str = ""
    tax_number: str = ""
    notice_kind: str = ""
    notice_on: date | None = None
    assessed_until: str = ""
    membership_not_deductible: bool = False
    machine_notified_on: date | None = None
    signature: bytes | None = field(default=None, repr=False)


def propose(
    provider: Provider, details: Details, *, proposed_by: User, actor: Actor, now: datetime
) -> Issuer:
    """Store a proposal; an older one that still waits is dropped. What counts until now goes on counting."""
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        _drop_waiting(provider, actor, now)
        return Issuer.objects.create(
            provider=provider,
            status_changed_at=now,
            proposed_by=proposed_by,
            proposed_at=now,
            **asdict(details),
        )


def _drop_waiting(provider: Provider, actor: Actor, now: datetime) -> None:
    for waiting in Issuer.objects.filter(provider=provider, status=Status.PROPOSED):
        move(waiting, ISSUER_MOVES, Status.DROPPED, actor=actor, now=now)


def drop(proposal: Issuer, *, actor: Actor, now: datetime) -> bool:
    """Drop a proposal; False if somebody decided on it before."""
    if proposal.status != Status.PROPOSED:
        return False
    return move(proposal, ISSUER_MOVES, Status.DROPPED, actor=actor, now=now)


def confirm(proposal_id: int, *, confirmed_by: User, actor: Actor, now: datetime) -> Issuer:
    """Let a proposal count from now on, as the second person. Raises ConfirmRefused, changing nothing.

    What kind of body it is, is told to the Träger too: its pages offer to wish a receipt from now on.
    """
    try:
        with transaction.atomic():
            return _confirm(proposal_id, confirmed_by, actor, now)
    except IntegrityError as error:
        if "issuer_code_of_one_body" in str(error):
            raise ConfirmRefused(ConfirmRefusal.CODE_TAKEN) from error
        raise


def _confirm(proposal_id: int, confirmed_by: User, actor: Actor, now: datetime) -> Issuer:
    proposal = Issuer.objects.select_for_update(of=("self",)).select_related("provider").get(pk=proposal_id)
    if proposal.status != Status.PROPOSED:
        raise ConfirmRefused(ConfirmRefusal.NO_LONGER_OPEN)
    if proposal.proposed_by_id == confirmed_by.pk:
        raise ConfirmRefused(ConfirmRefusal.SAME_PERSON)
    others = Issuer.objects.exclude(provider=proposal.provider_id).filter(confirmed_at__isnull=False)
    if others.filter(code=proposal.code).exists():
        raise ConfirmRefused(ConfirmRefusal.CODE_TAKEN)
    missing = lacks_of(proposal, local_day(now))
    if missing:
        raise ConfirmRefused(ConfirmRefusal.LACKS_SOMETHING, missing)
    for counting in Issuer.objects.filter(provider=proposal.provider_id, status=Status.CONFIRMED):
        move(counting, ISSUER_MOVES, Status.REPLACED, actor=actor, now=now)
    move(
        proposal,
        ISSUER_MOVES,
        Status.CONFIRMED,
        actor=actor,
        now=now,
        confirmed_by=confirmed_by,
        confirmed_at=now,
    )
    Provider.objects.filter(pk=proposal.provider_id).update(issuer_kind=proposal.kind)
    return proposal


def approve(
    provider: Provider, template: Template, *, approved_by: User, actor: Actor, now: datetime
) -> bool:
    """Note that the body has compared `template` with the official form; False if it had before."""
    with transaction.atomic():
        approval, is_new = TemplateApproval.objects.get_or_create(
            provider=provider,
            template=template.key,
            digest=template.digest,
            defaults={"version": template.version, "approved_by": approved_by, "approved_at": now},
        )
        if is_new:
            note_act(approval, "template", "approved", actor=actor, now=now)
    return is_new


def note_register_check(
    provider: Provider, checked_on: date, found: str, *, checked_by: User, actor: Actor, now: datetime
) -> RegisterCheck:
    """Note what stood about a body and its account in the Zuwendungsempfängerregister on a day.

    `found` is one of `RegisterCheck.Found`. Nothing depends on it (§ 60b AO, RULES §2.9, §10).
    """
    with transaction.atomic():
        check = RegisterCheck.objects.create(
            provider=provider,
            checked_on=checked_on,
            found=found,
            iban=provider.iban,
            checked_by=checked_by,
            noted_at=now,
        )
        note_act(check, "register", "checked", actor=actor, now=now)
    return check
