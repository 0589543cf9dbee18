"""A folder into which a banking program writes statements: each is taken over, and moved to where it went.

`FOLDER/<slug of the body>/statement.xml` becomes `…/done/statement.xml`, or `…/refused/statement.xml` with
the reason beside it. A file that is still being written is left until it has been quiet for a while.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from donations.domain.statements import StatementRefused
from donations.services.bank.rows import ForeignAccount
from donations.services.bank.statements import IncompleteStatement, import_statement
from programs.models import Provider

QUIET_FOR = timedelta(minutes=1)
DONE, REFUSED = "done", "refused"

log = structlog.get_logger(__name__)


class StatementsRefused(Exception):
    """Files in the folder could not be taken over; each lies in `refused` with its reason beside it."""


def read_inbox(folder: Path, now: datetime) -> int:
    """Take over every statement that lies in the folder; returns how many.

    Raises StatementsRefused at the end. A file that was taken over and could not be moved is taken over again
    without harm.
    """
    done, refused = 0, []
    for provider, path in _waiting(folder, now):
        why = _take_over(provider, path, now)
        done += not why
        if why:
            refused.append(f"{provider.slug}/{path.name}: {why}")
    if refused:
        raise StatementsRefused("; ".join(refused)[:1000])
    return done


def _waiting(folder: Path, now: datetime) -> Iterator[tuple[Provider, Path]]:
    """The oldest first, so that statements follow each other; no links, which could lead elsewhere."""
    before = (now - QUIET_FOR).timestamp()
    for provider in Provider.objects.order_by("pk"):
        own = folder / provider.slug
        files = [each for each in own.iterdir() if _is_plain(each)] if own.is_dir() else []
        for path in sorted(files, key=lambda each: (each.stat().st_mtime, each.name)):
            if path.stat().st_mtime <= before:
                yield provider, path


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _take_over(provider: Provider, path: Path, now: datetime) -> str:
    """Return why it was refused, empty if it was taken over."""
    try:
        statement = import_statement(provider, path, imported_by=None, now=now)
    except (StatementRefused, ForeignAccount, IncompleteStatement) as refusal:
        why = f"{type(refusal).__name__}: {refusal}"
        _move(path, REFUSED, now, {"error": why})
        log.warning("statement_refused", provider=provider.slug)
        return why
    told = {"lines": statement.lines, "new": statement.new_lines, "merged": statement.merged_lines}
    _move(path, DONE, now, {**told, "flags": statement.flags})
    return ""


def _move(path: Path, where: str, now: datetime, told: dict[str, object]) -> None:
    """Beside the file lies what became of it; a name that is there already gets the moment before it."""
    target = path.parent / where
    target.mkdir(exist_ok=True)
    name = path.name if not (target / path.name).exists() else f"{now:%Y%m%dT%H%M%S}-{path.name}"
    (target / f"{name}.json").write_text(json.dumps(told))
    path.replace(target / name)
