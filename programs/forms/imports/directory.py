"""Services of other directories in HSDS 3 (Open Referral); nobody sees one here until it is read."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.tables.json_files import json_of
from foundation.tables.table import FileRefused, folded
from programs.domain.imports import Fault, ReadRow, RowFate, faulty, origin_key, with_key
from programs.forms.imports.cells import betrays, covered
from programs.models import Program, Provider
from programs.selectors.districts import districts_by_any_name
from programs.services.imports.running import made_before

SERVICES_MAX = 500
OLDEST = 120
Told = Mapping[str, Any]


def read_services(content: bytes, *, kind: str, source: str) -> list[ReadRow]:
    """Read the services of a list, of a page of `/services`, or one alone. Raises FileRefused."""
    services = _services(content)
    keys = {_text(each, "id"): origin_key(kind, None, source, _text(each, "id")) for each in services}
    known = made_before([key for key in keys.values() if key])
    providers = {folded(each.name): each for each in Provider.objects.all()}
    seen: set[str] = set()
    rows = []
    for line, service in enumerate(services, 1):
        is_known = keys[_text(service, "id")] in known
        row = _row(line, service, source, providers, is_known=is_known, seen=seen)
        rows.append(with_key(row, keys[_text(service, "id")]))
    return rows


def _services(content: bytes) -> list[Told]:
    told = json_of(content, _("Diese Datei ist kein JSON."))
    if isinstance(told, dict):
        told = told.get("contents", told.get("services", [told] if "id" in told else None))
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise FileRefused(_("Diese Datei ist keine Liste von Angeboten nach HSDS 3."))
    if not told or len(told) > SERVICES_MAX:
        raise FileRefused(
            _("Die Datei muss zwischen 1 und %(most)d Angeboten enthalten.") % {"most": SERVICES_MAX}
        )
    return told


def _row(
    line: int,
    service: Told,
    source: str,
    providers: Mapping[str, Provider],
    *,
    is_known: bool,
    seen: set[str],
) -> ReadRow:
    origin, faults = _text(service, "id"), []
    if not re.fullmatch(r"[A-Za-z0-9._:/+-]{1,80}", origin):
        faults.append(Fault("id", covered(origin), _("Die Kennung fehlt oder enthält andere Zeichen.")))
    if origin in seen:
        faults.append(Fault("id", covered(origin), _("Diese Kennung steht weiter oben schon einmal.")))
    seen.add(origin)
    if _text(service, "status") not in ("active", ""):
        faults.append(
            Fault("status", covered(_text(service, "status")), _("Nur was aktiv ist, wird gelesen."))
        )
    values = _values(service, source, providers)
    faults += _ages(service) + _judged(values)
    if faults:
        return faulty(line, *faults)
    return ReadRow(
        line=line,
        fate=RowFate.SAME if is_known else RowFate.NEW,
        label=values["name"],
        after=values["public_contact"] or values["site"],
        values=values,
    )


def _values(service: Told, source: str, providers: Mapping[str, Provider]) -> dict[str, Any]:
    """Return the columns of an Angebot, and the keys of what it belongs to."""
    house = service.get("organization")
    operator = _text(house, "name") if isinstance(house, dict) else ""
    provider = providers.get(folded(operator)) if operator else None
    areas = [_text(each, "name") for each in _list(service, "service_areas")]
    known = districts_by_any_name()
    districts = [known[folded(name)].pk for name in areas if folded(name) in known]
    return {
        "name": _text(service, "name"),
        "description": _text(service, "description") or _text(service, "name"),
        "operator": "" if provider else operator,
        "provider": provider.pk if provider else None,
        "public_contact": ", ".join(_contacts(service)),
        "site": _site(service),
        "area_label": "" if districts else ", ".join(filter(None, areas)),
        "districts": districts,
        "age_from": _age(service, "minimum_age"),
        "age_to": _age(service, "maximum_age"),
        "as_of": _text(service, "assured_date") or _text(service, "last_modified")[:10],
        "source": "; ".join(filter(None, (source, _text(service, "url")))),
    }


def _contacts(service: Told) -> list[str]:
    phones = [number for each in _list(service, "phones") if (number := _text(each, "number"))]
    return list(
        dict.fromkeys([*(f"Tel. {number}" for number in phones), *filter(None, [_text(service, "email")])])
    )


def _site(service: Told) -> str:
    for place in _list(service, "service_at_locations"):
        where = place.get("location")
        for address in _list(where if isinstance(where, dict) else {}, "addresses"):
            town = " ".join(filter(None, (_text(address, "postal_code"), _text(address, "city"))))
            return ", ".join(filter(None, (_text(address, "address_1"), town)))
    return ""


def _ages(service: Told) -> list[Fault]:
    faults = [
        Fault(name, covered(str(service[name])), _("Das ist kein Alter."))
        for name in ("minimum_age", "maximum_age")
        if service.get(name) is not None and _age(service, name) is None
    ]
    first, last = _age(service, "minimum_age"), _age(service, "maximum_age")
    if first is not None and last is not None and last < first:
        faults.append(Fault("maximum_age", str(last), _("Das Höchstalter liegt unter dem Mindestalter.")))
    return faults


def _age(service: Told, name: str) -> int | None:
    value = service.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and isinstance(value, int | float) and 0 <= value <= OLDEST else None


def _judged(values: Mapping[str, Any]) -> list[Fault]:
    """Let every text pass the door and the length of its column."""
    faults = []
    for name in (
        "name",
        "description",
        "operator",
        "public_contact",
        "site",
        "area_label",
        "as_of",
        "source",
    ):
        try:
            Program._meta.get_field(name).clean(values[name], None)  # type: ignore[union-attr]
        except ValidationError as error:
            betrayed = any(each.code == "betrays_somebody" for each in error.error_list)
            faults.append(Fault(name, "", betrays() if betrayed else " ".join(error.messages)))
    return faults


def _text(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _list(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = told.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
