"""Words that wait for a second person, beside those that are public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.text import capfirst

from foundation.lists.searching import Word
from programs.domain.activities import VersionStatus
from programs.domain.published import PLACES, WORDS, Published
from programs.domain.screening import Finding, screen
from programs.domain.screening.marking import Piece, pieces
from programs.models import City, Fund, FundUpdate, HelpTelephone, Program, Provider, TextDraft
from programs.selectors.city_words import city_words

Row = Program | Fund | FundUpdate | Provider | HelpTelephone | City
MODELS: dict[str, type[Row]] = {
    Published.PROGRAM: Program,
    Published.PURPOSE: Fund,
    Published.NEWS: FundUpdate,
    Published.PROVIDER: Provider,
    Published.TELEPHONE: HelpTelephone,
    Published.CITY: City,
}


@dataclass(frozen=True)
class Change:
    """One text of a draft: its name, what is public ("" for nothing), the new words cut at their findings."""

    label: str
    before: str
    after: list[Piece]


def kind_of(row: models.Model) -> Published:
    """Return which kind of published text a row has."""
    return next(Published(kind) for kind, model in MODELS.items() if isinstance(row, model))


def open_draft(row: Row) -> TextDraft | None:
    """Return what waits of this row's words."""
    return open_drafts().filter(about=kind_of(row), row_id=row.pk).first()


def open_drafts() -> QuerySet[TextDraft]:
    """Return all that waits, the longest waiting first."""
    return TextDraft.objects.filter(status=VersionStatus.DRAFT).select_related("provider")


def texts_with_names() -> QuerySet[TextDraft]:
    """Return all texts that wait or waited, the latest moved first, each with the `name` of its row."""
    found = [When(about=about, then=_name_in(model)) for about, model in MODELS.items()]
    name = Case(*found, default=Value(""), output_field=CharField())
    texts = TextDraft.objects.annotate(name=name).select_related("provider")
    return texts.order_by("-status_changed_at", "-pk")


def texts_like(word: Word) -> list[QuerySet[TextDraft]]:
    """Return the texts that have `word` in the name of their row or provider, each kind by itself."""
    texts = TextDraft.objects.all()
    named = [texts.filter(about=about, row_id__in=_called(model, word)) for about, model in MODELS.items()]
    return [*named, texts.filter(provider__in=Provider.objects.filter(word.within("name")))]


def _called(model: type[Row], word: Word) -> QuerySet[Any]:
    return model._default_manager.filter(word.within(_named_by(model))).values("pk")


def _named_by(model: type[Row]) -> str:
    return "title" if model is FundUpdate else "name"


def _name_in(model: type[Row]) -> Subquery:
    rows = model._default_manager.filter(pk=OuterRef("row_id"))
    return Subquery(rows.values(_named_by(model))[:1])


def row_of(draft: TextDraft) -> Row | None:
    """Return the row whose words wait, None if it is gone."""
    return MODELS[draft.about]._default_manager.filter(pk=draft.row_id).first()


@dataclass(frozen=True)
class Named:
    """Words that wait, the row they belong to, and what it is called."""

    draft: TextDraft
    row: Row
    name: str


def named(drafts: Iterable[TextDraft]) -> list[Named]:
    """Return them with their names, read once for each kind; without those whose row is gone."""
    found = list(drafts)
    rows = {
        about: MODELS[about]._default_manager.in_bulk([each.row_id for each in found if each.about == about])
        for about in {each.about for each in found}
    }
    return [Named(each, row, str(row)) for each in found if (row := rows[each.about].get(each.row_id))]


def lay_over(row: Row) -> None:
    """Give `row` in memory the words that wait, to go on writing them."""
    draft = open_draft(row)
    for name, value in (draft.texts if draft else {}).items():
        setattr(row, name, value)


def texts_of_draft(draft: TextDraft) -> dict[str, str]:
    """Return the words that wait as one text per column."""
    return {name: in_words(value) for name, value in draft.texts.items()}


def in_words(value: Any) -> str:
    """Return a text, or a list of texts and facts, as one text."""
    if isinstance(value, Mapping):
        return ", ".join(in_words(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(in_words(each) for each in value)
    return "" if value is None else str(value)


def findings_of(draft: TextDraft, today: date, local: frozenset[str] | None = None) -> list[Finding]:
    """Return what the words that wait may give away, hard findings first; `local` is read if it is None."""
    local = city_words() if local is None else local
    return screen(texts_of_draft(draft), today=today, institution_parts=PLACES, local=local)


def changes_of(draft: TextDraft, row: Row, findings: list[Finding]) -> list[Change]:
    """Return what a release would change, in the order of the columns."""
    texts = texts_of_draft(draft)
    return [
        Change(
            label=capfirst(str(type(row)._meta.get_field(name).verbose_name)),  # type: ignore[union-attr]
            before="" if draft.is_new else in_words(getattr(row, name)),
            after=pieces(texts[name], [each for each in findings if each.part == name]),
        )
        for name in WORDS[draft.about]
        if name in texts
    ]
