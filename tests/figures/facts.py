"""What the facts say, and whether they are what the rows tell."""

from django.db import connection

from figures.models import Fact
from figures.services import sources


def settle() -> None:
    """End, for the facts, the transaction in which a test runs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def facts_of(measure: str) -> list[tuple[int, str, int, int, int]]:
    """Return cause, field, minutes, cents and heads of every fact of `measure`."""
    settle()
    facts = Fact.objects.filter(measure=measure).order_by("cause", "field", "pk")
    return list(facts.values_list("cause", "field", "minutes", "cents", "heads"))


def are_true() -> bool:
    """True if all facts are exactly what the slow queries over the rows tell."""
    settle()
    assert sources.differences() == {}
    return True
