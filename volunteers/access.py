"""Who may see and change what volunteers give: the one way to every object of this app.

Citizens come by signed link, for coordinators `programs.access` tells how far they reach.
"""

from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from accounts.models import User
from citizens.access import subject_of
from citizens.domain.links import LinkKind
from citizens.models import Mailbox
from citizens.services.pages import Opened, open_page
from foundation.links import LinkNotValid
from programs.access import sees_whole_city, within_reach
from programs.models import Membership, Opportunity
from programs.selectors.visibility import public_opportunities
from volunteers.domain.links import (
    CONFIRM_PLEDGE,
    GUARDIAN,
    LEAVE_PLACEMENT,
    OFFER,
    PERSON_CALENDAR,
    PLACEMENT_CALENDAR,
    PLACEMENT_LETTER,
    PLACEMENT_STEPS,
    STAND_IN,
    WITHDRAW_PLEDGE,
)
from volunteers.models import (
    Assignment,
    Contact,
    GuardianConsent,
    Offer,
    PersonMerge,
    Placement,
    StandInQuestion,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.people import people_at
from volunteers.selectors.pledges import running_pledges

PART = "zeit"
Row = TypeVar("Row")


def access_own_page(token: str, now: datetime) -> Opened:
    """Return what a link to "Meine Seite" opens, if it reaches time. Raises LinkNotValid or LinkExpired."""
    return open_page(token, now, part=PART)


def access_volunteer(mailbox: Mailbox, pk: int) -> Volunteer:
    """Return a confirmed person of that mailbox. Raises Http404."""
    return _within_reach(people_at(mailbox).select_related("mailbox").filter(pk=pk).first())


def access_own_pledge(mailbox: Mailbox, pk: int, *, even_if_withdrawn: bool = False) -> TimePledge:
    """Return a pledge of that mailbox which is not over; if asked for, one withdrawn. Raises Http404."""
    found = running_pledges(mailbox)
    if even_if_withdrawn:
        found |= TimePledge.objects.filter(volunteer__mailbox=mailbox, status=TimePledge.Status.WITHDRAWN)
    found = found.select_related("volunteer__mailbox", "wanted_opportunity", "wanted_role")
    return _within_reach(found.filter(pk=pk).first())


def access_own_placement(mailbox: Mailbox, pk: int, *, even_if_over: bool = False) -> Placement:
    """Return a placement of that mailbox, if not asked for otherwise one that is not over. Raises Http404."""
    own = Placement.objects.filter(volunteer__mailbox=mailbox)
    found = own if even_if_over else own.filter(status__in=Placement.HOLDING)
    return _within_reach(found.select_related("opportunity", "role").filter(pk=pk).first())


def access_own_assignment(mailbox: Mailbox, pk: int) -> Assignment:
    """Return a date of somebody of that mailbox, unless its placement is over. Raises Http404."""
    own = Assignment.objects.filter(
        Q(placement=None) | Q(placement__status__in=Placement.HOLDING), volunteer__mailbox=mailbox
    )
    return _within_reach(own.select_related("placement", "shift").filter(pk=pk).first())


def access_pledge_to_confirm(token: str, now: datetime) -> TimePledge:
    """Return the pledge of a confirmation link, confirmed or not. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(CONFIRM_PLEDGE, token, now)
    over = [TimePledge.Status.WITHDRAWN, TimePledge.Status.ENDED, TimePledge.Status.LAPSED]
    pledges = TimePledge.objects.select_related("volunteer__mailbox", "wanted_opportunity", "home_district")
    pledge = _found(pledges.exclude(status__in=over).filter(pk=subject.pk).first())
    subject.check(pledge.volunteer.mailbox)
    return pledge


def access_pledge_to_confirm_again(token: str, now: datetime) -> TimePledge:
    """Return the pledge of a confirmation link, old or not, that still waits. Raises LinkNotValid."""
    subject = subject_of(CONFIRM_PLEDGE, token, now, even_if_over=True)
    waiting = TimePledge.objects.filter(pk=subject.pk, status=TimePledge.Status.UNCONFIRMED)
    pledge = _found(waiting.select_related("volunteer__mailbox").first())
    subject.check(pledge.volunteer.mailbox)
    return pledge


def access_pledge_to_withdraw(token: str, now: datetime) -> TimePledge:
    """Return the pledge that a mailed step withdraws, over or not. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(WITHDRAW_PLEDGE, token, now)
    pledge = _found(TimePledge.objects.select_related("volunteer__mailbox").filter(pk=subject.pk).first())
    subject.check(pledge.volunteer.mailbox)
    return pledge


def access_wanted_opportunity(slug: str) -> Opportunity:
    """Return the published opportunity somebody wants to help with. Raises Http404."""
    opportunity = public_opportunities().prefetch_related("series", "roles").filter(slug=slug).first()
    if opportunity is None:
        raise Http404
    return opportunity


def access_offer(token: str, now: datetime) -> Offer:
    """Return the offer of an answer link. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(OFFER, token, now)
    offers = Offer.objects.select_related(
        "pledge__volunteer__mailbox", "role", "opportunity__provider", "opportunity__district", "placement"
    )
    offer = _found(offers.filter(pk=subject.pk).first())
    subject.check(offer.pledge.volunteer.mailbox)
    return offer


def access_stand_in_question(token: str, now: datetime) -> StandInQuestion:
    """Return the question to stand in of an answer link. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(STAND_IN, token, now)
    questions = StandInQuestion.objects.select_related(
        "assignment",
        "pledge__volunteer__mailbox",
        "search__absent__role",
        "search__absent__shift__opportunity__provider",
        "search__absent__shift__opportunity__district",
    )
    question = _found(questions.filter(pk=subject.pk).first())
    subject.check(question.pledge.volunteer.mailbox)
    return question


def access_person_calendar(token: str, now: datetime) -> Volunteer:
    """Return the person of a calendar feed. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(PERSON_CALENDAR, token, now)
    confirmed = Volunteer.objects.filter(confirmed_at__isnull=False, erased_at__isnull=True)
    volunteer = _found(confirmed.select_related("mailbox").filter(pk=subject.pk).first())
    subject.check(volunteer.mailbox)
    return volunteer


def access_placement_calendar(token: str, now: datetime) -> Placement:
    """Return the placement of a calendar link. Raises LinkNotValid or LinkExpired."""
    return _placement_of(PLACEMENT_CALENDAR, token, now)


def _placement_of(kind: LinkKind, token: str, now: datetime) -> Placement:
    subject = subject_of(kind, token, now)
    placements = Placement.objects.select_related(
        "volunteer__mailbox", "pledge", "role", "opportunity__provider"
    )
    placement = _found(placements.filter(pk=subject.pk).first())
    subject.check(placement.volunteer.mailbox)
    return placement


def _found(row: Row | None) -> Row:
    if row is None:
        raise LinkNotValid
    return row


def access_placement_letter(token: str, now: datetime) -> Placement:
    """Return the placement of a letter link. Raises LinkNotValid or LinkExpired."""
    return _placement_of(PLACEMENT_LETTER, token, now)


def access_placement_steps(token: str, now: datetime) -> Placement:
    """Return the placement whose steps a link opens. Raises LinkNotValid or LinkExpired."""
    placement = _placement_of(PLACEMENT_STEPS, token, now)
    if not placement.holds_place:
        raise LinkNotValid
    return placement


def access_placement_to_leave(token: str, now: datetime) -> Placement:
    """Return the placement that a mailed step ends, over or not. Raises LinkNotValid or LinkExpired."""
    return _placement_of(LEAVE_PLACEMENT, token, now)


def access_consent(token: str, now: datetime) -> GuardianConsent:
    """Return what a guardian was asked for, until the minor gives another address.

    Raises LinkNotValid or LinkExpired.
    """
    return access_dated_consent(token, now)[0]


def access_dated_consent(token: str, now: datetime) -> tuple[GuardianConsent, datetime]:
    """Return the same with the moment at which the link was sent. Raises LinkNotValid or LinkExpired."""
    subject = subject_of(GUARDIAN, token, now)
    consents = GuardianConsent.objects.select_related(
        "mailbox",
        "declaration",
        "placement__role",
        "placement__volunteer__mailbox",
        "placement__opportunity__provider",
    )
    consent = _found(consents.filter(pk=subject.pk).first())
    subject.check(consent.mailbox)
    return consent, subject.issued_at


def access_person(user: User | AnonymousUser, pk: int) -> Volunteer:
    """Return a person to the youth office; to a provider after their yes, while they are there.

    Raises Http404.
    """
    people = Volunteer.objects.select_related("mailbox").filter(
        pk=pk, confirmed_at__isnull=False, erased_at__isnull=True
    )
    if not sees_whole_city(user):
        there = Placement.objects.filter(
            within_reach(user, "opportunity__provider"),
            volunteer=OuterRef("pk"),
            status__in=Placement.HOLDING,
        )
        people = people.filter(Exists(there))
    return _within_reach(people.first())


def access_running_pledge(user: User | AnonymousUser, pk: int) -> TimePledge:
    """Return a running pledge to the youth office, to nobody else. Raises Http404."""
    pledges = TimePledge.objects.select_related("volunteer__mailbox", "wanted_opportunity__provider")
    running = [TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED]
    found = pledges.filter(pk=pk, status__in=running).first() if sees_whole_city(user) else None
    return _within_reach(found)


def access_own_call(user: User, pk: int) -> Contact:
    """Return a call that `user` has noted. Raises Http404."""
    calls = Contact.objects.exclude(outcome="").select_related("pledge")
    return _within_reach(calls.filter(noted_by=user, pk=pk).first())


def access_own_note(user: User, pk: int) -> Contact:
    """Return a note that `user` has made. Raises Http404."""
    return _within_reach(Contact.objects.filter(noted_by=user, pk=pk, outcome="").first())


def access_merge(user: User | AnonymousUser, pk: int) -> PersonMerge:
    """Return a merge of two people to the youth office, to nobody else. Raises Http404."""
    merges = PersonMerge.objects.select_related("kept", "double").filter(pk=pk)
    return _within_reach(merges.first() if sees_whole_city(user) else None)


def access_coordinated_offer(user: User | AnonymousUser, pk: int) -> Offer:
    """Return an offer for a task within `user`'s reach. Raises Http404."""
    offers = Offer.objects.select_related("pledge__volunteer", "role", "opportunity__provider")
    return _within_reach(offers.filter(within_reach(user, "opportunity__provider"), pk=pk).first())


def access_placement(user: User | AnonymousUser, pk: int) -> Placement:
    """Return a placement at a task within `user`'s reach. Raises Http404."""
    return _placement(user, pk, Membership.Role.COORDINATOR)


def access_placement_to_inspect(user: User | AnonymousUser, pk: int) -> Placement:
    """Return a placement to the safeguarding officer of its very provider, to nobody else. Raises Http404."""
    return _placement(user, pk, Membership.Role.SAFEGUARDING_OFFICER)


def is_officer_of(user: User | AnonymousUser, placement: Placement) -> bool:
    """Whether `user` is the one who inspects the certificate for `placement`."""
    reach = within_reach(user, "opportunity__provider", Membership.Role.SAFEGUARDING_OFFICER)
    return Placement.objects.filter(reach, pk=placement.pk).exists()


def access_silenced_person(pk: int) -> Volunteer:
    """Return somebody whom no task with children is offered. Raises Http404."""
    people = Volunteer.objects.filter(pk=pk, is_asked_with_children=False, erased_at__isnull=True)
    return _within_reach(people.first())


def access_assignment(user: User | AnonymousUser, pk: int) -> Assignment:
    """Return an assignment at a task within `user`'s reach. Raises Http404."""
    assignments = Assignment.objects.select_related("placement__volunteer", "shift")
    reach = within_reach(user, "shift__opportunity__provider")
    return _within_reach(assignments.filter(reach, pk=pk).first())


def _placement(user: User | AnonymousUser, pk: int, role: Membership.Role) -> Placement:
    placements = Placement.objects.select_related(
        "volunteer__mailbox", "pledge", "offer", "role", "opportunity__provider", "opportunity__district"
    )
    return _within_reach(placements.filter(within_reach(user, "opportunity__provider", role), pk=pk).first())


def _within_reach(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
