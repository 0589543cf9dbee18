"""A certificate takes weeks: whoever needs a new one is reminded in time, once at each distance."""

from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from citizens.services.letters import write
from foundation.clock import local_day
from volunteers.domain.letters import is_fee_waived
from volunteers.models import Placement
from volunteers.selectors.clearances import clearance_rules
from volunteers.services.links import placement_letter_url
from volunteers.wording.mails import CLEARANCE_DUE_SOON


def remind_of_due_clearances(now: datetime) -> int:
    """Remind everybody active whose inspection soon stops counting; return how many were written to.

    What was missed because nothing ran is made up for, the shorter distance standing in for the longer.
    """
    today, rules = local_day(now), clearance_rules()
    return sum(
        _remind(placement, certificate_on, days, now)
        for placement, certificate_on in _inspected(*rules.days_to_remind_of(today))
        if (days := rules.reminder(certificate_on, today)) is not None
    )


def _inspected(first: date, last: date) -> list[tuple[Placement, date]]:
    days = _active_with_certificate(first, last).values_list("pk", "volunteer__clearances__certificate_on")
    found = Placement.objects.select_related("volunteer__mailbox", "role", "opportunity__provider").in_bulk(
        dict(days)
    )
    return [(found[pk], certificate_on) for pk, certificate_on in days]


def _active_with_certificate(first: date, last: date) -> QuerySet[Placement]:
    return Placement.objects.filter(
        status=Placement.Status.ACTIVE,
        role__clearance_required=True,
        volunteer__clearances__opportunity=F("opportunity"),
        volunteer__clearances__certificate_on__range=(first, last),
    ).order_by("pk")


def _remind(placement: Placement, certificate_on: date, days: int, now: datetime) -> bool:
    volunteer, provider = placement.volunteer, placement.opportunity.provider
    due_on = clearance_rules().due_on(certificate_on)
    return write(
        volunteer.mailbox,
        key=f"clearance.due_soon:{placement.pk}:{due_on.year}:{days}",
        mail=CLEARANCE_DUE_SOON,
        context={
            "volunteer": volunteer,
            "opportunity": placement.opportunity,
            "title": placement.title,
            "counts_until_on": due_on - timedelta(days=1),
            "letter_url": placement_letter_url(placement, now),
            "is_fee_waived": is_fee_waived(provider.kind, provider.issuer_kind),
        },
        now=now,
    )
