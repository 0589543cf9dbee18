"""What the audit trail reads of the history: doors of accounts, roles, invitations, reads and files."""

from django.db.models import BigIntegerField, CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import User
from foundation.models import Event
from programs.models import Invitation, Provider

Kind = Event.Kind
CLEARANCE_ROUTES = ("coordination_clearances", "coordination_clearance", "coordination")
"""Of "Heute" only the rows about inspections are on record."""
# Word for word the condition of the index `event_for_audit`.
_INDEXED = Q(kind__in=["access", "read"]) | Q(model__in=["invitation", "provider", "user"])

RIGHTS = Q(model="user", kind__in=[Kind.CREATED, Kind.CHANGED, Kind.DELETED])
ROLES = Q(model="provider", changes__has_key="membership")
INVITATIONS = Q(model="invitation")
SESSIONS = Q(kind=Kind.ACCESS, reason__in=["session_ended", "sessions_ended"])
DOORS = Q(kind=Kind.ACCESS) & ~SESSIONS
FILES = Q(kind=Kind.READ, changes__has_key="file")
CLEARANCES = Q(kind=Kind.READ, route__in=CLEARANCE_ROUTES)
READS = Q(kind=Kind.READ, changes__isnull=True) & ~CLEARANCES
_SHOWN = DOORS | SESSIONS | RIGHTS | ROLES | INVITATIONS | Q(kind=Kind.READ)


def audited() -> QuerySet[Event]:
    """Return the lines, the latest first, with the names of who acted and whom it was about."""
    rows = Event.objects.filter(_INDEXED).filter(_SHOWN).annotate(member_id=_member_id())
    return rows.annotate(
        actor_name=_name_of("actor_user"),
        account_name=_name_of("object_id"),
        member_name=_name_of("member_id"),
        provider_name=Subquery(Provider.objects.filter(pk=OuterRef("object_id")).values("name")),
        invited=Subquery(Invitation.objects.filter(pk=OuterRef("object_id")).values("email")),
    ).order_by("-at", "-id")


def of_person(rows: QuerySet[Event], user_id: int) -> QuerySet[Event]:
    """Return the lines in which somebody acted, or that are about their account or their roles."""
    return rows.filter(Q(actor_user=user_id) | Q(model="user", object_id=user_id) | Q(member_id=user_id))


def _member_id() -> Cast:
    """Return whose role a line is about, from what stood in the row after or before."""
    part = KeyTransform("membership", "changes")
    told = Coalesce(
        KeyTextTransform("user_id", KeyTransform("1", part)),
        KeyTextTransform("user_id", KeyTransform("0", part)),
    )
    return Cast(told, BigIntegerField())


def _name_of(column: str) -> Subquery:
    name = Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
    return Subquery(User.objects.filter(pk=OuterRef(column)).values_list(name))
