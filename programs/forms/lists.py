"""The list of tasks as those see it who run them, and what may be asked of it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word
from programs.domain.choices import Field
from programs.models import Opportunity
from programs.selectors.districts import district_choices


def _running_or(rows: QuerySet[Opportunity], status: str) -> QuerySet[Opportunity]:
    return rows.filter(status=status) if status else rows.exclude(status=Opportunity.Status.CLOSED)


def _districts() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Alle Stadtteile")), *district_choices()]


def _looked(word: Word) -> Q:
    return (
        Q(word.within("title"))
        | Q(word.within("site"))
        | Q(word.within("provider__name"))
        | Q(word.within("district__name"))
    )


def _when_and_where(task: Opportunity) -> str:
    return f"{task.times_text} · {task.district.name}"


def _taken(task: Opportunity) -> str:
    return _("%(taken)d von %(all)d") % {"taken": task.places_taken, "all": task.places}


def task_list() -> Listing[Opportunity]:
    """Return the list of one's own tasks; ended ones only if they are asked for."""
    return Listing(
        "engagementangebote",
        {
            "title": Column(gettext_lazy("Titel"), lambda row: row.title, ("title",)),
            "status": Column(gettext_lazy("Stand"), lambda row: row.get_status_display(), ("status",)),
            "provider": Column(gettext_lazy("Träger"), lambda row: row.provider.name, ("provider__name",)),
            "where": Column(gettext_lazy("Wann und wo"), _when_and_where, ("district__name",)),
            "taken": Column(gettext_lazy("Vergeben"), _taken, ("all_taken", "all_places"), is_numeric=True),
        },
        {
            "status": Filter(
                forms.ChoiceField(
                    label=gettext_lazy("Stand"),
                    required=False,
                    choices=[("", gettext_lazy("Alle laufenden")), *Opportunity.Status.choices],
                ),
                _running_or,
            ),
            "field": Filter(
                forms.ChoiceField(
                    label=gettext_lazy("Handlungsfeld"),
                    required=False,
                    choices=[("", gettext_lazy("Alle Handlungsfelder")), *Field.choices],
                ),
                only("field"),
            ),
            "district": Filter(
                forms.ChoiceField(label=gettext_lazy("Stadtteil"), required=False, choices=_districts),
                only("district__slug"),
            ),
        },
        _looked,
        usual=gettext_lazy("zuletzt bewegte zuerst"),
    )
