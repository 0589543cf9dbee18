"""Ways to a pledge: through the form as a visitor, or straight through the services."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from citizens.services.mailboxes import mailbox_for
from foundation.times_of_week import WeeklyTime
from outbox.models import Message
from programs.models import Declaration, Opportunity, Role
from programs.services.places import free_places_locked, hold_places, take_place
from tests.factories import make_declaration, role_of
from volunteers.models import GuardianConsent, Offer, Placement, TimePledge, Volunteer
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes

TUESDAY_AFTERNOON = WeeklyTime(1, 15 * 60, 18 * 60)
WISHES = {
    "fields_wanted": ["education"],
    "times": ["1-afternoon"],
    "hours_per_week": "2",
    "max_distance_km": "5",
}


def wishes_query(**changes: Any) -> dict[str, Any]:
    """Return the answers of the first two screens."""
    return {**WISHES, **changes}


def who(**changes: Any) -> dict[str, Any]:
    """Return the answers of the last screen as a new form each time."""
    return {
        "submission": str(uuid4()),
        "first_name": "Maria",
        "email": "maria@example.org",
        "is_adult": "adult",
        **changes,
    }


def taken_answers(**changes: Any) -> dict[str, Any]:
    """Return what a coordinator types of somebody without an e-mail address, as a new form each time."""
    return {
        **WISHES,
        "submission": str(uuid4()),
        "came_by": "phone",
        "first_name": "Hedwig",
        "last_name": "Kremer",
        "phone": "02421 445566",
        "email": "",
        "street": "Weierstraße 7",
        "postcode": "52349",
        "town": "Düren",
        "is_adult": "adult",
        "consent_on": "2026-01-07",
        "consents": "on",
        **changes,
    }


def send_pledge(client: Client, query: dict[str, Any] | None = None, **answers: Any) -> Any:
    """Post the last screen as a visitor does."""
    extra = {"REMOTE_ADDR": answers.pop("address")} if "address" in answers else {}
    return client.post(
        reverse("pledge_time_who"), who(**answers), query_params=query or wishes_query(), **extra
    )


def make_pledge(
    now: datetime,
    *,
    email: str = "maria@example.org",
    first_name: str = "Maria",
    times: Sequence[WeeklyTime] = (TUESDAY_AFTERNOON,),
    wanted: Opportunity | Role | None = None,
    group_name: str = "",
    heads: int = 1,
    **wishes: Any,
) -> TimePledge:
    """Make an open pledge of a confirmed person or group; of a wanted task its only role is meant."""
    if isinstance(wanted, Opportunity):
        wanted = role_of(wanted)
    person = Person(first_name=first_name, email=email, group_name=group_name, heads=heads)
    pledge = record_pledge(person, Wishes(times=times, **wishes), now=now, wanted=wanted)
    assert confirm_pledge(pledge, now=now)
    return pledge


def make_group(now: datetime, heads: int, *, name: str = "Chor St. Anna", **values: Any) -> TimePledge:
    """Make an open pledge of a confirmed group."""
    return make_pledge(now, **{"group_name": name, "heads": heads, "email": "chor@example.org", **values})


def make_sent_offer(
    pledge: TimePledge, opportunity: Opportunity, now: datetime, *, role: Role | None = None, **values: Any
) -> Offer:
    """Make a question that waits for an answer and holds its place, of a group one for each head."""
    role, heads = role if role else role_of(opportunity), pledge.volunteer.heads
    with transaction.atomic():
        assert free_places_locked([role.pk])[role.pk] >= heads
        hold_places({role.pk: heads})
    defaults = {"sent_at": now, "expires_at": now + timedelta(days=5), "heads": heads}
    return Offer.objects.create(
        pledge=pledge,
        role=role,
        status=Offer.Status.SENT,
        status_changed_at=now,
        created_at=now,
        **{**defaults, **values},
    )


def make_placement(
    pledge: TimePledge,
    opportunity: Opportunity,
    now: datetime,
    status: str,
    *,
    role: Role | None = None,
    **values: Any,
) -> Placement:
    """Make a placement that has its places; to one of a minor that is active a guardian agreed."""
    role, heads = role if role else role_of(opportunity), pledge.volunteer.heads
    assert take_place(role.pk, heads)
    needs_consent = status == "active" and not pledge.volunteer.is_adult
    placement = Placement.objects.create(
        volunteer=pledge.volunteer,
        pledge=pledge,
        role=role,
        heads=heads,
        status="awaiting_clearance" if needs_consent else status,
        status_changed_at=now,
        created_at=now,
        calendar_uid=str(uuid4()),
        **values,
    )
    if needs_consent:
        make_consent(placement, now)
        Placement.objects.filter(pk=placement.pk).update(status=status)
        placement.refresh_from_db()
    return placement


def take_places(task: Opportunity, contacts: int, now: datetime, *, heads: int = 1) -> None:
    """Let so many contacts more, groups of `heads` if several, have places of the only role of a task.

    They count nowhere else: what they pledged is not confirmed.
    """
    role, mailbox = role_of(task), mailbox_for("wer-kommt@example.org", now)
    assert take_place(role.pk, contacts * heads)
    people = Volunteer.objects.bulk_create(
        Volunteer(
            first_name="Alex",
            mailbox=mailbox,
            is_adult=True,
            heads=heads,
            group_name="" if heads == 1 else f"Gruppe {number}",
            created_at=now,
        )
        for number in range(contacts)
    )
    pledges = TimePledge.objects.bulk_create(
        TimePledge(volunteer=each, status_changed_at=now, created_at=now) for each in people
    )
    Placement.objects.bulk_create(
        Placement(
            volunteer=pledge.volunteer,
            pledge=pledge,
            role=role,
            opportunity=task,
            heads=heads,
            status="awaiting_confirmation",
            status_changed_at=now,
            created_at=now,
            calendar_uid=str(uuid4()),
        )
        for pledge in pledges
    )


def end_without_a_word(placement: Placement, status: str = "ended", **values: Any) -> None:
    """Write that a placement is over and its dates are free, without all that the service does beside it."""
    with transaction.atomic():
        placement.assignments.filter(status__in=["confirmed", "on_hold"]).update(status="cancelled")
        Placement.objects.filter(pk=placement.pk).update(status=status, **values)


def make_consent(placement: Placement, now: datetime) -> GuardianConsent:
    """Make the consent of a guardian that holds."""
    kind = "einverstaendnis"
    text = Declaration.objects.filter(kind=kind, status="in_force").first() or make_declaration(kind)
    return GuardianConsent.objects.create(
        placement=placement,
        mailbox=mailbox_for("eltern@example.org", now),
        asked_at=now,
        name="Eva Beispiel",
        declaration=text,
        given_at=now,
    )


def mails(template: str) -> QuerySet[Message]:
    """Return the mails of that kind, oldest first."""
    return Message.objects.filter(template=template).order_by("pk")


def link_in(message: Message, below: str) -> str:
    """Return the path of the first link in the mail that begins with `below`."""
    found = re.search(rf"https?://[^/\s]+({re.escape(below)}\S+)", message.body_text)
    assert found is not None, message.body_text
    return found[1]


def feed_in(message: Message) -> str:
    """Return the path of the calendar feed in the mail, which stands in both of its forms."""
    path = link_in(message, "/termine/")
    assert path in message.body_html
    return path


def rows() -> dict[str, int]:
    """Return how many people, pledges and mails there are."""
    return {
        "people": Volunteer.objects.count(),
        "pledges": TimePledge.objects.count(),
        "mails": Message.objects.count(),
    }
