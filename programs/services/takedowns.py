"""A text that betrays somebody is taken down in one step: row, history, mails; who did it and when stays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from foundation.doors.takedown import forget_values, values_told
from foundation.history import note_act
from outbox.services.purge import replace_phrases
from programs.access import office_actor
from programs.domain.notices import Reported
from programs.models import ActivityQuestion, Fund, FundUpdate, Notice, Opportunity, Program, Provider
from programs.selectors.text_drafts import open_draft
from programs.services import publishing
from programs.services.api_answers import forget_phrases
from programs.services.imports.forgetting import forget_rows
from programs.services.imports.tasks import forget_words
from programs.services.providers import prepare_verification, tell_of_verification
from programs.services.text_drafts import forget_draft

GONE = "[entfernt]"
SHORTEST_PHRASE = 4
"""Shorter words stand in too many mails to be this text's own."""

_NAMES = ("title", "name", "slug")
Row = Opportunity | Program | Fund | FundUpdate | Provider
KINDS: dict[str, type[Row]] = {
    Reported.TASK: Opportunity,
    Reported.PROGRAM: Program,
    Reported.PURPOSE: Fund,
    Reported.NEWS: FundUpdate,
    Reported.PROVIDER: Provider,
}


def text_columns(model: type[models.Model]) -> list[str]:
    """Return the columns of a model in which people write words, its address included.

    Of a provider only what it tells of itself: gifts, tasks and receipts hang on its name and account.
    """
    if model is Provider:
        return ["name_dative", "address", "public_contact", "safeguarding_contact", "source", "note"]
    return [field.name for field in model._meta.concrete_fields if _holds_words(field)]


def _holds_words(field: Any) -> bool:
    if field.name == "source_key" or field.choices:
        return False
    if isinstance(field, ArrayField):
        return not field.base_field.choices
    return isinstance(field, models.CharField | models.TextField)


def find_text(about: str, pk: int) -> Row | None:
    """Return the row of that kind, public or not."""
    return KINDS[about]._default_manager.filter(pk=pk).first() if about in KINDS else None


@transaction.atomic
def take_down(row: Row, *, by: User, now: datetime) -> None:
    """Remove every word of `row` from where it stands: row, address, history, mails, notices, kept answers,
    and files that somebody has uploaded and not taken over.

    Search, lists and feeds read the row. A task ends and its dates are called off, a purpose takes no gifts,
    an Angebot leaves the directory, news is deleted, a provider loses address and contacts and with them its
    verification, until the youth office verifies it anew. Receipts and what
    givers were promised stay (§ 147 AO).
    """
    about = next(kind for kind, model in KINDS.items() if isinstance(row, model))
    phrases = _phrases(row)
    forget_rows(phrases)
    audited: models.Model = row.fund if isinstance(row, FundUpdate) else row
    _hide(row, by, now)
    _empty(row)
    forget_history(row)
    replace_phrases(phrases, GONE)
    forget_phrases(phrases, GONE)
    Notice.objects.filter(about=about, row_id=row.pk).update(text=GONE)
    forget_draft(about, row.pk)
    note_act(audited, "text", "removed", actor=office_actor(by), now=now)


def forget_history(row: Row) -> None:
    """Drop what the history tells of the words of `row`, and files that changed it; of news, of all news of
    the purpose.
    """
    if isinstance(row, FundUpdate):
        forget_values(row.fund, ["news"])
    else:
        forget_values(row, [*text_columns(type(row)), "loaded_values", "role", "role_name"])
    if isinstance(row, Opportunity):
        forget_words(row)


def _hide(row: Row, by: User, now: datetime) -> None:
    if isinstance(row, Opportunity):
        publishing.close(row, by=by, now=now)
        named = row.roles.exclude(name="")
        named.update(name=Concat(Value(f"{GONE} "), Cast("pk", models.CharField())))
        ActivityQuestion.objects.filter(opportunity=row).exclude(answer="").update(text=GONE, answer=GONE)
        ActivityQuestion.objects.filter(opportunity=row, answer="").update(text=GONE)
    elif isinstance(row, Program):
        Program.objects.filter(pk=row.pk).update(is_listed=False)
    elif isinstance(row, Fund):
        Fund.objects.filter(pk=row.pk).update(is_open=False, is_shown=False)
    elif isinstance(row, Provider):
        prepare_verification(row)
        Provider.objects.filter(pk=row.pk).update(is_verified=False)
        tell_of_verification(row, now=now)


def _empty(row: Row) -> None:
    if isinstance(row, FundUpdate):
        FundUpdate.objects.filter(pk=row.pk).delete()
        return
    model = type(row)
    values = {name: _nothing(model._meta.get_field(name), row.pk) for name in text_columns(model)}
    if isinstance(row, Program | Fund | Provider):
        # What was loaded is forgotten too; the words now differ from it, so that no load brings them back.
        values["loaded_values"] = {
            name: "" if name in values else value for name, value in row.loaded_values.items()
        }
    model._default_manager.filter(pk=row.pk).update(**values)


def _nothing(field: Any, pk: int) -> Any:
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.SlugField):
        return f"entfernt-{pk}"
    if field.blank:
        return ""
    return f"{GONE} {pk}" if field.name in _NAMES else GONE


def _phrases(row: Row) -> set[str]:
    """Return the words that are this row's own, now and before: names, places, address, whole texts."""
    own = _telling(type(row))
    told: Iterable[Any] = values_told(row, own)
    if isinstance(row, FundUpdate):
        told = [row.title, row.text]
    elif isinstance(row, Opportunity):
        told = [*told, *row.roles.values_list("name", flat=True), *_own_sites(row)]
    waiting = [] if isinstance(row, Opportunity) else _waiting(row, own)
    found = {*(str(getattr(row, name)) for name in own), *(each for each in told if isinstance(each, str))}
    found.update(waiting)
    return {phrase for phrase in found if len(phrase) >= SHORTEST_PHRASE}


def _own_sites(row: Opportunity) -> list[str]:
    """Return where the task is and was, without places that another task names too: its mails need them."""
    others = Opportunity.objects.exclude(pk=row.pk)
    sites = {row.site, *(each for each in values_told(row, ["site"]) if isinstance(each, str))}
    return [site for site in sites if not others.filter(site__contains=site).exists()]


def _telling(model: type[models.Model]) -> list[str]:
    """Return the columns whose words are the row's own, wherever they stand."""
    if model is Provider:
        return text_columns(model)
    fields = model._meta.concrete_fields
    return [each.name for each in fields if each.name in _NAMES or isinstance(each, models.TextField)]


def _waiting(row: Program | Fund | FundUpdate | Provider, columns: Iterable[str]) -> list[str]:
    draft = open_draft(row)
    return [str(draft.texts[name]) for name in columns if name in draft.texts] if draft else []
