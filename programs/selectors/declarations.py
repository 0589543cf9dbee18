"""What people sign: the version that holds, the one being written, and those before."""

from django.db.models import QuerySet

from programs.domain.activities import VersionStatus
from programs.domain.declarations import DeclarationKind
from programs.models import Declaration


def declaration_in_force(kind: DeclarationKind) -> Declaration | None:
    """Return the version that is signed today; None before there is one."""
    return Declaration.objects.filter(kind=kind, status=VersionStatus.IN_FORCE).first()


def declaration_draft(kind: DeclarationKind) -> Declaration | None:
    """Return the version that is being written."""
    return Declaration.objects.filter(kind=kind, status=VersionStatus.DRAFT).first()


def declaration_versions(kind: DeclarationKind) -> QuerySet[Declaration]:
    """Return all versions, the newest first."""
    return Declaration.objects.filter(kind=kind).select_related("released_by").order_by("-number")


def declarations_in_force() -> dict[str, Declaration]:
    """Return what is signed today, by kind."""
    return {each.kind: each for each in Declaration.objects.filter(status=VersionStatus.IN_FORCE)}
