"""Published words are written by one person and released by a second; until then the old ones stay public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from foundation.clock import local_day
from foundation.transitions import move
from programs.access import actor_of
from programs.domain.activities import VERSION_MOVES, VersionStatus
from programs.domain.published import SHOWN_BY, WORDS, Published
from programs.domain.publishing import fingerprint, unread
from programs.domain.refusals import Refusal
from programs.models import Fund, FundUpdate, Program, Provider, TextDraft
from programs.selectors.text_drafts import (
    MODELS,
    Row,
    findings_of,
    kind_of,
    open_draft,
    texts_of_draft,
)
from programs.services.funds import TEXTS, count_version
from programs.services.providers import prepare_verification, tell_of_verification


def keep_hidden(row: Row) -> None:
    """Make a row that is about to be written not public."""
    for name in SHOWN_BY.get(kind_of(row), ()):
        setattr(row, name, False)


@transaction.atomic
def begin_new(row: Row, *, by: User, now: datetime) -> TextDraft:
    """Let a second person read a row that was written for the first time, hidden (`keep_hidden`)."""
    about = kind_of(row)
    return TextDraft.objects.create(
        about=about,
        row_id=row.pk,
        provider=_owner(row),
        is_new=True,
        texts={name: getattr(row, name) for name in WORDS[about]},
        status_changed_at=now,
        writers=[by.pk],
    )


@transaction.atomic
def write_words(row: Row, words: Mapping[str, Any], *, by: User, now: datetime) -> TextDraft | None:
    """Change words of a row (column → value) for a second person to release; return what waits then.

    What says again what is public waits no longer. Nothing public changes, unless nothing of it ever was.
    Raises ValidationError with the reasons for which a text may not be stored.
    """
    about = kind_of(row)
    for name, value in words.items():
        row._meta.get_field(name).run_validators(value)  # type: ignore[union-attr]
    public: Any = MODELS[about]._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    draft = open_draft(row)
    waiting = draft.texts if draft else {}
    changed = {
        name: value for name, value in words.items() if waiting.get(name, getattr(public, name)) != value
    }
    if not changed:
        return draft
    if draft is None:
        draft = TextDraft(about=about, row_id=row.pk, provider=_owner(public), status_changed_at=now)
    texts = {**waiting, **changed}
    if draft.is_new:
        MODELS[about]._default_manager.filter(pk=row.pk).update(**changed)
    else:
        texts = {name: value for name, value in texts.items() if value != getattr(public, name)}
    if not texts:
        forget_draft(about, row.pk)
        return None
    draft.texts, draft.writers = texts, sorted({*draft.writers, by.pk})
    draft.save()
    return draft


def mark_of_texts(draft: TextDraft) -> str:
    """Return a short mark of exactly these words, to tell whether they are what was read."""
    return fingerprint(texts_of_draft(draft))


@transaction.atomic
def release_texts(
    draft: TextDraft, *, by: User, text_read: str, hints_read: bool, now: datetime
) -> list[Refusal]:
    """Publish the words that wait; `text_read` is the mark of what `by` has read.

    Whoever wrote any of them does not release them. Returns why nothing was done, empty if it is done.
    """
    if draft.about == Published.PROVIDER and draft.texts.get("safeguarding_contact") == "":
        prepare_verification(Provider(pk=draft.row_id))
    public: Any = MODELS[draft.about]._default_manager.select_for_update(of=("self",))
    row = public.filter(pk=draft.row_id).first()
    waits = TextDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, status=VersionStatus.DRAFT)
    found = waits.first()
    if row is None or found is None:
        return [Refusal.MOVED_MEANWHILE]
    findings = findings_of(found, local_day(now))
    reasons = [Refusal.IDENTIFIES_SOMEBODY] if any(each.is_hard for each in findings) else []
    reasons += unread(
        findings,
        wrote_it=by.pk in found.writers,
        is_what_was_read=text_read == mark_of_texts(found),
        hints_read=hints_read,
    )
    if not reasons and not _fits(row, found):
        reasons = [Refusal.MOVED_MEANWHILE]
    if not reasons:
        _publish(row, found, by, now)
    return reasons


def _fits(row: Row, draft: TextDraft) -> bool:
    """Whether the row may still be called so: a name that somebody else has taken meanwhile is none."""
    for name, value in draft.texts.items():
        setattr(row, name, value)
    try:
        row.validate_unique(exclude=[each.name for each in row._meta.fields if each.name not in draft.texts])
    except ValidationError:
        return False
    return True


def _publish(row: Row, draft: TextDraft, by: User, now: datetime) -> None:
    texts = dict(draft.texts)
    move(
        draft,
        VERSION_MOVES,
        VersionStatus.IN_FORCE,
        actor=actor_of(by),
        now=now,
        texts={},
        released_by=by,
        released_at=now,
    )
    flags = dict.fromkeys(SHOWN_BY.get(draft.about, ()) if draft.is_new else (), True)
    ends = isinstance(row, Provider) and row.is_verified and not row.safeguarding_contact
    if ends:
        flags["is_verified"] = False  # § 79a SGB VIII: nobody is public without
    MODELS[draft.about]._default_manager.filter(pk=row.pk).update(**texts, **flags)
    if isinstance(row, Provider) and ends:
        tell_of_verification(row, now=now)
    if isinstance(row, Fund) and not draft.is_new and texts.keys() & set(TEXTS):
        count_version(row.pk)


@transaction.atomic
def discard_texts(draft: TextDraft, *, by: User, now: datetime) -> list[Refusal]:
    """Throw changed words away; what is public stays. A row that never was public is changed instead."""
    waits = TextDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk, status=VersionStatus.DRAFT)
    found = waits.first()
    if found is None or found.is_new:
        return [Refusal.MOVED_MEANWHILE]
    move(found, VERSION_MOVES, VersionStatus.DISCARDED, actor=actor_of(by), now=now, texts={})
    return []


def forget_draft(about: str, row_id: int) -> None:
    """Delete what waits of a row's words: they were taken back, or the row is gone."""
    TextDraft.objects.filter(about=about, row_id=row_id, status=VersionStatus.DRAFT).delete()


def _owner(row: Row) -> Provider | None:
    if isinstance(row, Provider):
        return row
    if isinstance(row, FundUpdate):
        return row.fund.provider
    return row.provider if isinstance(row, Program | Fund) else None
