import re
from collections.abc import Collection

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from foundation.doors.opening import opened
from foundation.models import Event


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
    holding = Q()
    for word in wanted:
        holding |= Q(reason__icontains=word) | Q(text__icontains=word)
    with opened("erasure"):
        lines = Event.objects.annotate(text=Cast("changes", TextField())).filter(holding).order_by("pk")
        return sum(_forget(line, alone) for line in lines.iterator())


def _forget(line: Event, alone: re.Pattern[str]) -> bool:
    changes = line.changes or {}
    kept = {name: values for name, values in changes.items() if not alone.search(str(values))}
    reason = "" if alone.search(line.reason) else line.reason
    if (kept, reason) == (changes, line.reason):
        return False
    Event.objects.filter(pk=line.pk).update(changes=kept or None, reason=reason)
    return True
