"""REDIS_URL into Celery's address of its broker: over TCP, with or without TLS, or a Unix socket."""

import ssl
from socket import socket
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from kombu.transport.redis import Channel
from redis.connection import SSLConnection

_SCHEMES = ("redis", "rediss", "redis+socket")
_TLS = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}
_ALWAYS = {"ssl_cert_reqs": "CERT_REQUIRED", "ssl_check_hostname": "true"}


def broker(redis_url: str) -> str:
    """Return the address as kombu reads it; with rediss:// the server must prove the name by its certificate.

    Left alone kombu takes rediss:// without words about certificates to mean that any will do.
    `?ssl_ca_certs=/path` names whom to believe (else whom the system does), `&ssl_certfile=/path` the own
    certificate, `&ssl_keyfile=/path` its key where that is not in the same file.
    Raises ImproperlyConfigured for another scheme or another word after ? of rediss://.
    """
    parts = urlsplit(redis_url)
    if parts.scheme not in _SCHEMES or not redis_url.startswith(f"{parts.scheme}://"):
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or redis+socket://.")
    if parts.scheme != "rediss":
        return redis_url
    wishes = dict(parse_qsl(parts.query))
    if not set(wishes) <= _TLS:
        raise ImproperlyConfigured(f"After ? REDIS_URL may say {', '.join(sorted(_TLS))}, nothing else.")
    return urlunsplit(parts._replace(query=urlencode({**wishes, **_ALWAYS}, safe="/")))


class OurAuthoritiesAlone(SSLConnection):
    """Believes those whom the address names and nobody else; redis-py adds those whom the system believes.

    That also takes longer than all the rest: a hundred certificates are read for each connection.
    """

    def _wrap_socket_with_ssl(self, sock: socket) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.ca_certs)
        if self.certfile:
            context.load_cert_chain(self.certfile, self.keyfile)
        return context.wrap_socket(sock, server_hostname=self.host)


Channel.connection_class_ssl = OurAuthoritiesAlone
