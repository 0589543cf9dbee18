"""What stands between people and their tasks: one way to ask, for one placement or for many."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from hashlib import md5
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import MD5, Cast, Concat

from programs.domain.activities import VersionStatus
from programs.models import Opportunity, Role
from volunteers.domain.gate import Gate, Need, signature_until
from volunteers.models import (
    Assignment,
    Clearance,
    GuardianConsent,
    MeaslesProof,
    Placement,
    SelfCommitment,
    Volunteer,
)
from volunteers.selectors.clearances import certificate_days, clearance_rules

_VERSION = "role__activity__current__"
_TASK = (
    "role__clearance_required",
    "opportunity__site_kind",
    f"{_VERSION}self_commitment",
    f"{_VERSION}measles_sites",
    f"{_VERSION}overnight",
)
_PERSON = ("volunteer__is_adult", "volunteer__born_in")


def site_key(opportunity: Opportunity) -> str:
    """Return the mark of the place at which a task is done; the database makes the same one."""
    text = f"{opportunity.provider_id}|{opportunity.site}"
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def gates_of(placements: QuerySet[Placement]) -> dict[int, Gate]:
    """Return what each of these placements asks for and has, in one query."""
    seen = Clearance.objects.filter(volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"))
    found = placements.order_by("pk").values(
        "pk",
        *_TASK,
        *_PERSON,
        certificate_on=Subquery(seen.values("certificate_on")[:1]),
        signed_on=_signed(),
        has_consent=_consent(),
        has_proof=_proof(),
    )
    return {row["pk"]: _gate(row, row["certificate_on"]) for row in found}


def gate_of(placement: Placement) -> Gate:
    """Return what this placement asks for and has."""
    return gates_of(Placement.objects.filter(pk=placement.pk))[placement.pk]


def gate_without_placement(volunteer: Volunteer, role: Role) -> Gate:
    """Return what is asked of somebody who comes for one date; a guardian's consent is for placements."""
    opportunity, version = role.opportunity, role.activity.current if role.activity else None
    seen = Clearance.objects.filter(volunteer=volunteer, opportunity=opportunity)
    signed = SelfCommitment.objects.filter(volunteer=volunteer, declaration__status=VersionStatus.IN_FORCE)
    proved = MeaslesProof.objects.filter(volunteer=volunteer, site_key=site_key(opportunity))
    row = {
        "role__clearance_required": role.clearance_required,
        "opportunity__site_kind": opportunity.site_kind,
        f"{_VERSION}self_commitment": version and version.self_commitment,
        f"{_VERSION}measles_sites": version and version.measles_sites,
        f"{_VERSION}overnight": version and version.overnight,
        "volunteer__is_adult": volunteer.is_adult,
        "volunteer__born_in": volunteer.born_in,
        "signed_on": signed.values_list("signed_on", flat=True).first(),
        "has_consent": False,
        "has_proof": proved.exists(),
    }
    return _gate(row, seen.values_list("certificate_on", flat=True).first())


def gates_without_placement(assignments: QuerySet[Assignment]) -> dict[int, Gate]:
    """Return what each of these asks of whoever comes for one date, and what they have, in one query."""
    task = "role__opportunity"
    seen = Clearance.objects.filter(volunteer=OuterRef("volunteer"), opportunity=OuterRef(task))
    found = assignments.order_by("pk").values(
        "pk",
        "role__clearance_required",
        f"{task}__site_kind",
        *_TASK[2:],
        *_PERSON,
        certificate_on=Subquery(seen.values("certificate_on")[:1]),
        signed_on=_signed(),
        has_proof=_proof(task),
    )
    return {
        row["pk"]: _gate(
            {**row, "opportunity__site_kind": row[f"{task}__site_kind"], "has_consent": False},
            row["certificate_on"],
        )
        for row in found
    }


def who_may_stand_in(role: Role, day: date) -> Q:
    """Return the filter for pledges of people who have brought what one date in this role asks for."""
    opportunity, version = role.opportunity, role.activity.current if role.activity else None
    found = Q(volunteer__is_adult=True)
    if role.clearance_required:
        rules = clearance_rules()
        days = certificate_days([opportunity.pk]).items()
        cleared = [person for (person, _task), seen_on in days if rules.counts(seen_on, day)]
        found &= Q(volunteer__in=cleared)
    if version and version.self_commitment:
        found &= Q(volunteer__in=_signed_since(day).values("volunteer"))
    if version and opportunity.site_kind in version.measles_sites:
        proved = MeaslesProof.objects.filter(site_key=site_key(opportunity))
        found &= Q(volunteer__in=proved.values("volunteer"))
    return found


