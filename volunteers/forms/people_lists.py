"""The lists of people and of dates: what each shows, and what may be asked of it by whom."""

from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.clock import utc_now
from foundation.formats import date_long, time_range
from foundation.lists.declaring import Column, Filter, Listing, only
from foundation.lists.searching import Word, in_any
from programs.models import Opportunity, Provider, Shift
from programs.selectors.districts import district_choices
from volunteers.models import Placement, Volunteer
from volunteers.models.volunteer import WHOLE_NAME
from volunteers.selectors.people_list import has_gap, looks_for_something

PLACED, LOOKING, NEITHER, UNREACHABLE, ON_PAPER = "einsatz", "sucht", "ruht", "unerreichbar", "brief"
PAST, ALL, GAP, FULL, CANCELLED = "vergangen", "alle", "luecke", "voll", "abgesagt"


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _districts() -> list[tuple[str, Any]]:
    return [("", _("Alle Stadtteile")), *district_choices()]


def _in_state(rows: QuerySet[Volunteer], state: str) -> QuerySet[Volunteer]:
    placed = Exists(Placement.objects.filter(volunteer=OuterRef("pk"), status__in=Placement.HOLDING))
    found = {
        PLACED: Q(placed),
        LOOKING: Q(looks_for_something()),
        NEITHER: ~Q(placed) & ~Q(looks_for_something()),
        UNREACHABLE: Q(mailbox__bounced_at__isnull=False),
        ON_PAPER: ~Q(mailbox__postal_address=""),
    }
    return rows.filter(found[state]) if state in found else rows


def person_list(providers: QuerySet[Provider]) -> Listing[Volunteer]:
    """Return the list of people, read with `selectors.people_list`; who is listed may be known in full.

    Placements are counted where `providers` have them, as everywhere in this list.
    """
    there = Q(placements__status__in=Placement.HOLDING, placements__opportunity__provider__in=providers)

    def name(row: Volunteer) -> str:
        return f"{row.first_name} {row.last_name}".strip()

    def reached(row: Volunteer) -> str:
        return ", ".join(filter(None, [row.phone, row.mailbox.shown_address]))

    return Listing(
        "menschen",
        {
            "name": Column(_("Name"), name, ("first_name", "last_name")),
            "reached": Column(_("Erreichbar"), reached, ("phone", "mailbox__email")),
            "placements": Column(
                _("Einsätze"),
                lambda row: vars(row)["running_placements"],
                ("all_running",),
                True,
                sums={"all_running": Count("placements", filter=there)},
            ),
            "asked": Column(_("Zuletzt gefragt"), lambda row: row.last_asked_at, ("last_asked_at",)),
            "since": Column(_("Dabei seit"), lambda row: row.confirmed_at, ("confirmed_at",)),
        },
        {
            "stand": Filter(
                _choice(
                    _("Wer"),
                    [
                        ("", _("Alle")),
                        (PLACED, _("im Einsatz")),
                        (LOOKING, _("sucht etwas")),
                        (NEITHER, _("gerade nichts von beidem")),
                        (UNREACHABLE, _("E-Mail kommt nicht an")),
                        (ON_PAPER, _("bekommt Briefe")),
                    ],
                ),
                _in_state,
            )
        },
        lambda word: Q(word.within(WHOLE_NAME)),
        usual=_("zuletzt Dazugekommene zuerst"),
    )


def _in_time(rows: QuerySet[Shift], when: str) -> QuerySet[Shift]:
    if when == ALL:
        return rows
    if when == PAST:
        return rows.filter(ends_at__lte=utc_now()).order_by("-starts_at", "-pk")
    return rows.filter(ends_at__gt=utc_now())


def _in_fill(rows: QuerySet[Shift], fill: str) -> QuerySet[Shift]:
    found = {
        GAP: Q(has_gap(), is_cancelled=False),
        FULL: ~Q(has_gap()) & Q(is_cancelled=False),
        CANCELLED: Q(is_cancelled=True),
    }
    return rows.filter(found[fill]) if fill in found else rows


def fill_of(shift: Shift) -> str:
    """Return in words whether enough people come."""
    if shift.is_cancelled:
        return gettext("fällt aus")
    told = vars(shift)
    return gettext("es fehlt jemand") if told["coming"] < told["needed"] else gettext("voll besetzt")


def _coming(shift: Shift) -> str:
    return gettext("%(coming)d von %(all)d") % {"coming": vars(shift)["coming"], "all": vars(shift)["needed"]}


_SEATS = {
    "all_coming": Sum("seats__places_taken", default=0),
    "all_needed": Sum("seats__places", default=0),
}


def _like(word: Word) -> Q:
    named = Opportunity.objects.filter(word.within("title") | word.within("site"))
    houses = Provider.objects.filter(word.within("name"))
    dates = Shift.objects.all()
    return in_any(dates.filter(opportunity__in=named), dates.filter(opportunity__provider__in=houses))


def date_list() -> Listing[Shift]:
    """Return the list of dates; those to come unless others are asked for."""
    return Listing(
        "termine",
        {
            "when": Column(
                _("Wann"),
                lambda row: f"{date_long(row.starts_at)}, {time_range(row.starts_at, row.ends_at)}",
                ("starts_at",),
            ),
            "task": Column(_("Angebot"), lambda row: row.opportunity.title, ("opportunity__title",)),
            "provider": Column(
                _("Träger"), lambda row: row.opportunity.provider.name, ("opportunity__provider__name",)
            ),
            "where": Column(
                _("Wo"),
                lambda row: f"{row.opportunity.site}, {row.opportunity.district.name}",
                ("opportunity__district__name", "opportunity__site"),
            ),
            "coming": Column(_("Kommen"), _coming, ("all_coming", "all_needed"), True, sums=_SEATS),
            "fill": Column(_("Stand"), fill_of, ("is_cancelled", "all_coming"), sums=_SEATS),
        },
        {
            "wann": Filter(
                _choice(_("Wann"), [("", _("Kommende")), (PAST, _("Vergangene")), (ALL, _("Alle"))]), _in_time
            ),
            "stand": Filter(
                _choice(
                    _("Stand"),
                    [
                        ("", _("Alle")),
                        (GAP, _("es fehlt jemand")),
                        (FULL, _("voll besetzt")),
                        (CANCELLED, _("fällt aus")),
                    ],
                ),
                _in_fill,
            ),
            "district": Filter(_choice(_("Stadtteil"), _districts), only("opportunity__district__slug")),
        },
        _like,
        usual=_("nächste zuerst"),
    )
