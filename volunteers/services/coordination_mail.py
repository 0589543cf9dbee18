"""Mails to the people who coordinate for a provider: no name, no contact data, a link to log in."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from outbox.domain.catalogue import Mail
from outbox.services.queue import queue
from programs.models import Membership, Provider
from volunteers.models import Assignment, Placement
from volunteers.wording.groups import somebody


def tell_coordination(
    provider: Provider | None, *, key: str, mail: Mail, context: Mapping[str, Any], now: datetime
) -> bool:
    """Queue a mail to the provider's coordination, to the office where it has named no address.

    Returns False, changing nothing, for a key that was used before.
    """
    return queue(key=key, mail=mail, to_email=coordination_address(provider), context=context, now=now)


def coordination_address(provider: Provider | None) -> str:
    """Return where the coordination of a provider reads its mails."""
    return (provider.coordination_email if provider else "") or settings.OFFICE_EMAIL


def tell_officers(
    provider: Provider, *, key: str, mail: Mail, context: Mapping[str, Any], now: datetime
) -> None:
    """Queue a mail to each safeguarding officer of the provider, to its coordination where it has none."""
    officers = Membership.objects.filter(provider=provider, role=Membership.Role.SAFEGUARDING_OFFICER)
    people = officers.filter(user__is_active=True).order_by("pk").values_list("user__email", flat=True)
    tell_addresses(people, key=key, mail=mail, context=context, now=now)
    if not people:
        tell_coordination(provider, key=key, mail=mail, context=context, now=now)


def tell_addresses(
    addresses: Collection[str], *, key: str, mail: Mail, context: Mapping[str, Any], now: datetime
) -> None:
    """Queue a mail to each of these people."""
    for number, email in enumerate(addresses):
        queue(key=f"{key}:{number}", mail=mail, to_email=email, context=context, now=now)


def tell_about_date(
    assignment: Assignment, *, key: str, mail: Mail, context: Mapping[str, Any], now: datetime
) -> None:
    """Queue a mail about one date of somebody, of a standing placement or not."""
    if assignment.placement is not None:
        about = {"shift": assignment.shift, **context}
        tell_about_placement(assignment.placement, key=key, mail=mail, context=about, now=now)
        return
    opportunity = assignment.shift.opportunity
    url = settings.PUBLIC_BASE_URL + reverse("coordination_opportunity", args=[opportunity.pk])
    about = {
        "opportunity": opportunity,
        "title": assignment.title,
        "url": url,
        "shift": assignment.shift,
        "who": somebody(assignment.heads),
    }
    tell_coordination(opportunity.provider, key=key, mail=mail, context={**about, **context}, now=now)


def tell_about_placement(
    placement: Placement, *, key: str, mail: Mail, context: Mapping[str, Any], now: datetime
) -> None:
    """Queue a mail about a placement, with its task and the address at which the provider decides."""
    opportunity = placement.opportunity
    url = settings.PUBLIC_BASE_URL + reverse("coordination_placement", args=[placement.pk])
    tell_coordination(
        opportunity.provider,
        key=key,
        mail=mail,
        context={
            "opportunity": opportunity,
            "title": placement.title,
            "url": url,
            "heads": placement.heads,
            "who": somebody(placement.heads),
            **context,
        },
        now=now,
    )
