"""From an address to the networks it stands in, so that limits count neighbours and not spellings."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


@dataclass(frozen=True)
class Network:
    """A network by name; it may do `share` times what one household may."""

    name: str
    share: int


# A household has an IPv6 /64, often a /56, a site a /48 with 65,536 of the first (RFC 6177).
_SHARES = {4: {32: 1, 24: 8}, 6: {64: 1, 56: 4, 48: 16}}


def plain_address(text: str) -> str:
    """Return the one spelling of an address, without port, brackets or zone; "" if `text` is none.

    An IPv4 address written as IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
    """
    address = _parsed(text.strip())
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address or "")


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def networks_of(address: str) -> list[Network]:
    """Return the networks of `address`, the narrowest first; what is no address stands for itself."""
    plain = plain_address(address)
    if not plain:
        return [Network(address, 1)]
    shares = _SHARES[ip_address(plain).version]
    return [
        Network(str(ip_network(f"{plain}/{length}", strict=False)), share) for length, share in shares.items()
    ]
