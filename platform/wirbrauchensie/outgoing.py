"""Whom the product talks to, read from the settings that say so."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from foundation.outgoing import Place

_PORTS = {"http": 80, "https": 443, "redis": 6379, "rediss": 6379}
_POSTGRESQL = 5432


def places_of(urls: Iterable[str], database: Mapping[str, Any], further: Iterable[str]) -> list[Place]:
    """Return host and port of each address, of the database, and of what the operator adds as host:port.

    Whatever is reached by a socket of this machine has no host. Raises ImproperlyConfigured.
    """
    found = {_of_url(each) for each in urls} | {_of_operator(each) for each in further}
    servers = str(database["HOST"]).lower().split(",")  # the driver tries one after the other
    found |= {(each, int(database["PORT"] or _POSTGRESQL)) for each in servers if not each.startswith("/")}
    return sorted(place for place in found if place[0])


def _of_url(url: str) -> Place:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS and parts.port is None:
        return "", 0
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]


def _of_operator(text: str) -> Place:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ImproperlyConfigured("OUTGOING_HOSTS names hosts with their ports, host:port, by commas.")
    return host.strip("[]").lower().rstrip("."), int(port)
