"""Engagementangebote as those see them who run them."""

from django.db.models import Q, QuerySet

from accounts.models import User
from foundation.models import Transition
from programs.models import Opportunity, Provider


def own_opportunities(
    providers: QuerySet[Provider], *, status: str = "", words: str = ""
) -> QuerySet[Opportunity]:
    """Return those of `providers`, the latest moved first; ended ones only if `status` asks for them."""
    found = Opportunity.objects.filter(provider__in=providers)
    found = found.filter(status=status) if status else found.exclude(status=Opportunity.Status.CLOSED)
    for word in words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word) | Q(site__icontains=word) | Q(provider__name__icontains=word)
        )
    return (
        found.select_related("provider", "district")
        .prefetch_related("slots")
        .order_by("-status_changed_at", "-id")
    )


def history_of(opportunity: Opportunity) -> list[dict[str, object]]:
    """Return its moves, the latest first, as items of the timeline."""
    moves = list(Transition.objects.filter(noun="opportunity", object_id=opportunity.pk).order_by("-id")[:20])
    people = User.objects.in_bulk({int(m.actor[5:]) for m in moves if m.actor.startswith("user:")})
    names = {f"user:{pk}": str(person) for pk, person in people.items()}
    return [
        {
            "title": Opportunity.Status(move.to_status).label,
            "text": names.get(move.actor, ""),
            "date": move.happened_at,
            "state": "done",
        }
        for move in moves
    ]
