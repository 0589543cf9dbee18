"""The Einsichtnahme: seen, dated, nothing else."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.actors import Actor
from foundation.clock import local_day
from foundation.history import note_act
from foundation.transitions import move
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.domain.clearance_rules import CertificateRefusal
from volunteers.domain.provider_clock import NOT_PRESSED
from volunteers.domain.states import PLACEMENT_MOVES
from volunteers.models import Clearance, Offer, PersonMerge, Placement, StandInQuestion, Volunteer
from volunteers.selectors.clearances import certificate_of, clearance_rules, inspected_uses
from volunteers.services.answers import withdraw_and_tell
from volunteers.services.assignments import hold_coming_dates
from volunteers.services.clearance_changes import follow_due_dates
from volunteers.services.clearance_traces import forget_orphaned_traces, forget_traces
from volunteers.services.match_requests import want_match_of
from volunteers.services.persons import lock_holdings, lock_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import pass_the_gate, require_verified
from volunteers.services.stand_ins import withdraw_questions_with_children
from volunteers.wording.stand_ins import Over
from volunteers.wording.withdrawals import not_asked_any_more


class CertificateRefused(Exception):
    """The certificate cannot be inspected; `reason` says why."""

    def __init__(self, reason: CertificateRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def record_clearance(placement: Placement, *, certificate_on: date, actor: Actor, now: datetime) -> bool:
    """Note that the certificate was seen and shows nothing relevant; the person may come if that was all.

    Returns False, changing nothing, if the placement does not wait for an inspection. Raises
    CertificateRefused for a certificate from the future or older than the configured months (RULES §1.1), and
    ProviderNotVerified.
    """
    refusal = clearance_rules().refusal(certificate_on, local_day(now))
    if refusal is not None:
        raise CertificateRefused(refusal)
    lock_person(placement.volunteer_id)
    rows = Placement.objects.select_related("volunteer__mailbox", "pledge", "opportunity__provider")
    placement = rows.get(pk=placement.pk)
    if not placement.awaits_clearance:
        return False
    require_verified(placement)
    Clearance.objects.update_or_create(
        volunteer_id=placement.volunteer_id,
        opportunity_id=placement.opportunity_id,
        defaults={"certificate_on": certificate_on},
    )
    pass_the_gate(placement.volunteer_id, actor=actor, now=now)
    return True


@transaction.atomic
def refuse_clearance(placement: Placement, *, actor: Actor, now: datetime, ask_no_more: bool = False) -> bool:
    """The placement does not come about: no certificate was shown, or one that speaks against it.

    Nothing is stored, what an earlier inspection left goes, and nothing tells the one from the other. Who is
    active is first made to wait, so that the history forgets whose decision it was. With `ask_no_more` the
    person is offered no other task with children, of no provider, nor are the rows joined with theirs, should
    they part; why, when and by whom is not kept. Returns False if nothing is to be inspected.
    """
    lock_holdings([placement.volunteer_id], now)
    placement = Placement.objects.select_related("role", "opportunity").get(pk=placement.pk)
    if placement.is_active and certificate_of(placement) is not None:
        move(
            placement,
            PLACEMENT_MOVES,
            Placement.Status.AWAITING_CLEARANCE,
            actor=actor,
            now=now,
            **NOT_PRESSED,
        )
        hold_coming_dates(placement, now)
    if not placement.awaits_clearance:
        return False
    Clearance.objects.filter(
        volunteer_id=placement.volunteer_id, opportunity_id=placement.opportunity_id
    ).delete()
    if ask_no_more:
        _with_joined(placement.volunteer_id).update(is_asked_with_children=False)
        take_back_with_children(placement.volunteer_id, now)
    return stop_placement(placement, reason=CancelReason.NOT_FITTING, actor=actor, now=now)


def _with_joined(volunteer_id: int) -> QuerySet[Volunteer]:
    """Return the person with the rows that are joined with theirs now."""
    joined = PersonMerge.objects.filter(kept=volunteer_id, undone_at=None)
    return Volunteer.objects.filter(Q(pk=volunteer_id) | Q(pk__in=joined.values("double")))


def take_back_with_children(volunteer_id: int, now: datetime) -> None:
    """Take back open questions about tasks with children, in the words of any other cause."""
    asked = Offer.objects.filter(
        pledge__volunteer_id=volunteer_id, role__contact_with_minors=True, status=Offer.Status.SENT
    )
    for offer in asked.select_related("pledge").order_by("opportunity_id"):
        withdraw_and_tell(offer, reason="does not fit any more", because=not_asked_any_more(), now=now)
    withdraw_questions_with_children(volunteer_id, Over.NOT_ASKED, now)


@transaction.atomic
def ask_again(volunteer: Volunteer, *, actor: Actor, now: datetime) -> bool:
    """Take "keine weiteren Anfragen" back; that it was done is on record, no reason.

    Returns False, changing nothing, if the person is asked already.
    """
    lock_person(volunteer.pk)
    silent = Volunteer.objects.filter(pk=volunteer.pk, is_asked_with_children=False)
    if not silent.update(is_asked_with_children=True):
        return False
    _with_joined(volunteer.pk).update(is_asked_with_children=True)
    note_act(volunteer, "questions", "again", actor=actor, now=now)
    for pledge in volunteer.pledges.all():
        want_match_of(pledge.pk, now)
    return True


def take_back_from_silent(opportunity_ids: Collection[int], now: datetime) -> None:
    """Take back what is asked for these tasks, by now with children, of whom none is offered."""
    asked = Offer.objects.filter(
        opportunity__in=opportunity_ids, role__contact_with_minors=True, status=Offer.Status.SENT
    )
    dates = StandInQuestion.objects.filter(
        search__absent__shift__opportunity__in=opportunity_ids,
        search__absent__role__contact_with_minors=True,
        status=StandInQuestion.Status.SENT,
    )
    reached = Q(pk__in=asked.values("pledge__volunteer")) | Q(pk__in=dates.values("pledge__volunteer"))
    silent = Volunteer.objects.filter(reached, is_asked_with_children=False).order_by("pk")
    for key in list(silent.values_list("pk", flat=True)):
        take_back_with_children(key, now)


def purge_clearances(now: datetime) -> int:
    """Delete what may not be kept: the person last came months ago, or never (§ 72a Abs. 5 SGB VIII).

    However the placement stands: who is active without having come for so long waits for an inspection again.
    """
    today, rules = local_day(now), clearance_rules()
    over = [key for key, use in inspected_uses(Clearance.objects.all()).items() if rules.is_over(use, today)]
    gone = sum(_let_go(volunteer_id, pk, today) for volunteer_id, pk in over)
    with transaction.atomic():
        forget_orphaned_traces()
    follow_due_dates(now)
    return gone


@transaction.atomic
def _let_go(volunteer_id: int, pk: int, today: date) -> bool:
    """Delete one row, if it still must go, and what tells of its inspection elsewhere."""
    lock_person(volunteer_id)
    row = Clearance.objects.filter(pk=pk)
    use = inspected_uses(row).get((volunteer_id, pk))
    if use is None or not clearance_rules().is_over(use, today):
        return False
    about = Placement.objects.filter(volunteer_id=volunteer_id, opportunity__in=row.values("opportunity_id"))
    placement_ids = list(about.values_list("pk", flat=True))
    row.delete()
    forget_traces(placement_ids)
    return True