def lacking(placements: QuerySet[Placement], today: date) -> QuerySet[Placement]:
    """Return those of `placements` for which something is missing today, up to a day too many.

    `Gate.missing` decides each.
    """
    signed = _signed_since(today).filter(volunteer=OuterRef("volunteer"))
    return placements.filter(
        _lacks_what_officers_see(today)
        | Q(~Exists(signed), **{f"{_VERSION}self_commitment": True})
        | Q(~_consent(), volunteer__is_adult=False)
    )


def lacking_for_officers(placements: QuerySet[Placement], today: date) -> QuerySet[Placement]:
    """Return those for which a certificate or the protection against measles is to be seen."""
    return placements.filter(_lacks_what_officers_see(today))


def _lacks_what_officers_see(today: date) -> Q:
    oldest = today - relativedelta(years=clearance_rules().renewal_years) + timedelta(days=1)
    counting = Clearance.objects.filter(
        volunteer=OuterRef("volunteer"), opportunity=OuterRef("opportunity"), certificate_on__gt=oldest
    )
    sites = {f"{_VERSION}measles_sites__contains": [F("opportunity__site_kind")]}
    return Q(~Exists(counting), role__clearance_required=True) | Q(~_proof(), **sites)


def missing_by_placement(placements: Collection[Placement], day: date) -> Mapping[int, list[Need]]:
    """Return what each of these lacks on that day."""
    gates = gates_of(Placement.objects.filter(pk__in=[each.pk for each in placements]))
    return {pk: gate.missing(day) for pk, gate in gates.items()}


def _gate(row: Mapping[str, Any], certificate_on: date | None) -> Gate:
    asks = {
        Need.CERTIFICATE: row["role__clearance_required"],
        Need.SELF_COMMITMENT: row[f"{_VERSION}self_commitment"],
        Need.MEASLES: row["opportunity__site_kind"] in (row[f"{_VERSION}measles_sites"] or ()),
    }
    signed_on = row["signed_on"]
    return Gate(
        asks=frozenset(need for need, holds in asks.items() if holds),
        is_adult=row["volunteer__is_adult"],
        born_in=row["volunteer__born_in"],
        over_night=bool(row[f"{_VERSION}overnight"]),
        certificate_until=certificate_on and clearance_rules().due_on(certificate_on),
        signature_until=signed_on and signature_until(signed_on, settings.SELF_COMMITMENT_YEARS),
        has_consent=row["has_consent"],
        has_measles_proof=row["has_proof"],
    )


def _signed_since(day: date) -> QuerySet[SelfCommitment]:
    """Return the signatures that count on that day; one of 29 February ends with the 27th like its gate."""
    years = settings.SELF_COMMITMENT_YEARS
    oldest = day - relativedelta(years=years)
    if signature_until(oldest + timedelta(days=1), years) <= day:
        oldest += timedelta(days=1)
    return SelfCommitment.objects.filter(declaration__status=VersionStatus.IN_FORCE, signed_on__gt=oldest)


def _signed() -> Subquery:
    rows = SelfCommitment.objects.filter(
        volunteer=OuterRef("volunteer"), declaration__status=VersionStatus.IN_FORCE
    )
    return Subquery(rows.values("signed_on")[:1])


def _consent() -> Exists:
    return Exists(
        GuardianConsent.objects.filter(
            placement=OuterRef("pk"), given_at__isnull=False, withdrawn_at__isnull=True
        )
    )


def _proof(task: str = "opportunity") -> Exists:
    """Whether a proof was seen at the place of a task, by the way from the row to it."""
    text = Concat(Cast(OuterRef(f"{task}__provider"), CharField()), Value("|"), OuterRef(f"{task}__site"))
    return Exists(MeaslesProof.objects.filter(volunteer=OuterRef("volunteer"), site_key=MD5(text)))
