"""Whose daily work a provider is today: who owns it, who stands in for them, who is away."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from programs.models import Absence, Membership, Provider


def is_away(user: User, today: date) -> bool:
    """Whether that person is away today."""
    return Absence.objects.filter(user=user, from_on__lte=today, until_on__gte=today).exists()


def looked_after_by_others(user: User, role: str, today: date) -> QuerySet[Provider]:
    """Return the providers for which `user` is only a deputy in `role` while somebody else is there."""
    acting = Membership.objects.filter(role=role, provider=OuterRef("pk"))
    mine = acting.filter(user=user)
    deputy = Exists(mine.filter(is_deputy=True)) & ~Exists(mine.filter(is_deputy=False))
    return Provider.objects.filter(deputy, Exists(_present(acting, today).filter(is_deputy=False)))


def left_alone(role: str, today: date) -> QuerySet[Provider]:
    """Return the providers for which people act in `role` but none of them is there today."""
    acting = Membership.objects.filter(role=role, provider=OuterRef("pk"), user__is_active=True)
    return Provider.objects.filter(Exists(acting), ~Exists(_present(acting, today)))


def _present(acting: QuerySet[Membership], today: date) -> QuerySet[Membership]:
    away = Absence.objects.filter(user=OuterRef("user"), from_on__lte=today, until_on__gte=today)
    return acting.filter(~Exists(away), user__is_active=True)


def coming_absences(user: User, today: date) -> QuerySet[Absence]:
    """Return when that person is or will be away, the soonest first."""
    return Absence.objects.filter(user=user, until_on__gte=today)


def who_covers(user: User, today: date) -> list[User]:
    """Return the people who are there today for what `user` does, by name."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    away = Absence.objects.filter(user=OuterRef("pk"), from_on__lte=today, until_on__gte=today)
    same = Membership.objects.filter(
        user=user, provider=OuterRef("memberships__provider"), role=OuterRef("memberships__role")
    )
    return list(others.filter(Exists(same), ~Exists(away)).distinct().order_by("name", "pk"))
