"""What this app tells the house of figures, in the order of `figures.services.sources.COLUMNS`.

The triggers of migration 0038 write the same. Whoever changes one of both changes the other.
"""

from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField as Big
from django.db.models import CharField, DurationField, ExpressionWrapper, F, Func, Min, QuerySet, Value
from django.db.models.expressions import Case, When
from django.db.models.functions import Cast, Extract, Greatest, TruncDate

from foundation.clock import LOCAL_ZONE
from programs.domain.choices import Field
from programs.models import Opportunity
from volunteers.models import HoursEntry, Placement, TimePledge

Facts = QuerySet[Any, tuple[Any, ...]]
_ASKED = [TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED, TimePledge.Status.ENDED]
_HELPING = [Placement.Status.ACTIVE, Placement.Status.ENDED]
_NO_FUND = Cast(Value(None), Big())
_NOTHING = Cast(Value(0), Big())
_ONE = Cast(Value(1), Big())
_A_MINUTE = 60


def _fields() -> Func:
    """One row for each field of a pledge; none named means all."""
    named = Case(When(fields=[], then=Value(list(Field.values))), default=F("fields"))
    return Func(named, function="unnest", output_field=CharField())


def pledged() -> Facts:
    """People by the day they confirmed, where they live; once more for each provider that asked them."""
    return (
        TimePledge.objects.filter(status__in=_ASKED, confirmed_at__isnull=False)
        .annotate(
            fact_day=TruncDate("confirmed_at", tzinfo=LOCAL_ZONE),
            fact_field=_fields(),
            fact_fund=_NO_FUND,
            fact_minutes=_NOTHING,
            fact_cents=_NOTHING,
        )
        .values_list(
            "fact_day",
            "home_district",
            "fact_field",
            "offers__opportunity__provider",
            "fact_fund",
            "volunteer",
            "fact_minutes",
            "fact_cents",
            "volunteer__heads",
            "pk",
        )
        .distinct()
    )


def placed() -> Facts:
    """People by the day they began to help, where they help."""
    began = Greatest("from_on", TruncDate("created_at", tzinfo=LOCAL_ZONE))
    return _heads_of(Placement.objects.filter(status__in=_HELPING), began)


def taken() -> Facts:
    """People who have places of public tasks now, by the day they said yes, where they help."""
    holding = Placement.objects.filter(
        status__in=Placement.HOLDING,
        opportunity__status=Opportunity.Status.PUBLISHED,
        opportunity__provider__is_verified=True,
    )
    return _heads_of(holding, TruncDate("created_at", tzinfo=LOCAL_ZONE))


def _heads_of(placements: QuerySet[Placement], day: Func) -> Facts:
    return placements.annotate(
        fact_day=day, fact_fund=_NO_FUND, fact_minutes=_NOTHING, fact_cents=_NOTHING
    ).values_list(
        "fact_day",
        "opportunity__district",
        "opportunity__field",
        "opportunity__provider",
        "fact_fund",
        "volunteer",
        "fact_minutes",
        "fact_cents",
        "heads",
        "pk",
    )


def hours() -> Facts:
    """Minutes of all heads by the day they were confirmed, where they were given."""
    return HoursEntry.objects.annotate(
        fact_day=TruncDate("created_at", tzinfo=LOCAL_ZONE),
        fact_fund=_NO_FUND,
        fact_minutes=F("minutes") * F("heads"),
        fact_cents=_NOTHING,
        fact_heads=_ONE,
    ).values_list(
        "fact_day",
        "opportunity__district",
        "opportunity__field",
        "opportunity__provider",
        "fact_fund",
        "volunteer",
        "fact_minutes",
        "fact_cents",
        "fact_heads",
        "pk",
    )


def answered() -> Facts:
    """Minutes from the confirmation of a pledge to the first question sent, by the day of that question."""
    waited = ExpressionWrapper(F("first_sent_at") - F("confirmed_at"), output_field=DurationField())
    return (
        TimePledge.objects.filter(confirmed_at__isnull=False, offers__sent_at__isnull=False)
        .annotate(first_sent_at=Min("offers__sent_at"))
        .annotate(
            fact_day=TruncDate("first_sent_at", tzinfo=LOCAL_ZONE),
            fact_field=_fields(),
            fact_provider=_NO_FUND,
            fact_fund=_NO_FUND,
            fact_minutes=Extract(Greatest(waited, timedelta(0)), "epoch") / _A_MINUTE,
            fact_cents=_NOTHING,
            fact_heads=_ONE,
        )
        .values_list(
            "fact_day",
            "home_district",
            "fact_field",
            "fact_provider",
            "fact_fund",
            "volunteer",
            "fact_minutes",
            "fact_cents",
            "fact_heads",
            "pk",
        )
    )
