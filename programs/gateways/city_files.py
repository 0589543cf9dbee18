"""Reading the folder of a city: JSON files whose shape is checked before anything is loaded."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from foundation.ibans import is_iban
from programs.gateways import borders

DATA_ROOT = Path(__file__).resolve().parents[1] / "data"
TELEPHONES = "help_telephones.json"
ACTIVITIES = "activities.json"
DECLARATIONS = "declarations.json"
SCHOOL_HOLIDAYS = "school_holidays.json"
Row = dict[str, Any]


class CityDataError(Exception):
    """The city's files cannot be loaded; the message says which file, which entry and why, in German."""


@dataclass(frozen=True)
class Shape:
    """Which keys an entry must and may have."""

    required: frozenset[str]
    optional: frozenset[str]


def _shape(required: str, optional: str = "") -> Shape:
    return Shape(frozenset(required.split()), frozenset(optional.split()))


CITY = _shape(
    "name state official_key postal_address represented_by call call_source",
    "contact_email contact_phone youth_office_phone youth_office_phone_source youth_office_phone_checked_on"
    " sign_language_url appeal appeal_text appeal_program help_intro"
    " map_attribution map_is_schematic figures unconfirmed",
)
DISTRICT = _shape("name longitude latitude figures", "borough geometry_note note need_weight short_name slug")
FIGURE = _shape("kind value year source")
PROVIDER = _shape(
    "name kind source",
    "slug name_dative issuer_kind is_youth_office is_verified address public_contact contact_checked_on note",
)
PROGRAM = _shape(
    "name description source confidence",
    "slug provider operator partners fields topics age_from age_to districts is_city_wide area_label site"
    " is_core_system shows_emergency_hint public_contact contact_checked_on as_of has_ended is_listed"
    " part_of part_count",
)
FUND = _shape("name provider purpose fallback_purpose", "slug program district field is_general is_open")
TELEPHONE = _shape("name number audience source as_of", "hours contact_checked_on is_listed")
ACTIVITY = _shape(
    "name explanation contact_with_minors clearance_required answers reasons source",
    "two_adults overnight minimum_age training self_commitment measles_sites",
)
DECLARATION = _shape("text source")
SCHOOL_HOLIDAY = _shape("name first_on last_on")
DEMO_PROVIDER = _shape(
    "",
    "is_verified protection_concept_on protection_concept_review_on safeguarding_contact coordination_email"
    " stripe_account account_holder_name iban note",
)
DEMO_FUND = _shape("", "target_cents unit_cents unit_label has_example_figures")


@dataclass(frozen=True)
class CityFolder:
    """All entries of a city by their keys; figures lie in each district's `figures`."""

    slug: str
    city: Row
    districts: dict[str, Row]
    providers: dict[str, Row]
    programs: dict[str, Row]
    funds: dict[str, Row]
    telephones: dict[str, Row]
    activities: dict[str, Row]
    declarations: dict[str, Row]
    school_holidays: dict[str, Row]


