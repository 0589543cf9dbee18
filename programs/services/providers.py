"""What follows when the youth office verifies a provider or withdraws that."""

from datetime import datetime

from django.db import transaction

from programs.models import Opportunity, Provider
from programs.signals import need_changed


@transaction.atomic
def tell_of_verification(provider: Provider, *, now: datetime) -> None:
    """Let whoever listens look anew at all tasks of the provider. Called inside the change's transaction."""
    tasks = list(Opportunity.objects.filter(provider=provider).order_by("pk").values_list("pk", flat=True))
    if tasks:
        need_changed.send(sender=Provider, now=now, opportunity_ids=tasks)
