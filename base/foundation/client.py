"""Whose request this is, as far as limits need to know."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the network address of the client.

    X-Forwarded-For counts only as far as TRUSTED_PROXY_COUNT hops reach; with none it is ignored. IPv6
    addresses are cut to their /64, one household's share.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    address = request.META.get("REMOTE_ADDR", "")
    if hops:
        chain = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        address = chain[-hops] if len(chain) >= hops else address
    return ":".join(address.split(":")[:4]) if ":" in address else address
