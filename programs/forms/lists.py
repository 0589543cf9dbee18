"""The list of tasks as those see it who run them, and what may be asked of it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word, in_any
from programs.domain.activities import VersionStatus
from programs.domain.choices import Field
from programs.domain.published import Published
from programs.models import District, Opportunity, Provider, TextDraft
from programs.selectors.districts import district_choices
from programs.selectors.text_drafts import texts_like

EVERY = "alle"


def _running_or(rows: QuerySet[Opportunity], status: str) -> QuerySet[Opportunity]:
    return rows.filter(status=status) if status else rows.exclude(status=Opportunity.Status.CLOSED)


def _districts() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Alle Stadtteile")), *district_choices()]


def _looked(word: Word) -> Q:
    tasks = Opportunity.objects.all()
    return in_any(
        tasks.filter(word.within("title") | word.within("site")),
        tasks.filter(provider__in=Provider.objects.filter(word.within("name"))),
        tasks.filter(district__in=District.objects.filter(word.within("name"))),
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
            "taken": Column(
                gettext_lazy("Vergeben"),
                _taken,
                ("all_taken", "all_places"),
                is_numeric=True,
                sums={"all_taken": Sum("roles__places_taken"), "all_places": Sum("roles__places")},
            ),
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


def _waiting_or(rows: QuerySet[TextDraft], status: str) -> QuerySet[TextDraft]:
    return rows if status == EVERY else rows.filter(status=status or VersionStatus.DRAFT)


def text_list() -> Listing[TextDraft]:
    """Return the list of published texts that wait for a second person; others only if they are asked for."""
    statuses = [each for each in VersionStatus.choices if each[0] != VersionStatus.DRAFT]
    return Listing(
        "texte",
        {
            "about": Column(gettext_lazy("Was"), lambda row: row.get_about_display(), ("about",)),
            "name": Column(gettext_lazy("Name"), lambda row: vars(row)["name"] or "", ("name",)),
            "provider": Column(
                gettext_lazy("Träger"),
                lambda row: row.provider.name if row.provider else "",
                ("provider__name",),
            ),
            "status": Column(gettext_lazy("Stand"), lambda row: row.get_status_display(), ("status",)),
            "since": Column(gettext_lazy("seit"), lambda row: row.status_changed_at, ("status_changed_at",)),
        },
        {
            "status": Filter(
                forms.ChoiceField(
                    label=gettext_lazy("Stand"),
                    required=False,
                    choices=[
                        ("", gettext_lazy("Wartende")),
                        *statuses,
                        (EVERY, gettext_lazy("Alle")),
                    ],
                ),
                _waiting_or,
            ),
            "about": Filter(
                forms.ChoiceField(
                    label=gettext_lazy("Was"),
                    required=False,
                    choices=[("", gettext_lazy("Alles")), *Published.choices],
                ),
                only("about"),
            ),
        },
        lambda word: in_any(*texts_like(word)),
        usual=gettext_lazy("zuletzt bewegte zuerst"),
    )
