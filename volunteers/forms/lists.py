"""The lists of those who coordinate: what each shows, and what may be asked of it by whom.

Who offers time is named to a provider after the yes, and in full only while they are there. An order or a
search would tell the same, so each column and each search here keeps to that.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.formats import weekly_times
from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word, in_any
from programs.domain.choices import Field
from programs.models import Opportunity
from programs.selectors.districts import district_choices
from volunteers.models import Availability, Offer, Placement, TimePledge
from volunteers.selectors.people import called_like, people_like

RUNNING = [TimePledge.Status.OPEN, TimePledge.Status.PLACED, TimePledge.Status.PAUSED]


Choices = list[tuple[str, object]]


def _choice(label: Any, choices: Choices | Callable[[], Choices]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _tasks_like(word: Word) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(word.within("title"))


def _districts() -> Choices:
    return [("", _("Alle Stadtteile")), *district_choices()]


def _place(pledge: TimePledge) -> str:
    if pledge.home_district is None:
        return gettext("in der ganzen Stadt")
    near = {"km": pledge.max_distance_km, "district": pledge.home_district.name}
    return gettext("bis %(km)d km von %(district)s") % near


def _times(pledge: TimePledge) -> str:
    windows: Any = pledge.windows.all()
    return weekly_times(windows)


def _first_time() -> Subquery:
    """Return the first window of the week, as minutes since it began."""
    windows = Availability.objects.filter(pledge=OuterRef("pk")).order_by("weekday", "start_minute")
    begin = F("weekday") * 1440 + F("start_minute")
    return Subquery(windows.annotate(begin=begin).values("begin")[:1], output_field=IntegerField())


def _asked_for(pledge: TimePledge) -> str:
    questions: list[Offer] = getattr(pledge, "questions", [])
    return "; ".join(f"{each.title}: {each.get_status_display()}" for each in questions)


def _in_field(rows: QuerySet[TimePledge], field: str) -> QuerySet[TimePledge]:
    return rows.filter(fields__contains=[field]) if field else rows


def pledge_list(*, everybody: bool) -> Listing[TimePledge]:
    """Return the list of those who offer time; a promised day and the wish of a task only for `everybody`."""
    columns: dict[str, Column[TimePledge]] = {
        "person": Column(_("Person"), lambda row: row.volunteer.who, ("volunteer__first_name",)),
        "fields": Column(_("Handlungsfelder"), lambda row: row.fields_text, ("fields",)),
        "status": Column(_("Stand"), lambda row: row.get_status_display(), ("status",)),
        "hours": Column(_("Stunden je Woche"), lambda row: row.hours_per_week, ("hours_per_week",), True),
        "times": Column(_("Zeiten"), _times, (_first_time(),)),
        "place": Column(_("Wo"), _place, ("home_district__name", "max_distance_km")),
        "asked": Column(_("Anfragen"), _asked_for, ("volunteer__last_asked_at",) if everybody else ()),
    }
    if everybody:
        columns["due"] = Column(
            _("Antwort versprochen bis"),
            lambda row: row.answer_due_on if row.is_open else None,
            ("answer_due_at",),
        )
    statuses = [(each.value, each.label) for each in RUNNING]

    def looked(word: Word) -> Q:
        pledges = TimePledge.objects.all()
        found = [pledges.filter(volunteer__in=people_like(word))]
        if everybody:
            found.append(pledges.filter(wanted_opportunity__in=_tasks_like(word)))
        return in_any(*found)

    return Listing(
        "zeitzusagen",
        columns,
        {
            "status": Filter(_choice(_("Stand"), [("", _("Alle")), *statuses]), only("status")),
            "field": Filter(
                _choice(_("Handlungsfeld"), [("", _("Alle Handlungsfelder")), *Field.choices]), _in_field
            ),
            "district": Filter(_choice(_("Stadtteil"), _districts), only("home_district__slug")),
        },
        looked,
        usual=_("am längsten Wartende zuerst"),
    )


def offer_list(*, everybody: bool) -> Listing[Offer]:
    """Return the list of the questions; whom it was put to a provider learns with the yes."""
    said_yes = Q(status=Offer.Status.ACCEPTED)
    name = "pledge__volunteer__first_name"
    shown_name: str | Case = name if everybody else Case(When(said_yes, then=F(name)))

    def is_named(row: Offer) -> bool:
        return everybody or row.is_accepted

    def unnamed() -> str:
        return gettext("noch nicht genannt")

    def looked(word: Word) -> Q:
        offers = Offer.objects.all()
        if everybody:
            called = offers.filter(pledge__volunteer__in=people_like(word))
        else:
            called = offers.filter(said_yes, pledge__volunteer__in=called_like(word))
        return in_any(offers.filter(opportunity__in=_tasks_like(word)), called)

    statuses = [choice for choice in Offer.Status.choices if choice[0] != Offer.Status.PROPOSED]
    return Listing(
        "anfragen",
        {
            "person": Column(
                _("Person"),
                lambda row: row.who if is_named(row) else gettext("noch nicht genannt"),
                (shown_name,),
            ),
            "task": Column(_("Angebot"), lambda row: row.title, ("opportunity__title", "role__name")),
            "why": Column(
                _("Warum"),
                lambda row: " · ".join(row.reason_texts) if is_named(row) else "",
                ("score" if everybody else Case(When(said_yes, then=F("score"))),),
            ),
            "sent": Column(_("Gefragt am"), lambda row: row.sent_at, ("sent_at",)),
            "status": Column(_("Stand"), lambda row: row.get_status_display(), ("status", "expires_at")),
        },
        {"status": Filter(_choice(_("Stand"), [("", _("Alle")), *statuses]), only("status"))},
        looked,
        usual=_("neueste zuerst"),
    )


def placement_list() -> Listing[Placement]:
    """Return the list of the placements; a family name is searched while somebody is there, not after."""
    there = Q(status__in=Placement.HOLDING)

    def looked(word: Word) -> Q:
        placements = Placement.objects.all()
        return in_any(
            placements.filter(volunteer__in=called_like(word)),
            placements.filter(there, volunteer__in=people_like(word)),
            placements.filter(opportunity__in=_tasks_like(word)),
        )

    def narrow(rows: QuerySet[Placement], status: str) -> QuerySet[Placement]:
        return rows.filter(status=status) if status else rows.filter(there)

    return Listing(
        "einsaetze",
        {
            "person": Column(_("Person"), lambda row: row.who, ("volunteer__first_name",)),
            "task": Column(_("Angebot"), lambda row: row.title, ("opportunity__title", "role__name")),
            "status": Column(_("Stand"), lambda row: row.get_status_display(), ("status",)),
            "since": Column(_("seit"), lambda row: row.status_changed_at, ("status_changed_at",)),
        },
        {"status": Filter(_choice(_("Stand"), [("", _("Laufende")), *Placement.Status.choices]), narrow)},
        looked,
        usual=_("zu entscheidende zuerst"),
    )
