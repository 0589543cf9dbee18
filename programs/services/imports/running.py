"""The way of a file: looked at, released by a second person where that is asked for, brought in, taken back.

Rows are brought in a chunk at a time, each chunk in a short transaction. There is one of them at a time,
whatever file it is of, for two people may have uploaded the same one: who comes second finds the rows done.
The words of a file count as written by whoever uploaded it, also where somebody else takes it over or goes on
with it: they release none of them.
Every function returns the reasons for which nothing was done, empty if it is done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from foundation.actors import system
from foundation.batches import delete_in_batches
from foundation.transitions import move
from foundation.turns import one_at_a_time
from programs.access import actor_of
from programs.domain.imports import (
    IMPORT_MOVES,
    MADE,
    ImportRefusal,
    ImportStatus,
    ReadRow,
    RowFate,
    WhyItStays,
)
from programs.models import DataImport, ImportedRow, Provider

CHUNK = 50
_TURN = "programs.imports"
PREVIEW_KEPT = timedelta(hours=24)
WAITING_KEPT = timedelta(days=30)
PURGE = "programs.purge_imports"


@dataclass(frozen=True)
class Written:
    """What became of a row, and what it takes to take it back."""

    fate: RowFate
    object_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    why: str = ""


@dataclass(frozen=True)
class Upload:
    """What somebody says of a file beside what stands in it."""

    kind: str
    source: str
    file_name: str = ""
    provider: Provider | None = None
    valid_until: date | None = None
    all_or_nothing: bool = False


Write = Callable[[DataImport, Mapping[str, Any], User, datetime], Written]
TakeBack = Callable[[ImportedRow, User, datetime], tuple[RowFate, str]]
TakeBackAtOnce = Callable[[Sequence[ImportedRow]], set[int]]
"""Takes back those of the rows that nobody has acted on; returns their keys."""


def begin(upload: Upload, rows: Sequence[ReadRow], *, by: User, now: datetime) -> DataImport:
    """Keep what was read of a file as a preview; nothing of it takes effect."""
    return DataImport.objects.create(
        kind=upload.kind,
        provider=upload.provider,
        source=upload.source,
        file_name=upload.file_name,
        valid_until=upload.valid_until,
        all_or_nothing=upload.all_or_nothing,
        status_changed_at=now,
        begun_at=now,
        begun_by=by,
        rows=[asdict(row) | {"number": number} for number, row in enumerate(rows, 1)],
        row_count=len(rows),
        fault_count=sum(row.fate == RowFate.FAULTY for row in rows),
    )


def bring_in(run: DataImport, write: Write, *, by: User, now: datetime) -> list[ImportRefusal]:
    """Bring in the rows without faults, or ask for the second person where one is needed.

    What was interrupted is gone on with.
    """
    if run.status == ImportStatus.PREVIEW:
        reasons = _reasons_against(run)
        if reasons:
            return reasons
        to = ImportStatus.WAITING if run.takes_two else ImportStatus.APPLYING
        if not move(run, IMPORT_MOVES, to, actor=actor_of(by), now=now):
            return [ImportRefusal.MOVED_MEANWHILE]
    elif run.status != ImportStatus.APPLYING:
        return [ImportRefusal.MOVED_MEANWHILE]
    if run.status == ImportStatus.APPLYING:
        _write_all(run, write, by, now)
    return []


def release(run: DataImport, write: Write, *, by: User, now: datetime) -> list[ImportRefusal]:
    """Bring in what somebody else uploaded and `by` has looked at."""
    if run.status != ImportStatus.WAITING:
        return [ImportRefusal.MOVED_MEANWHILE]
    if by.pk == run.begun_by_id:
        return [ImportRefusal.SAME_PERSON]
    moved = move(run, IMPORT_MOVES, ImportStatus.APPLYING, actor=actor_of(by), now=now, released_by=by)
    if not moved:
        return [ImportRefusal.MOVED_MEANWHILE]
    _write_all(run, write, by, now)
    return []


def discard(run: DataImport, *, by: User, now: datetime) -> list[ImportRefusal]:
    """Throw away what has not taken effect."""
    is_open = run.status in (ImportStatus.PREVIEW, ImportStatus.WAITING)
    if is_open and move(run, IMPORT_MOVES, ImportStatus.DISCARDED, actor=actor_of(by), now=now, rows=[]):
        return []
    return [ImportRefusal.MOVED_MEANWHILE]


def none_at_once(_rows: Sequence[ImportedRow]) -> set[int]:
    """Take back none but one by one."""
    return set()


def undo(
    run: DataImport,
    take_back: TakeBack,
    *,
    by: User,
    now: datetime,
    at_once: TakeBackAtOnce,
) -> list[ImportRefusal]:
    """Take back what the file made and nobody has acted on; what stays says why."""
    with transaction.atomic():
        one_at_a_time(_TURN)
        locked = DataImport.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status != ImportStatus.APPLIED:
            return [ImportRefusal.MOVED_MEANWHILE]
        move(locked, IMPORT_MOVES, ImportStatus.UNDONE, actor=actor_of(by), now=now)
        # The last row first: what one file changed twice goes back to what was before the first.
        made = locked.imported.filter(fate__in=[RowFate.NEW, RowFate.CHANGED]).order_by("-number")
        rows = list(made.select_related("data_import__provider"))
        taken = at_once(rows)
        for row in rows:
            row.fate, row.why = (RowFate.TAKEN_BACK, "") if row.pk in taken else take_back(row, by, now)
        ImportedRow.objects.bulk_update(rows, ["fate", "why"])
    run.refresh_from_db()
    return []


def purge_imports(now: datetime) -> int:
    """Forget previews nobody took further, and what waited too long for a second person; return how many.

    Of what was interrupted, and gone on with by nobody, the rest goes; what came in can still be taken back.
    """
    forgotten = delete_in_batches(
        DataImport.objects.filter(status=ImportStatus.PREVIEW, status_changed_at__lte=now - PREVIEW_KEPT)
    )
    waited = DataImport.objects.filter(status=ImportStatus.WAITING, status_changed_at__lte=now - WAITING_KEPT)
    interrupted = DataImport.objects.filter(
        status=ImportStatus.APPLYING, status_changed_at__lte=now - WAITING_KEPT
    )
    ended = sum(
        move(run, IMPORT_MOVES, ImportStatus.APPLIED, actor=system(PURGE), now=now, rows=[])
        for run in interrupted.order_by("pk")
    )
    return forgotten + delete_in_batches(waited) + ended


def _reasons_against(run: DataImport) -> list[ImportRefusal]:
    if run.all_or_nothing and run.fault_count:
        return [ImportRefusal.HAS_FAULTS]
    does_something = any(row["fate"] in (RowFate.NEW, RowFate.CHANGED) for row in run.rows)
    return [] if does_something else [ImportRefusal.NOTHING_TO_DO]


def _write_all(run: DataImport, write: Write, by: User, now: datetime) -> None:
    while not _write_chunk(run, write, by, now):
        pass
    run.refresh_from_db()


@transaction.atomic
def _write_chunk(run: DataImport, write: Write, by: User, now: datetime) -> bool:
    """Write the next rows; True once none is left and the file is done."""
    one_at_a_time(_TURN)
    locked = (
        DataImport.objects.select_for_update(of=("self",))
        .select_related("provider", "begun_by")
        .get(pk=run.pk)
    )
    if locked.status != ImportStatus.APPLYING:
        return True
    done = set(locked.imported.values_list("number", flat=True))
    left = [row for row in locked.rows if row["number"] not in done and row["fate"] != RowFate.FAULTY]
    for row in left[:CHUNK]:
        _write_row(locked, row, write, by, now)
    if len(left) > CHUNK:
        return False
    move(locked, IMPORT_MOVES, ImportStatus.APPLIED, actor=actor_of(by), now=now, rows=[])
    return True


def _write_row(run: DataImport, row: Mapping[str, Any], write: Write, by: User, now: datetime) -> None:
    key: str | None = row["key"]
    if key and row["fate"] != RowFate.CHANGED and made_before([key]):
        written = Written(RowFate.SAME, why=WhyItStays.TWICE)
    else:
        written = write(run, row["values"], run.begun_by or by, now)
    ImportedRow.objects.create(
        data_import=run,
        number=row["number"],
        line=row["line"],
        key=key,
        fate=written.fate,
        why=written.why,
        object_id=written.object_id,
        before=written.before,
        after=written.after,
    )


def made_before(keys: Sequence[str]) -> dict[str, int | None]:
    """Return of which of these fingerprints something was made that was not taken back: key → what."""
    found = ImportedRow.objects.filter(key__in=keys, fate__in=MADE).values_list("key", "object_id")
    return {key: made for key, made in found if key}
