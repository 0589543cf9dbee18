"""What is told to a provider's program, how it is signed (Standard Webhooks 1), and where it may go."""

import base64
import hashlib
import hmac
import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from foundation.choices import TextChoices
from foundation.choices import noop as _

PREFIX = "whsec_"
_DISTANCES = (1, 5, 30, 120, 300, 600, 1440)
"""Minutes from one try to the next; after the last one nothing is tried any more."""
_OPEN_V6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is handed out for the open internet. What lies outside is local, special, or holds an
address of IPv4 that only the network at hand could judge (NAT64, RFC 6052 and 8215; SIIT, RFC 7915)."""
_NOT_SO_OPEN = [
    ipaddress.ip_network(each) for each in ("2002::/16", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")
]
"""Inside of what is open: 6to4, which holds an address of IPv4, its relays; manuals, protocols."""


class Told(TextChoices):
    """What has happened."""

    TASK_PUBLISHED = "task.published", _("Aufgabe veröffentlicht")
    TASK_CHANGED = "task.changed", _("Aufgabe geändert")
    TASK_CLOSED = "task.closed", _("Aufgabe beendet")
    DATE_ADDED = "date.added", _("Termin neu")
    DATE_MOVED = "date.moved", _("Termin verlegt")
    DATE_CANCELLED = "date.cancelled", _("Termin fällt aus")


class DeliveryStatus(TextChoices):
    """Where it is."""

    WAITING = "waiting", _("wartet")
    SENT = "sent", _("angekommen")
    PARKED = "parked", _("aufgegeben")


class Hitch(TextChoices):
    """Why a try came to nothing."""

    NO_NAME = "no_name", _("Der Name hat keine Adresse.")
    NOT_PUBLIC = "not_public", _("Der Name führt in ein privates Netz.")
    UNREACHABLE = "unreachable", _("Keine Verbindung.")
    NO_TLS = "no_tls", _("Das Zertifikat gilt nicht.")
    ANSWER = "answer", _("Die Antwort war kein Erfolg.")
    NO_SECRET = "no_secret", _("Das Geheimnis ist nicht mehr lesbar.")


def signature(secret: str, key: str, at: int, body: str) -> str:
    """Return the header `webhook-signature` of `body`, sent `at` seconds of the Unix clock."""
    known = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(known, f"{key}.{at}.{body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def distance(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries (from 1); None to give up."""
    return timedelta(minutes=_DISTANCES[tries - 1]) if tries <= len(_DISTANCES) else None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, local, shared, special or a group's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip not in _OPEN_V6:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_SO_OPEN)


def host_of(url: str) -> str:
    """Return the host of an address that may be told something. Raises ValueError for any other."""
    parts = urlsplit(url)
    is_plain = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
    if not is_plain or not parts.hostname or parts.fragment or not url.isascii() or not url.isprintable():
        raise ValueError(url)
    if " " in url:
        raise ValueError(url)
    return parts.hostname
