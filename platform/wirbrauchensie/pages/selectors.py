"""What the home page shows of needs and purposes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from donations.selectors.funds import funds_that_take_gifts
from figures.selectors.published import people_needed
from foundation.formats import euro
from foundation.units import Cents
from programs.domain.choices import Field
from programs.models import City, Fund, Opportunity, Program
from programs.selectors.directory import listed_programs
from programs.selectors.opportunities import seeking_opportunities

FIELD_ICONS = {
    Field.EDUCATION: "book",
    Field.CULTURE: "palette",
    Field.LEISURE: "play",
    Field.HEALTH: "health",
    Field.SPORT: "sport",
}


@dataclass(frozen=True)
class Need:
    """An opportunity as a card of the home page; `meta` are (icon, text) lines."""

    title: str
    url: str
    eyebrow: str
    icon: str
    meta: list[tuple[str, str]]
    action: str


@dataclass(frozen=True)
class Purpose:
    """A fund as a card; `progress` is (raised, target, text) or None: no target, or too few givers."""

    title: str
    url: str
    text: str
    progress: tuple[int, int, str] | None
    action: str


@dataclass(frozen=True)
class FieldLink:
    """One of the five fields, leading to its opportunities."""

    label: str
    icon: str
    url: str


def program_of_the_appeal(city: City | None) -> Program | None:
    """Return the Angebot that explains why the city calls, if it names one that is listed."""
    slug = city.appeal_program if city else ""
    return listed_programs().filter(slug=slug).first() if slug else None


def most_wanted(today: date, count: int = 3) -> list[Need]:
    """Return published opportunities with free places, those of the districts that need most people first.

    The order tells nothing that the published figures do not tell: it never follows the places taken today.
    """
    seeking = seeking_opportunities(today).annotate(all_places=Sum("roles__places"))
    rows = seeking.order_by(people_needed().desc(), "-all_places", "id")[:count]
    return [_need(row) for row in rows]


def _need(row: Opportunity) -> Need:
    return Need(
        title=row.title,
        url=reverse("opportunity", args=[row.slug]),
        eyebrow=row.get_field_display(),
        icon=FIELD_ICONS[Field(row.field)],
        meta=[
            ("calendar", row.times_text),
            ("pin", row.district.name),
            ("people", _("noch Plätze frei")),
        ],
        action=_("Ansehen"),
    )


def open_purposes(count: int = 3) -> list[Purpose]:
    """Return funds that take gifts, the general one first."""
    return [_purpose(row) for row in funds_that_take_gifts()[:count]]


def _purpose(row: Fund) -> Purpose:
    progress = None
    raised_cents: Cents | None = row.published_cents  # type: ignore[attr-defined]
    if row.target_cents and raised_cents is not None:
        words = _("%(raised)s von %(target)s") % {
            "raised": euro(raised_cents),
            "target": euro(Cents(row.target_cents)),
        }
        progress = (raised_cents, row.target_cents, words)
    return Purpose(
        title=row.name,
        url=reverse("fund", args=[row.slug]),
        text=row.purpose,
        progress=progress,
        action=_("Mehr erfahren"),
    )


def field_links() -> list[FieldLink]:
    """Return the five fields with the address of their opportunities."""
    base = reverse("opportunities")
    return [FieldLink(str(field.label), FIELD_ICONS[field], f"{base}?field={field.value}") for field in Field]