def read_city(slug: str, *, with_demo_values: bool, root: Path = DATA_ROOT) -> CityFolder:
    """Read `root/slug`. Example values (targets, test accounts) come in only `with_demo_values`.

    Raises CityDataError.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise CityDataError(_("»%(slug)s« ist kein Name eines Ordners mit Stadtdaten.") % {"slug": slug})
    folder = root / slug
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in root.iterdir() if each.is_dir())) or "–"
        raise CityDataError(
            _("Für »%(slug)s« gibt es keinen Ordner. Vorhanden: %(known)s.") % {"slug": slug, "known": known}
        )
    providers = _entries(folder, "providers.json", "providers", PROVIDER)
    programs = _entries(folder, "programmes.json", "programmes", PROGRAM)
    funds = _entries(folder, "funds.json", "funds", FUND)
    _merge(programs, _texts(folder), "pages.json")
    if with_demo_values and (folder / "demo.json").exists():
        _merge(providers, _entries(folder, "demo.json", "providers", DEMO_PROVIDER), "demo.json")
        _merge(funds, _entries(folder, "demo.json", "funds", DEMO_FUND), "demo.json")
    _check_ibans(providers)
    phones = _with_own(folder, TELEPHONES, "telephones", TELEPHONE)
    city = _read(folder, "city.json")
    _check(city, CITY, "city.json")
    return CityFolder(
        slug,
        _known(city, CITY),
        _districts(folder),
        providers,
        programs,
        funds,
        {key: {**row, "position": place} for place, (key, row) in enumerate(phones.items(), 1)},
        _with_own(folder, ACTIVITIES, "activities", ACTIVITY),
        _with_own(folder, DECLARATIONS, "declarations", DECLARATION),
        _if_there(folder, SCHOOL_HOLIDAYS, "school_holidays", SCHOOL_HOLIDAY),
    )


def _check_ibans(providers: dict[str, Row]) -> None:
    """Nobody transfers to an account that cannot be. Raises CityDataError, with the entry named."""
    for name, row in providers.items():
        iban = row.get("iban")
        if iban and not (isinstance(iban, str) and is_iban(iban)):
            raise CityDataError(
                _("Der Träger »%(name)s« hat eine IBAN, die nicht stimmen kann: %(iban)s")
                % {"name": row.get("name", name), "iban": iban}
            )


def _read(folder: Path, name: str) -> Row:
    try:
        parsed = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CityDataError(_("Die Datei %(name)s fehlt.") % {"name": name}) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CityDataError(_("%(name)s ist kein JSON: %(why)s") % {"name": name, "why": error}) from error
    if not isinstance(parsed, dict):
        raise CityDataError(_("%(name)s muss ein JSON-Objekt enthalten.") % {"name": name})
    if not parsed.get("source"):
        raise CityDataError(
            _("%(name)s nennt nicht unter »source«, woher die Angaben stammen.") % {"name": name}
        )
    return parsed


def _entries(folder: Path, name: str, part: str, shape: Shape) -> dict[str, Row]:
    rows = _read(folder, name).get(part)
    if not _are_rows(rows):
        raise _no_rows(name, part)
    entries: dict[str, Row] = {}
    for row in rows:
        key = _key(row.get("key"), name)
        if key in entries:
            raise CityDataError(_("%(name)s: »%(key)s« kommt zweimal vor.") % {"name": name, "key": key})
        _check(row, shape, f"{name}, »{key}«", extra=("key",))
        entries[key] = _known(row, shape)
    return entries


def _are_rows(told: Any) -> TypeGuard[list[Row]]:
    return isinstance(told, list) and all(isinstance(row, dict) for row in told)


def _no_rows(name: str, part: str) -> CityDataError:
    return CityDataError(
        _("%(name)s: »%(part)s« muss eine Liste von Objekten sein.") % {"name": name, "part": part}
    )


def _key(key: object, where: str) -> str:
    if not isinstance(key, str) or not re.fullmatch(r"[a-z0-9-]{1,80}", key):
        raise CityDataError(
            _("%(where)s: Schlüssel %(key)r muss aus Kleinbuchstaben, Ziffern und »-« bestehen.")
            % {"where": where, "key": key}
        )
    return key


def _check(row: Row, shape: Shape, where: str, extra: Iterable[str] = ()) -> None:
    missing = sorted(shape.required - row.keys())
    if missing:
        raise CityDataError(_("%(where)s: es fehlt %(keys)s.") % {"where": where, "keys": ", ".join(missing)})
    unknown = sorted(row.keys() - shape.required - shape.optional - {"source", *extra})
    if unknown:
        raise CityDataError(
            _("%(where)s: unbekannte Angabe %(keys)s.") % {"where": where, "keys": ", ".join(unknown)}
        )


def _known(row: Row, shape: Shape) -> Row:
    return {key: value for key, value in row.items() if key in shape.required | shape.optional}


def _with_own(folder: Path, name: str, part: str, shape: Shape) -> dict[str, Row]:
    """Return what holds in the whole country, then what the city's own file (optional) adds or replaces."""
    return _entries(DATA_ROOT, name, part, shape) | _if_there(folder, name, part, shape)


def _if_there(folder: Path, name: str, part: str, shape: Shape) -> dict[str, Row]:
    return _entries(folder, name, part, shape) if (folder / name).exists() else {}


def _texts(folder: Path) -> dict[str, Row]:
    pages = _read(folder, "pages.json").get("pages")
    if not isinstance(pages, dict) or not all(isinstance(text, str) for text in pages.values()):
        raise CityDataError(_("pages.json: »pages« muss Texte nach dem Schlüssel ihres Angebots enthalten."))
    return {key: {"page_text": text} for key, text in pages.items()}


def _merge(entries: dict[str, Row], additions: dict[str, Row], name: str) -> None:
    for key, addition in additions.items():
        if key not in entries:
            raise CityDataError(
                _("%(name)s: »%(key)s« gibt es in den Daten der Stadt nicht.") % {"name": name, "key": key}
            )
        entries[key] = {**entries[key], **addition}


def _districts(folder: Path) -> dict[str, Row]:
    """Return the features of districts.geojson, each with its tile of tiles.json."""
    tiles = _read(folder, "tiles.json").get("tiles")
    features = _read(folder, "districts.geojson").get("features")
    if not isinstance(tiles, dict) or not _are_rows(features):
        raise CityDataError(_("tiles.json braucht »tiles«, districts.geojson braucht »features«."))
    districts: dict[str, Row] = {}
    for feature in features:
        key = _key(feature.get("id"), "districts.geojson")
        where = f"districts.geojson, »{key}«"
        properties = feature.get("properties") or {}
        _check(properties, DISTRICT, where)
        if not _are_rows(properties["figures"]):
            raise _no_rows(where, "figures")
        for figure in properties["figures"]:
            _check(figure, FIGURE, where)
        districts[key] = {
            **_known(properties, DISTRICT),
            "geometry": _shape_of(feature, where),
            **_tile(tiles.get(key), key),
        }
    return districts


def _shape_of(feature: Row, where: str) -> Row:
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise CityDataError(
            _("%(where)s: der Umriss muss ein Polygon oder MultiPolygon sein.") % {"where": where}
        )
    try:
        borders.rings_of(geometry)
    except borders.OutlineRefused as refusal:
        raise CityDataError(f"{where}: {refusal}") from refusal
    return geometry


def _tile(tile: object, key: str) -> Row:
    if not isinstance(tile, list) or len(tile) != 2:
        raise CityDataError(_("tiles.json: für »%(key)s« fehlt die Kachel [Spalte, Zeile].") % {"key": key})
    return {"tile_column": tile[0], "tile_row": tile[1]}
