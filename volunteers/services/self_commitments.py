"""The Selbstverpflichtung: signed by the person's own link, asked for again when it ends."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from citizens.services.letters import write
from foundation.clock import local_day
from programs.domain.activities import VersionStatus
from programs.domain.declarations import DeclarationKind
from programs.models import Declaration
from programs.selectors.declarations import declaration_in_force
from volunteers.domain.gate import signature_until
from volunteers.models import Placement, SelfCommitment, Volunteer
from volunteers.services.links import placement_steps_url
from volunteers.services.persons import THE_PERSON, lock_person
from volunteers.services.placements import pass_the_gate
from volunteers.wording.mails import SELF_COMMITMENT_ENDS

REMINDED_BEFORE = timedelta(days=30)


def commitment_to_sign() -> Declaration | None:
    """Return the text that is signed today; None as long as the youth office has none."""
    return declaration_in_force(DeclarationKind.SELF_COMMITMENT)


@transaction.atomic
def sign(volunteer: Volunteer, *, version_read: int, now: datetime) -> bool:
    """Note that the person signed the text they read; whatever waited for it alone goes on.

    `version_read` is the key of the version on their screen. Returns False, changing nothing, if another one
    came into force meanwhile.
    """
    lock_person(volunteer.pk)
    text = commitment_to_sign()
    if text is None or text.pk != version_read:
        return False
    SelfCommitment.objects.update_or_create(
        volunteer=volunteer, declaration=text, defaults={"signed_on": local_day(now)}
    )
    pass_the_gate(volunteer.pk, actor=THE_PERSON, now=now)
    return True


def remind_of_ending_commitments(now: datetime) -> int:
    """Write once to everybody active whose signature ends within a month; return to how many."""
    today = local_day(now)
    return sum(_remind(placement, signed_on, now) for placement, signed_on in _ending(today))


def _ending(today: date) -> list[tuple[Placement, date]]:
    """Return one placement of each person concerned, with the day of the signature."""
    years = relativedelta(years=settings.SELF_COMMITMENT_YEARS)
    ending = SelfCommitment.objects.filter(
        declaration__status=VersionStatus.IN_FORCE,
        signed_on__gt=today - years,
        signed_on__lte=today + REMINDED_BEFORE - years,
    )
    signed = dict(ending.order_by("pk").values_list("volunteer_id", "signed_on"))
    first: dict[int, Placement] = {}
    for placement in _active_with_commitment().filter(volunteer__in=signed):
        first.setdefault(placement.volunteer_id, placement)
    return [(placement, signed[volunteer_id]) for volunteer_id, placement in first.items()]


def _active_with_commitment() -> QuerySet[Placement]:
    active = Placement.objects.filter(
        status=Placement.Status.ACTIVE, role__activity__current__self_commitment=True
    )
    return active.select_related("volunteer__mailbox", "opportunity").order_by("pk")


def _remind(placement: Placement, signed_on: date, now: datetime) -> bool:
    until = signature_until(signed_on, settings.SELF_COMMITMENT_YEARS)
    return write(
        placement.volunteer.mailbox,
        key=f"self_commitment.ends:{placement.volunteer_id}:{until:%Y%m%d}",
        mail=SELF_COMMITMENT_ENDS,
        context={
            "volunteer": placement.volunteer,
            "counts_until_on": until - timedelta(days=1),
            "steps_url": placement_steps_url(placement, now),
        },
        now=now,
    )
