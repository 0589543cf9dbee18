"""Plain functions that make rows for tests; every value that matters to a test is given by the test."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from foundation.actors import staff
from foundation.history import note_transition
from foundation.times_of_week import WeeklyTime
from foundation.transitions import move
from programs.domain.choices import Field
from programs.domain.published import Published
from programs.domain.rhythms import Rhythm, every_week
from programs.domain.states import OPPORTUNITY_MOVES
from programs.models import (
    Activity,
    ActivityVersion,
    Declaration,
    District,
    Fund,
    FundUpdate,
    Membership,
    Notice,
    Opportunity,
    Program,
    Provider,
    Role,
    Shift,
    ShiftRole,
    TextDraft,
)
from programs.services.seats import make_seats
from programs.services.series import change_series, write_series

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Slot = tuple[int, int, int]
TUESDAY_AFTERNOON: Slot = (1, 15 * 60, 16 * 60 + 30)

_numbers = itertools.count(1)


def make_district(
    name: str = "", *, latitude: float = 50.8, longitude: float = 6.48, **values: Any
) -> District:
    """Make a Stadtteil, a small square around its point."""
    number = next(_numbers)
    name = name or f"Stadtteil {number}"
    defaults: dict[str, Any] = {
        "slug": f"stadtteil-{number}",
        "geometry": {
            "type": "Polygon",
            "coordinates": [
                [
                    [longitude - 0.01, latitude - 0.01],
                    [longitude + 0.01, latitude - 0.01],
                    [longitude + 0.01, latitude + 0.01],
                    [longitude - 0.01, latitude + 0.01],
                    [longitude - 0.01, latitude - 0.01],
                ]
            ],
        },
        "tile_column": number % 5,
        "tile_row": number // 5,
    }
    return District.objects.create(
        name=name, latitude=latitude, longitude=longitude, **{**defaults, **values}
    )


def make_provider(name: str = "", **values: Any) -> Provider:
    """Make a verified Träger that may publish tasks with contact to minors."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"traeger-{number}",
        "kind": Provider.Kind.WELFARE,
        "is_verified": True,
        "protection_concept_on": date(2025, 1, 15),
        "protection_concept_review_on": date(2100, 1, 15),
        "safeguarding_contact": "Kinderschutz-Team, Tel. 02421 000000",
        "coordination_email": f"koordination-{number}@traeger.example",
    }
    return Provider.objects.create(name=name or f"Träger {number}", **{**defaults, **values})


def make_youth_office(name: str = "Jugendamt", **values: Any) -> Provider:
    """Make the provider whose coordinators see the whole city."""
    return make_provider(name, kind=Provider.Kind.CITY, is_youth_office=True, **values)


def make_user(
    role: Membership.Role | None = None, provider: Provider | None = None, *, email: str = "", **values: Any
) -> User:
    """Make a person who can sign in; with `role` and `provider` also their membership."""
    user = User.objects.create_user(email or f"person-{next(_numbers)}@example.org", password=None, **values)
    if role is not None and provider is not None:
        Membership.objects.create(user=user, provider=provider, role=role)
    return user


@transaction.atomic
def make_news(fund: Fund, title: str = "Zehn Ranzen gekauft", **values: Any) -> FundUpdate:
    """Make news of a purpose that everybody reads."""
    defaults = {"text": f"{title}!", "published_on": date(2026, 3, 1), "is_shown": True}
    news = FundUpdate.objects.create(fund=fund, title=title, **{**defaults, **values})
    release_first_words(Published.NEWS, news)
    return news


def make_coordinator(provider: Provider, **values: Any) -> User:
    """Make a person who coordinates for `provider`."""
    return make_user(Membership.Role.COORDINATOR, provider, **values)


