"""Whose request this is, as far as limits need to know."""

from django.conf import settings
from django.http import HttpRequest

from foundation.networks import plain_address


def client_address(request: HttpRequest) -> str:
    """Return the network address of the client in its one spelling, "" if there is none (a Unix socket).

    X-Forwarded-For counts only as far as TRUSTED_PROXY_COUNT hops reach; with none it is ignored. What is no
    address there leaves the hop that sent it.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    sender = plain_address(request.META.get("REMOTE_ADDR", ""))
    if not hops:
        return sender
    chain = [part for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return (plain_address(chain[-hops]) if len(chain) >= hops else "") or sender
