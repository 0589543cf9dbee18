import re
from collections.abc import Collection

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from foundation.doors.opening import opened
from foundation.models import Event

# Word for word the expression and the condition of the index `event_told`.
TOLD = RawSQL("lower(reason || ' ' || coalesce(changes::text, ''))", (), output_field=TextField())
HAS_WORDS = Q(changes__isnull=False) | ~Q(reason="")


def forget_words(words: Collection[str]) -> int:
    """Empty every reason and every changed value that holds one of `words`; return how many lines did.

    A word counts where it stands alone: "Berg" is not found in "Bergstraße". That a row was changed, by whom
    and when, stays.
    """
    wanted = [word for word in words if word.strip()]
    if not wanted:
        return 0
    pattern = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in wanted)
    alone = re.compile(pattern, re.IGNORECASE)
    with opened("erasure"):
        return sum(_forget(line, alone) for line in lines_that_tell(wanted).iterator())


def lines_that_tell(words: Collection[str]) -> QuerySet[Event]:
    """Return the lines that hold one of `words`, standing alone or not, oldest first."""
    holding = Q()
    for word in words:
        holding |= Q(told__contains=Lower(Value(word)))
    return Event.objects.annotate(told=TOLD).filter(HAS_WORDS, holding).order_by("pk")


def _forget(line: Event, alone: re.Pattern[str]) -> bool:
    changes = line.changes or {}
    kept = {name: values for name, values in changes.items() if not alone.search(str(values))}
    reason = "" if alone.search(line.reason) else line.reason
    if (kept, reason) == (changes, line.reason):
        return False
    Event.objects.filter(pk=line.pk).update(changes=kept or None, reason=reason)
    return True
