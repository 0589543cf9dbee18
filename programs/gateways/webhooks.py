"""Telling a stranger's server something, without being led into our own network.

The name is resolved once; every address it has must be public, and the connection goes to one of these, not
to what the name may mean a moment later. No redirect is followed, and of the answer only the status is read.
"""

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from foundation.outgoing import also
from programs.domain.webhooks import Hitch, host_of, is_public

CONNECT_SECONDS = 5
WHOLE_SECONDS = 15


class Refused(Exception):
    """Nothing was sent, or nothing that helps came back; `answer` is its status, if there was one."""

    def __init__(self, hitch: Hitch, answer: int | None = None) -> None:
        super().__init__(hitch)
        self.hitch, self.answer = hitch, answer


class _Pinned(HTTPSConnection):
    """A connection to `address` with somebody who can prove to be `host`."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, timeout=CONNECT_SECONDS)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, 443), CONNECT_SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send `body`; return the status (2xx). Raises Refused."""
    try:
        host = host_of(url)
    except ValueError as error:
        raise Refused(Hitch.NO_NAME) from error
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connected(host)
    answer = _answer(connection, path, body, headers)
    if not 200 <= answer < 300:
        raise Refused(Hitch.ANSWER, answer)
    return answer


def _connected(host: str) -> _Pinned:
    with also(host, 443):
        connection = _Pinned(host, _address_of(host))
        try:
            connection.connect()
        except ssl.SSLError as error:
            raise Refused(Hitch.NO_TLS) from error
        except OSError as error:
            raise Refused(Hitch.UNREACHABLE) from error
    return connection


def _answer(connection: _Pinned, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Return the status; somebody who answers byte by byte is hung up on."""
    end = Timer(WHOLE_SECONDS, connection.sock.shutdown, [socket.SHUT_RDWR])
    end.daemon = True
    end.start()
    try:
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Refused(Hitch.UNREACHABLE) from error
    finally:
        end.cancel()
        connection.close()


def _address_of(host: str) -> str:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(Hitch.NO_NAME) from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses:
        raise Refused(Hitch.NO_NAME)
    if not all(map(is_public, addresses)):
        raise Refused(Hitch.NOT_PUBLIC)
    return addresses[0]
