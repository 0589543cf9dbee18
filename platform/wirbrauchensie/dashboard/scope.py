"""Whose figures are counted: the whole city or certain providers."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.models import User
from programs.access import providers_of, sees_whole_city
from programs.models import Provider


@dataclass(frozen=True)
class Scope:
    """`provider_ids` None means the whole city; `providers` (id, name) are those one may look at singly."""

    provider_ids: frozenset[int] | None
    label: str
    providers: tuple[tuple[int, str], ...] = ()

    def within(self, path: str) -> Q:
        """Return a filter for rows whose provider stands at lookup `path`."""
        return Q() if self.provider_ids is None else Q(**{f"{path}__in": self.provider_ids})


WHOLE_CITY = Scope(None, "")


def scope_of(user: User | AnonymousUser) -> Scope:
    """Return what `user` may see. Raises PermissionDenied for somebody who coordinates nothing."""
    if sees_whole_city(user):
        return Scope(None, "", tuple(Provider.objects.order_by("name", "pk").values_list("pk", "name")))
    providers = list(providers_of(user))
    if not providers:
        raise PermissionDenied
    return Scope(
        frozenset(provider.pk for provider in providers),
        ", ".join(provider.name for provider in providers),
        tuple((provider.pk, provider.name) for provider in providers),
    )
