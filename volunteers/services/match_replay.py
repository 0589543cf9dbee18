"""Repeating a run of the matcher from what it has stored."""

from __future__ import annotations

from dataclasses import dataclass

from volunteers.matching import record
from volunteers.models import MatchRecord, MatchRun


@dataclass(frozen=True)
class Replay:
    """`differences` names what is not the same bit by bit; `is_readable` tells if the record can be read."""

    run: MatchRun
    differences: list[str]
    is_readable: bool = True

    @property
    def is_same(self) -> bool:
        return self.is_readable and not self.differences


def replay(run_id: int) -> Replay | None:
    """Solve the stored inputs of a run again and compare; writes nothing.

    None if there is no such run or its record is gone.
    """
    stored = MatchRecord.objects.select_related("run").filter(run_id=run_id).first()
    if stored is None:
        return None
    try:
        paper = record.read(bytes(stored.content))
    except ValueError:
        return Replay(stored.run, [], is_readable=False)
    altered = ["inputs"] * (paper.inputs_hash != stored.run.inputs_hash)
    return Replay(stored.run, altered + paper.differences())
