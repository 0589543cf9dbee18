"""Published words in the administration: what is typed waits for a second person, all else holds at once."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.clock import utc_now
from programs.domain.published import SHOWN_BY, WORDS
from programs.models import TextDraft
from programs.selectors.text_drafts import kind_of, lay_over, open_draft
from programs.services.text_drafts import begin_new, forget_draft, keep_hidden, write_words

Published = TypeVar("Published", bound=Model)


class SecondPersonAdmin(admin.ModelAdmin[Published]):
    """For a kind of published text: its form changes the words that wait, the row keeps the old ones.

    A new row is hidden until its words are released; before that nobody ticks it public.
    """

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            lay_over(row)
        return row

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        draft = open_draft(obj) if obj is not None else None
        is_unread = obj is None or (draft is not None and draft.is_new)
        return (*fields, *self._flags()) if is_unread else fields

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Write only what was changed: counters may have moved since the form was read."""
        if not change:
            keep_hidden(obj)
            obj.save()
            self._tell(request, begin_new(obj, by=_person(request), now=utc_now()))
        else:
            self._tell(request, save_changed(request, obj, form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """What waits of its words goes along."""
        forget_draft(kind_of(obj), obj.pk)
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Likewise for several."""
        for row in queryset:
            self.delete_model(request, row)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Let news wait likewise; rows without published words are simply saved."""
        if not isinstance(formset, WaitingFormSet):
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            forget_draft(kind_of(gone), gone.pk)
            gone.delete()
        for row in formset.new_objects:
            keep_hidden(row)
            row.save()
            self._tell(request, begin_new(row, by=_person(request), now=utc_now()))
        for row, changed in formset.changed_objects:
            self._tell(request, save_changed(request, row, changed))

    def _flags(self) -> tuple[str, ...]:
        return SHOWN_BY.get(kind_of(self.model()), ())

    def _tell(self, request: HttpRequest, draft: TextDraft | None) -> None:
        if draft is not None:
            link = reverse("coordination_text", args=[draft.pk])
            said = _("Die Texte warten auf eine zweite Person; bis dahin bleibt öffentlich, was es ist.")
            self.message_user(
                request, format_html('{} <a href="{}">{}</a>', said, link, _("Ansehen")), messages.WARNING
            )


class WaitingFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Rows below another one, each with the words of it that wait."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows as they are written; once, for the forms work on these very rows."""
        if hasattr(self, "_queryset"):
            return self._queryset
        rows = super().get_queryset()
        for row in rows:
            lay_over(row)
        return rows


def save_changed(request: HttpRequest, row: Any, changed: Iterable[str]) -> TextDraft | None:
    """Save the changed columns of `row`, words of them as what waits; `row` keeps the public ones."""
    words = WORDS[kind_of(row)]
    written = {name: getattr(row, name) for name in changed if name in words}
    draft = write_words(row, written, by=_person(request), now=utc_now()) if written else None
    row.refresh_from_db(fields=words)
    own = {field.name for field in row._meta.concrete_fields}
    row.save(update_fields=[name for name in changed if name in own and name not in words])
    return draft


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
