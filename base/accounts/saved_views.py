"""What somebody keeps of a list to open it again: its filters and order under a name of theirs."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import SavedView, User
from foundation.lists.forms import SEARCH

MOST = 12
"""So many views of one list; more would be a list of their own."""

_LONGEST = SavedView._meta.get_field("query").max_length or 0


@dataclass(frozen=True)
class Kept:
    """What became of it: False `is_kept` when there are enough views of this list already."""

    is_kept: bool
    address: str


def kept_query(query: str) -> str:
    """Return the part of `query` that is kept: neither a page nor a word that was looked for.

    A word is most often somebody's name, and nobody's name outlives them in here.
    """
    asked = QueryDict(query, mutable=True)
    for name in (SEARCH, "page"):
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    kept = asked.urlencode()
    return kept if len(kept) <= _LONGEST else ""


def views_of(user: User | AnonymousUser, path: str) -> list[SavedView]:
    """Return what `user` keeps of the list at `path`, by name."""
    return list(SavedView.objects.filter(user_id=user.pk, path=path)) if user.is_authenticated else []


def keep_view(user: User, path: str, name: str, query: str) -> Kept:
    """Keep `query` of the list at `path` under `name`; a view of that name is replaced."""
    kept = kept_query(query)
    mine = SavedView.objects.filter(user=user, path=path)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        return Kept(False, f"{path}?{kept}")
    view, _is_new = SavedView.objects.update_or_create(
        user=user, path=path, name=name, defaults={"query": kept}
    )
    return Kept(True, view.address)


def drop_view(user: User, pk: int) -> str:
    """Forget a view of `user`. Returns the path of its list, "" if they have no such view."""
    view = SavedView.objects.filter(user=user, pk=pk).first()
    if view is None:
        return ""
    view.delete()
    return view.path
