"""The directory in the Human Services Data Specification 3.0 of Open Referral (docs.openreferral.org/en/3.0).

Angebote and Hilfetelefone are its services, Träger its organizations. Identifiers are UUIDs made of the
public address and stay as long as it. A schedule says when a service is open: of telephones that is known, in
words; when people come who help is none. What the directory does not hold (fees) is left out.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from programs.domain.choices import Topic
from programs.domain.contacts import ContactPart
from programs.models import City, HelpTelephone, Program, Provider

VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/3.0/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
Told = dict[str, Any]
Address = Callable[[str], str]
"""From a path to the address under which this installation is reached from outside."""
_POSTAL = re.compile(r"(?P<street>[^,]*\d[^,]*),\s*(?P<code>\d{5})\s+(?P<town>[^,]+)")


def service_id(program: Program, address: Address) -> UUID:
    """Return the identifier of an Angebot."""
    return uuid5(NAMESPACE_URL, address(program.get_absolute_url()))


def organization_id(provider: Provider, address: Address) -> UUID:
    """Return the identifier of a Träger."""
    return uuid5(NAMESPACE_URL, address(f"/hilfe/traeger/{provider.slug}/"))


def service_as_hsds(program: Program, address: Address) -> Told:
    """Return an Angebot with what there is once of it, as lists of services want it."""
    provider = program.provider
    told = {
        "id": str(service_id(program, address)),
        "name": program.name,
        "description": program.description,
        "url": address(program.get_absolute_url()),
        "status": "active",
        "email": _first(program, "mailto:"),
        "minimum_age": program.age_from,
        "maximum_age": program.age_to,
        "assured_date": program.contact_checked_on and program.contact_checked_on.isoformat(),
        "organization_id": provider and str(organization_id(provider, address)),
        "organization": provider and _organization(provider, address),
    }
    return _known(told)


def full_service_as_hsds(program: Program, *, city: City | None, address: Address) -> Told:
    """Return an Angebot with its telephones, areas, places and topics."""
    told = service_as_hsds(program, address)
    own = UUID(told["id"])
    return {
        **told,
        "phones": [
            {"id": _part(own, "phone", part.address), "service_id": told["id"], "number": part.text}
            for part in _contacts(program)
            if part.address.startswith("tel:")
        ],
        "service_areas": [
            {"id": _part(own, "area", name), "service_id": told["id"], "name": name}
            for name in _areas(program, city)
        ],
        "service_at_locations": [_at_location(program, own, city)] if program.site else [],
        "attributes": [_topic(Topic(topic), own, address) for topic in program.topics],
    }


def telephone_id(telephone: HelpTelephone, address: Address) -> UUID:
    """Return the identifier of a Hilfetelefon."""
    return uuid5(NAMESPACE_URL, address(f"/hilfe/#telefon-{telephone.pk}"))


def telephone_as_hsds(telephone: HelpTelephone, address: Address) -> Told:
    """Return a Hilfetelefon with what there is once of it, as lists of services want it."""
    told = {
        "id": str(telephone_id(telephone, address)),
        "name": telephone.name,
        "description": str(telephone.get_audience_display()),
        "url": address("/hilfe/"),
        "status": "active",
        "assured_date": telephone.contact_checked_on and telephone.contact_checked_on.isoformat(),
    }
    return _known(told)


def full_telephone_as_hsds(telephone: HelpTelephone, address: Address) -> Told:
    """Return a Hilfetelefon with its number and when somebody answers, as the source writes it."""
    told = telephone_as_hsds(telephone, address)
    own = UUID(told["id"])
    phone = {
        "id": _part(own, "phone", telephone.address),
        "service_id": told["id"],
        "number": telephone.number,
        "type": "voice",
    }
    times = {
        "id": _part(own, "schedule", telephone.hours),
        "service_id": told["id"],
        "description": telephone.hours,
    }
    return {**told, "phones": [phone], "schedules": [times] if telephone.hours else []}


def _topic(topic: Topic, own: UUID, address: Address) -> Told:
    """Return a topic of the service as a term of the taxonomy by which families look here."""
    taxonomy = uuid5(NAMESPACE_URL, address("/hilfe/"))
    term = {
        "id": str(uuid5(taxonomy, topic.value)),
        "code": topic.value,
        "name": str(topic.label),
        "description": str(topic.label),
        "language": "de",
        "taxonomy_id": str(taxonomy),
        "taxonomy_detail": {
            "id": str(taxonomy),
            "name": _("Themen"),
            "description": _("Wonach Familien im Verzeichnis suchen."),
            "uri": address("/hilfe/"),
        },
    }
    return {
        "id": _part(own, "topic", topic.value),
        "link_id": str(own),
        "link_entity": "service",
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }


def _organization(provider: Provider, address: Address) -> Told:
    return {
        "id": str(organization_id(provider, address)),
        "name": provider.name,
        "description": str(provider.get_kind_display()),
    }


def _contacts(program: Program) -> list[ContactPart]:
    return [*program.contact_parts, *program.provider_contact_parts]


def _first(program: Program, kind: str) -> str | None:
    """Return the first contact of a kind without what its address begins with, None if there is none."""
    ways = [part.address.removeprefix(kind) for part in _contacts(program) if part.address.startswith(kind)]
    return ways[0] if ways else None


def _areas(program: Program, city: City | None) -> list[str]:
    if program.is_city_wide:
        return [city.name] if city else []
    return [district.name for district in program.districts.all()]


def _at_location(program: Program, own: UUID, city: City | None) -> Told:
    place = _part(own, "location", program.site)
    location = {
        "id": place,
        "location_type": "physical",
        "name": program.site,
        "addresses": _addresses(program.site, place, city),
    }
    return {
        "id": _part(own, "at", program.site),
        "service_id": str(own),
        "location_id": place,
        "location": location,
    }


def _addresses(site: str, place: str, city: City | None) -> list[Told]:
    """Return the postal address where a place is written as one; HSDS knows none that lacks a part."""
    found = _POSTAL.fullmatch(site.strip())
    if found is None or not city:
        return []
    return [
        {
            "id": str(uuid5(UUID(place), "address")),
            "location_id": place,
            "address_1": found["street"].strip(),
            "city": found["town"].strip(),
            "state_province": city.state,
            "postal_code": found["code"],
            "country": "DE",
            "address_type": "physical",
        }
    ]


def _part(own: UUID, kind: str, text: str) -> str:
    return str(uuid5(own, f"{kind}:{text}"))


def _known(told: Told) -> Told:
    return {name: value for name, value in told.items() if value is not None}
