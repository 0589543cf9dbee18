"""Pledges told on the phone or sent on paper: the same pledge in the same states, typed by somebody else."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from citizens.services.mailboxes import paper_mailbox
from foundation.actors import Actor
from foundation.history import note_act
from foundation.submissions import act_of
from outbox.services.queue import queue
from programs.models import Role
from volunteers.models import TimePledge
from volunteers.services.links import confirm_url
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes
from volunteers.wording.mails import PLEDGE_CONFIRM

CONSENT = "consent"


@dataclass(frozen=True)
class Consent:
    """How and on which day the person agreed, and who wrote it down."""

    came_by: str
    given_on: date
    taken_by: User


@transaction.atomic
def take_pledge_down(
    person: Person,
    wishes: Wishes,
    consent: Consent,
    *,
    postal_address: str,
    submission: UUID,
    actor: Actor,
    now: datetime,
    wanted: Role | None = None,
) -> TimePledge:
    """Store what somebody told, with their consent as they gave it.

    Who has an e-mail address confirms it by the link in the mail, as everybody does: only its owner can say
    that it was spelled right. Who has none gets letters, and the pledge is open at once. The same form
    (`submission`) sent again with the same answers changes nothing and returns the same pledge.
    """
    submission = act_of(submission, person, wishes, postal_address, wanted and wanted.pk)
    known = TimePledge.objects.filter(submission=submission).first()
    if known is not None:
        return known
    mailbox = None if person.email else paper_mailbox(postal_address, now)
    pledge = record_pledge(person, wishes, submission=submission, now=now, wanted=wanted, mailbox=mailbox)
    pledge.came_by, pledge.consent_on, pledge.taken_by = consent.came_by, consent.given_on, consent.taken_by
    pledge.save(update_fields=["came_by", "consent_on", "taken_by"])
    note_act(pledge, CONSENT, f"{consent.came_by} {consent.given_on.isoformat()}", actor=actor, now=now)
    if mailbox is not None:
        confirm_pledge(pledge, actor=actor, now=now)
    else:
        _ask_to_confirm(pledge, now)
    return pledge


def _ask_to_confirm(pledge: TimePledge, now: datetime) -> None:
    queue(
        key=f"pledge.confirm:{pledge.pk}",
        mail=PLEDGE_CONFIRM,
        to_email=pledge.volunteer.email,
        context={"confirm_url": confirm_url(pledge, now)},
        now=now,
        written_for=pledge.volunteer.mailbox_id,
    )