@transaction.atomic
def make_program(name: str = "", *, districts: Iterable[District] = (), **values: Any) -> Program:
    """Make an Angebot that the directory lists."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"angebot-{number}",
        "description": "Ein offener Treff für alle.",
        "source": "Testquelle",
        "confidence": Program.Confidence.HIGH,
    }
    program = Program.objects.create(name=name or f"Angebot {number}", **{**defaults, **values})
    program.districts.set(districts)
    release_first_words(Published.PROGRAM, program)
    return program


@transaction.atomic
def make_activity(name: str = "", *, slug: str = "", **facts: Any) -> Activity:
    """Make a Tätigkeit that holds and nobody has confirmed; by default it asks for a certificate."""
    number = next(_numbers)
    version = ActivityVersion(
        number=1,
        status="in_force",
        status_changed_at=START,
        **{
            "name": name or f"Tätigkeit {number}",
            "explanation": "Mit Kindern.",
            "reasons": "Geprüft.",
            "source": "Test, 2026",
            "answers": {"art_trust": 1},
            **facts,
        },
    )
    activity = Activity.objects.create(
        slug=slug or f"taetigkeit-{number}",
        contact_with_minors=version.contact_with_minors,
        clearance_required=version.clearance_required,
    )
    version.activity = activity
    version.save()
    activity.current = version
    activity.save()
    return activity


@transaction.atomic
def decide_anew(activity: Activity, **facts: Any) -> ActivityVersion:
    """Let another version of a Tätigkeit hold that differs in `facts`, as two people of the office do."""
    before = activity.versions.latest("number")
    activity.versions.filter(status="in_force").update(status="replaced")
    version = ActivityVersion.objects.create(
        activity=activity,
        number=before.number + 1,
        status="in_force",
        status_changed_at=START,
        released_at=START,
        **{name: getattr(before, name) for name in ActivityVersion.FACTS} | facts,
    )
    activity.current = version
    activity.contact_with_minors = version.contact_with_minors
    activity.clearance_required = version.clearance_required
    activity.save()
    return version


def make_declaration(kind: str = "selbstverpflichtung", **values: Any) -> Declaration:
    """Make the version of an Erklärung that is signed today; by default the one nobody has confirmed."""
    defaults: dict[str, Any] = {"number": 1, "text": "Ich achte jedes Kind.", "source": "Test, 2026"}
    return Declaration.objects.create(
        kind=kind, status="in_force", status_changed_at=START, **{**defaults, **values}
    )


def asking(*, clearance: bool, contact: bool = True) -> dict[str, Any]:
    """Return the columns of a task whose activity asks for this; one activity each is enough."""
    asked: dict[str, Any] = {"contact_with_minors": contact, "clearance_required": clearance}
    slug = f"fragt-{contact}-{clearance}".lower()
    found = Activity.objects.filter(slug=slug, **asked).first()
    return {"activity": found or make_activity(slug=slug, **asked), **asked}


ROLE_COLUMNS = {each.name for each in Role._meta.fields} - {"id", "opportunity", "name"}


def make_role(opportunity: Opportunity, name: str = "", *, places: int = 1, **values: Any) -> Role:
    """Make a role of a task; by default it asks for a certificate."""
    if (activity := values.get("activity")) is not None:
        values |= {name: getattr(activity, name) for name in ("contact_with_minors", "clearance_required")}
    elif "activity" not in values:
        values |= asking(
            clearance=values.pop("clearance_required", True), contact=values.pop("contact_with_minors", True)
        )
    role = Role.objects.create(opportunity=opportunity, name=name, places=places, **values)
    make_seats([opportunity.pk], START)
    return role


def role_of(opportunity: Opportunity) -> Role:
    """Return the only role of a task, as it is now."""
    return Role.objects.get(opportunity=opportunity)


def occupied(opportunity: Opportunity) -> int:
    """Return how many places of a task people have or are kept for somebody who is asked, as it is now."""
    roles = Role.objects.filter(opportunity=opportunity)
    return sum(role.places_taken + role.places_held for role in roles)


@transaction.atomic
def make_opportunity(
    title: str = "",
    *,
    provider: Provider | None = None,
    district: District | None = None,
    slots: Iterable[Slot] = (TUESDAY_AFTERNOON,),
    status: str = Opportunity.Status.PUBLISHED,
    **values: Any,
) -> Opportunity:
    """Make an Engagementangebot with weekly times (weekday, start_minute, end_minute) and one role."""
    number = next(_numbers)
    district = district or make_district()
    defaults: dict[str, Any] = {
        "slug": f"engagement-{number}",
        "task": "Sie lesen einer kleinen Gruppe vor.",
        "field": Field.EDUCATION,
        "site": "Stadtteilhaus",
        "latitude": district.latitude,
        "longitude": district.longitude,
        "starts_on": START.date(),
        "status_changed_at": START,
    }
    need = {name: values.pop(name) for name in ROLE_COLUMNS & values.keys()}
    opportunity = Opportunity.objects.create(
        title=title or f"Vorlesen {number}",
        provider=provider or make_provider(),
        district=district,
        status=status,
        **{**defaults, **values},
    )
    if status in (Opportunity.Status.PUBLISHED, Opportunity.Status.PAUSED):
        note_release(opportunity)
    make_role(opportunity, **need)
    write_series(opportunity, weekly(slots))
    return opportunity


def note_release(opportunity: Opportunity) -> None:
    """Write into the history that somebody who wrote none of its words has released it."""
    reader, _is_new = User.objects.get_or_create(email="liest-gegen@example.org")
    note_transition(
        opportunity,
        from_status="in_review",
        to_status="published",
        reason="",
        actor=staff(reader.pk, Membership.Role.COORDINATOR),
        now=opportunity.status_changed_at,
    )


def release_first_words(about: str, row: Model) -> None:
    """Let a second person have released what a row of that kind says."""
    TextDraft.objects.create(
        about=about, row_id=row.pk, is_new=True, status="in_force", status_changed_at=START, released_at=START
    )


def publish(opportunity: Opportunity) -> None:
    """Let somebody release a task that is a draft or waits, whatever is said of it."""
    reader = staff(make_user().pk, Membership.Role.COORDINATOR)
    if opportunity.is_draft:
        assert move(opportunity, OPPORTUNITY_MOVES, "in_review", actor=reader, now=START)
    assert move(opportunity, OPPORTUNITY_MOVES, "published", actor=reader, now=START)


def weekly(slots: Iterable[Slot]) -> list[Rhythm]:
    """Return the rhythms of weekly times (weekday, start_minute, end_minute)."""
    return [every_week(WeeklyTime(weekday, start, end)) for weekday, start, end in slots]


def retime(opportunity: Opportunity, slots: Iterable[Slot], now: datetime) -> None:
    """Give a task other weekly times, as the form does."""
    change_series(opportunity, weekly(slots), now=now)


def make_notice(about: str, row_id: int, now: datetime, **values: Any) -> Notice:
    """Make an open Meldung about the row of that kind."""
    defaults: dict[str, Any] = {
        "ground": "wrong",
        "text": "Die Uhrzeit stimmt nicht.",
        "digest": f"{next(_numbers)}",
        "status_changed_at": now,
        "filed_at": now,
    }
    return Notice.objects.create(about=about, row_id=row_id, **{**defaults, **values})


def make_shift(opportunity: Opportunity, starts_at: datetime, *, minutes: int = 90, **values: Any) -> Shift:
    """Make a Termin of `minutes` length, with the places of its roles or so many (`places`) in each."""
    places = values.pop("places", None)
    shift = Shift.objects.create(
        opportunity=opportunity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        **values,
    )
    make_seats([opportunity.pk], starts_at)
    if places is not None:
        shift.seats.update(places=places)
    return shift


def seats_of(shift_id: int) -> ShiftRole:
    """Return the seats of a date whose task has one role, as they are now."""
    return ShiftRole.objects.get(shift=shift_id)


@transaction.atomic
def make_fund(name: str = "", *, provider: Provider | None = None, **values: Any) -> Fund:
    """Make an open Spendenzweck."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"spendenzweck-{number}",
        "purpose": "Ranzen für den Schulanfang.",
        "fallback_purpose": "Kommt mehr zusammen, verwenden wir es für andere Angebote gegen Kinderarmut.",
    }
    fund = Fund.objects.create(
        name=name or f"Spendenzweck {number}", provider=provider or make_provider(), **{**defaults, **values}
    )
    release_first_words(Published.PURPOSE, fund)
    return fund
