"""What follows when the youth office verifies a provider, withdraws that, or stops it at once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from outbox.services.queue import queue
from programs.models import Opportunity, Provider
from programs.signals import need_changed, need_changing
from programs.wording.mails import PROVIDER_STOPPED

PROTECTION = ("protection_concept_on", "safeguarding_contact")
"""The columns without which nobody is verified (§ 79a SGB VIII, § 11 LKSchG NRW)."""


def prepare_verification(*providers: Provider) -> None:
    """Let whoever listens take locks that come first. Called inside the change's transaction."""
    need_changing.send(sender=Provider, opportunity_ids=_tasks_of(*providers))


@transaction.atomic
def tell_of_verification(provider: Provider, *, now: datetime) -> None:
    """Let whoever listens look anew at all tasks of the provider. Called inside the change's transaction."""
    tasks = _tasks_of(provider)
    if tasks:
        need_changed.send(sender=Provider, now=now, opportunity_ids=tasks)


@transaction.atomic
def stop_provider(provider: Provider, *, reasons: str, now: datetime) -> bool:
    """Withdraw the verification, so that nothing of the provider is public and nobody is asked for it.

    The provider reads the reasons. Returns False, changing nothing, if it is not verified (any more), or is
    the youth office itself. To go on it is verified anew, in the administration.
    """
    prepare_verification(provider)
    standing = Provider.objects.filter(pk=provider.pk, is_verified=True, is_youth_office=False)
    if not standing.update(is_verified=False, stop_reasons=reasons):
        return False
    tell_of_verification(provider, now=now)
    queue(
        mail=PROVIDER_STOPPED,
        key=f"provider.stopped:{provider.pk}:{now.timestamp()}",
        to_email=provider.coordination_email or settings.OFFICE_EMAIL,
        context={"provider": provider.name, "reasons": reasons},
        now=now,
    )
    return True


def _tasks_of(*providers: Provider) -> list[int]:
    return list(
        Opportunity.objects.filter(provider__in=providers).order_by("pk").values_list("pk", flat=True)
    )
