"""Texts that people sign: written by one person of the youth office, released by a second."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from foundation.transitions import move
from foundation.turns import one_at_a_time
from programs.access import office_actor
from programs.domain.activities import VERSION_MOVES, ActivityRefusal, VersionStatus
from programs.domain.declarations import DeclarationKind
from programs.domain.publishing import fingerprint
from programs.models import Declaration
from programs.selectors.declarations import declaration_draft, declaration_in_force


@transaction.atomic
def write_declaration(
    kind: DeclarationKind, *, text: str, source: str, by: User, now: datetime
) -> Declaration:
    """Begin the next version, or go on with the one being written; it holds once a second person says so.

    Who begins it at the same moment as somebody else goes on with theirs.
    """
    one_at_a_time(f"programs.declaration.{kind}")
    versions = Declaration.objects.select_for_update().filter(kind=kind)
    draft = versions.filter(status=VersionStatus.DRAFT).first()
    if draft is None:
        last = Declaration.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
        return Declaration.objects.create(
            kind=kind, number=last + 1, text=text, source=source, status_changed_at=now, writers=[by.pk]
        )
    if (draft.text, draft.source) != (text, source):
        draft.text, draft.source = text, source
        draft.writers = sorted({*draft.writers, by.pk})
        draft.save(update_fields=["text", "source", "writers"])
    return draft


def mark_of_declaration(version: Declaration) -> str:
    """Return a short mark of exactly this text, to tell whether it is what was read."""
    return fingerprint({"text": version.text, "source": version.source})


@transaction.atomic
def release_declaration(
    kind: DeclarationKind, *, by: User, read: str, now: datetime
) -> ActivityRefusal | None:
    """Let the version being written be the one that is signed from now on.

    `read` is the mark of what `by` has read. Whoever wrote a word of it does not release it. Returns why
    nothing was done, or None.
    """
    list(Declaration.objects.select_for_update().filter(kind=kind).values_list("pk", flat=True))
    draft, current = declaration_draft(kind), declaration_in_force(kind)
    if draft is None:
        return ActivityRefusal.MOVED_MEANWHILE
    if by.pk in draft.writers:
        return ActivityRefusal.SAME_PERSON
    if read != mark_of_declaration(draft):
        return ActivityRefusal.CHANGED_SINCE_READ
    actor = office_actor(by)
    if current is not None:
        move(current, VERSION_MOVES, VersionStatus.REPLACED, actor=actor, now=now)
    move(draft, VERSION_MOVES, VersionStatus.IN_FORCE, actor=actor, now=now, released_by=by, released_at=now)
    return None


@transaction.atomic
def discard_declaration(kind: DeclarationKind, *, by: User, now: datetime) -> bool:
    """Throw the version being written away; False if there is none."""
    draft = declaration_draft(kind)
    return draft is not None and move(
        draft, VERSION_MOVES, VersionStatus.DISCARDED, actor=office_actor(by), now=now
    )
