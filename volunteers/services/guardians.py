"""A guardian agrees to a minor's placement, by their own link, and may take that back at any time."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts.models import User
from citizens.domain.addresses import as_sent, is_same_mailbox
from citizens.models import Mailbox
from citizens.services.letters import take_back, write
from citizens.services.mailboxes import confirm, mailbox_for, paper_mailbox
from foundation.actors import Actor, citizen
from foundation.clock import local_day
from foundation.limit_values import CONFIRMATIONS_PER_MAILBOX, GUARDIANS_ASKED
from foundation.limits import LimitReached, take
from programs.domain.declarations import DeclarationKind
from programs.models import Declaration
from programs.selectors.declarations import declaration_in_force
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.minors import YOUTH, is_minor, reached_on
from volunteers.models import GuardianConsent, PersonMerge, Placement, Volunteer
from volunteers.services.coordination_mail import tell_about_placement
from volunteers.services.links import guardian_url
from volunteers.services.merging import keep_own_age
from volunteers.services.persons import lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import let_wait, pass_the_gate
from volunteers.wording.mails import (
    CONSENT_BACK_TOLD,
    CONSENT_SURE,
    CONSENT_WITHDRAWN,
    CONSENT_WITHDRAWN_TOLD,
    GUARDIAN_ASKED,
)

GUARDIAN = citizen("guardian")


class AskRefusal(StrEnum):
    """Why a guardian is not asked."""

    OWN_ADDRESS = "own_address"
    TOO_OFTEN = "too_often"
    TOO_YOUNG = "too_young"
    GROWN_UP = "grown_up"
    NOT_NEEDED = "not_needed"
    TAKEN_BACK = "taken_back"


def consent_text() -> Declaration | None:
    """Return the text that guardians agree to today; None as long as the youth office has none."""
    return declaration_in_force(DeclarationKind.GUARDIAN_CONSENT)


@transaction.atomic
def ask_guardian(
    placement: Placement, *, born_in: date, now: datetime, email: str = "", postal_address: str = ""
) -> AskRefusal | None:
    """Write to the guardian, by mail or else by a letter; who was named before and has not answered is not
    asked any more.

    A letter is for families that have one address for mails: its link is in nobody's mailbox. `born_in` is
    the first of the month of birth; one that makes the person older than the one known waits with the
    consent for the guardian's yes. Nobody else is asked while somebody who took their yes back is asked
    whether that stands. Returns why nothing was done, or None.
    """
    volunteer = lock_person(placement.volunteer_id)
    consent = open_consent(placement)
    if volunteer.is_of_age(local_day(now)) or (consent is not None and consent.holds):
        return AskRefusal.NOT_NEEDED
    if consent is not None and was_taken_back(consent):
        return AskRefusal.TAKEN_BACK
    if local_day(now) < reached_on(YOUTH, born_in):
        return AskRefusal.TOO_YOUNG
    if not is_minor(local_day(now), is_adult=False, born_in=born_in):
        return AskRefusal.GROWN_UP
    if email and any(is_same_mailbox(as_sent(email), own) for own in _own_addresses(volunteer)):
        return AskRefusal.OWN_ADDRESS
    try:
        take(GUARDIANS_ASKED, f"{volunteer.pk}", now=now)
    except LimitReached:
        return AskRefusal.TOO_OFTEN
    if consent is not None:
        take_back(consent.mailbox, [GUARDIAN_ASKED], consent.pk)
        consent.delete()
    is_older = volunteer.born_in is not None and born_in < volunteer.born_in
    if not is_older:
        Volunteer.objects.filter(pk=volunteer.pk).update(born_in=born_in)
        keep_own_age(volunteer.pk)
    row = GuardianConsent.objects.create(
        placement=placement,
        mailbox=mailbox_for(email, now) if email else paper_mailbox(postal_address, now),
        asked_at=now,
        born_in=born_in if is_older else None,
    )
    _write_to(row, now)
    return None


def _own_addresses(volunteer: Volunteer) -> set[str]:
    """Return the addresses of the person, with those of rows that were found to be the same person."""
    joined = PersonMerge.objects.filter(kept=volunteer, undone_at=None)
    return {volunteer.mailbox.email, *joined.values_list("double__mailbox__email", flat=True)}


def open_consent(placement: Placement) -> GuardianConsent | None:
    """Return what was asked or given and not taken back."""
    rows = GuardianConsent.objects.filter(placement=placement, withdrawn_at=None)
    return rows.select_related("mailbox").first()


def taken_back_at(consent: GuardianConsent) -> datetime | None:
    """Return when somebody who is asked anew took back what they had agreed to, by an older link; or None."""
    if not consent.waits:
        return None
    given = GuardianConsent.objects.filter(placement=consent.placement, mailbox=consent.mailbox)
    before = given.filter(given_at__isnull=False, withdrawn_at__isnull=False).order_by("-withdrawn_at")
    return before.values_list("withdrawn_at", flat=True).first()


def was_taken_back(consent: GuardianConsent) -> bool:
    """Whether this asks somebody anew who took back what they had agreed to."""
    return taken_back_at(consent) is not None


def standing_consent(consent: GuardianConsent) -> GuardianConsent:
    """Return what the same guardian was asked for or gave since, if there is anything, else `consent`."""
    now = open_consent(consent.placement) if consent.withdrawn_at else None
    return consent if now is None or now.mailbox_id != consent.mailbox_id else now


def ask_guardian_again(mailbox: Mailbox, now: datetime) -> None:
    """Write to a guardian anew about what they have not answered: the link they had is void."""
    waiting = GuardianConsent.objects.filter(mailbox=mailbox, given_at=None, withdrawn_at=None)
    related = ("mailbox", "placement__role", "placement__opportunity__provider", "placement__volunteer")
    for consent in waiting.select_related(*related).order_by("pk"):
        if consent.placement.holds_place and not consent.placement.volunteer.is_of_age(local_day(now)):
            if was_taken_back(consent):
                _ask_whether_it_stands(consent, now)
            else:
                _write_to(consent, now, again=True)


@dataclass(frozen=True)
class SignedSheet:
    """A consent that came on paper: the day on the sheet, and whose account notes it."""

    signed_on: date
    noted_by: User


@transaction.atomic
def give_consent(
    consent: GuardianConsent,
    *,
    name: str,
    version_read: int,
    now: datetime,
    actor: Actor = GUARDIAN,
    sheet: SignedSheet | None = None,
) -> bool:
    """Note who agreed, when, and to which text; the placement goes on if nothing else is missing.

    With `sheet` somebody else notes it, and the letter that asks for it is printed no more. A provider that
    was told of a rest hears that the yes is back; a sheet from before the rest is no yes. Returns False,
    changing nothing, if another text came into force meanwhile, it was answered before, or the person is of
    age by now.
    """
    if lock_person(consent.placement.volunteer_id).is_of_age(local_day(now)):
        return False
    rests_since, text = taken_back_at(consent), consent_text()
    if rests_since and sheet and sheet.signed_on < local_day(rests_since):
        return False
    waiting = GuardianConsent.objects.filter(pk=consent.pk, given_at=None, withdrawn_at=None)
    if text is None or text.pk != version_read or not consent.placement.holds_place:
        return False
    month = waiting.values_list("born_in", flat=True).first()
    if not waiting.update(
        name=name,
        declaration=text,
        given_at=now,
        born_in=None,
        signed_on=sheet and sheet.signed_on,
        noted_by=sheet and sheet.noted_by,
    ):
        return False
    if month is not None:
        Volunteer.objects.filter(pk=consent.placement.volunteer_id, is_adult=False).update(born_in=month)
    if sheet is None:
        confirm(consent.mailbox_id, now)
    else:
        take_back(consent.mailbox, [GUARDIAN_ASKED], consent.pk)
    pass_the_gate(consent.placement.volunteer_id, actor=actor, now=now)
    if rests_since:
        _tell_of_the_yes(consent.placement, now)
    return True


@transaction.atomic
def withdraw_consent(consent: GuardianConsent, *, now: datetime, actor: Actor = GUARDIAN) -> bool:
    """Take it back, or say no: the placement is over, and provider and minor hear of it.

    The proof of who agreed and when stays with the placement. Returns False, changing nothing, if it was
    taken back before or the person is of age by now: nobody decides for them any more.
    """
    placement = consent.placement
    if lock_person(placement.volunteer_id).is_of_age(local_day(now)):
        return False
    open_still = GuardianConsent.objects.filter(pk=consent.pk, withdrawn_at=None)
    if not open_still.update(withdrawn_at=Greatest(Value(now), F("given_at")), born_in=None):
        return False
    stop_placement(
        placement,
        reason=CancelReason.ON_REQUEST,
        actor=actor,
        now=now,
        mail=CONSENT_WITHDRAWN,
        tell_provider=CONSENT_WITHDRAWN_TOLD,
    )
    return True


@transaction.atomic
def rest_consent(consent: GuardianConsent, *, now: datetime) -> bool:
    """Take a yes back by a link that is not fresh: the dates rest at once, the mailbox decides the end.

    Minor and provider hear of it, also where the placement waits for something else. The proof stays; what is
    asked anew is answered by the link in the mail alone, and until then the place is kept. Counted by no
    limit, for it protects a child and happens once for each yes. Returns False, changing nothing, if nothing
    was given (any more) or the person is of age by now.
    """
    if lock_person(consent.placement.volunteer_id).is_of_age(local_day(now)):
        return False
    given = GuardianConsent.objects.filter(pk=consent.pk, given_at__isnull=False, withdrawn_at=None)
    if not given.update(withdrawn_at=Greatest(Value(now), F("given_at"))):
        return False
    placement = consent.placement
    placement.refresh_from_db(fields=["status"])
    if not placement.holds_place:
        return True
    anew = GuardianConsent.objects.create(placement=placement, mailbox=consent.mailbox, asked_at=now)
    if placement.is_active:
        let_wait(placement, actor=GUARDIAN, now=now)
    _tell_of_rest(placement, now)
    _ask_whether_it_stands(anew, now)
    return True


@transaction.atomic
def ask_once_more(consent: GuardianConsent, *, now: datetime) -> None:
    """Mail the question whether the withdrawal stands again. Raises LimitReached."""
    take(CONFIRMATIONS_PER_MAILBOX, str(consent.mailbox_id), now=now)
    _ask_whether_it_stands(consent, now)


def _tell_of_rest(placement: Placement, now: datetime) -> None:
    moment = f"{now:%Y%m%d%H%M%S%f}"
    write(
        placement.volunteer.mailbox,
        key=f"consent.withdrawn:{placement.pk}:{moment}",
        mail=CONSENT_WITHDRAWN,
        context={"volunteer": placement.volunteer, "title": placement.title, "rests": True},
        now=now,
    )
    tell_about_placement(
        placement,
        key=f"consent.withdrawn_told:{placement.pk}:{moment}",
        mail=CONSENT_WITHDRAWN_TOLD,
        context={"rests": True},
        now=now,
    )


def _tell_of_the_yes(placement: Placement, now: datetime) -> None:
    placement.refresh_from_db(fields=["status"])
    tell_about_placement(
        placement,
        key=f"consent.back_told:{placement.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=CONSENT_BACK_TOLD,
        context={"comes_again": placement.is_active},
        now=now,
    )


def _ask_whether_it_stands(consent: GuardianConsent, now: datetime) -> None:
    write(
        consent.mailbox,
        key=f"consent.sure:{consent.pk}:{now:%Y%m%d%H%M%S%f}",
        mail=CONSENT_SURE,
        context={
            "volunteer": consent.placement.volunteer,
            "title": consent.placement.title,
            "guardian_url": guardian_url(consent, now),
        },
        now=now,
    )


def _write_to(consent: GuardianConsent, now: datetime, *, again: bool = False) -> None:
    placement = consent.placement
    key = f"guardian.asked:{consent.pk}"
    month = Volunteer.objects.values_list("born_in", flat=True).get(pk=placement.volunteer_id)
    write(
        consent.mailbox,
        key=f"{key}:{now:%Y%m%d%H%M%S%f}" if again else key,
        mail=GUARDIAN_ASKED,
        context={
            "volunteer": placement.volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
            "guardian_url": guardian_url(consent, now),
            "text": consent_text(),
            "who": f"{placement.volunteer.first_name} {placement.volunteer.last_name}".strip(),
            "month": consent.born_in or month,
        },
        now=now,
    )
