"""When a provider's verification was given and withdrawn, as the history knows it, whoever did it."""

from collections.abc import Collection

from foundation.models import Event
from programs.models import Opportunity


def verification_turns(opportunity_ids: Collection[int]) -> dict[int, list[int]]:
    """Return for each provider of these tasks the numbers of its changes of verification, the latest first.

    A provider that was verified from its first day on, or never, is not among them.
    """
    providers = Opportunity.objects.filter(pk__in=opportunity_ids).values("provider_id")
    changed = Event.objects.filter(
        app_label="programs",
        model="provider",
        kind=Event.Kind.CHANGED,
        object_id__in=providers,
        changes__has_key="is_verified",
    )
    turns: dict[int, list[int]] = {}
    for provider, turn in changed.order_by("-pk").values_list("object_id", "pk"):
        turns.setdefault(provider, []).append(turn)
    return turns
