"""Every kind of thing that can wait for somebody, in the order in which the numbers are shown."""

from wirbrauchensie.today import (
    balances,
    concepts,
    expiring,
    failures,
    imports,
    letters,
    money,
    people,
    receipts,
    running,
    safety,
    stand_ins,
    texts,
    unreachable,
)
from wirbrauchensie.today.kinds import Kind, Reader

KINDS: tuple[Kind, ...] = (
    people.TO_CALL,
    people.TO_CONFIRM,
    people.TO_INSPECT,
    people.GAPS,
    expiring.EXPIRING,
    stand_ins.SEARCHES,
    safety.UNSAFE,
    unreachable.UNREACHABLE,
    letters.LETTERS,
    texts.TO_RELEASE,
    texts.TO_READ,
    imports.FILES,
    texts.TO_DECIDE,
    texts.TO_ANSWER,
    concepts.CONCEPTS,
    money.BANK_LINES,
    balances.GAPS,
    money.TO_ACCEPT,
    money.DISPUTES,
    money.TO_USE,
    failures.UNDELIVERED,
    failures.FAILED,
    failures.FAILING,
    money.PROPOSALS,
    money.TO_TRANSFER,
    receipts.PAYERS,
    receipts.WISHES,
    receipts.CONTRIBUTIONS,
    money.CASH,
    receipts.TO_SIGN,
    receipts.TO_TELL,
    running.MAILS,
    running.JOBS,
)


def kinds_for(reader: Reader) -> list[Kind]:
    """Return the kinds that can wait for this reader."""
    return [kind for kind in KINDS if kind.is_for(reader)]


def kind_called(slug: str, reader: Reader) -> Kind | None:
    """Return the kind of that name if it can wait for this reader."""
    return next((kind for kind in KINDS if kind.slug == slug and kind.is_for(reader)), None)
