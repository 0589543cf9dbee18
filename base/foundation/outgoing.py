"""Whom this process may connect to: a list of hosts and ports, kept below every library.

Python asks a hook before it resolves a name or opens a connection, whoever wants to: the name must be on the
list with its port, the address be one that such a name was resolved to. Sockets of this machine are no
network. The driver of the database resolves its names by Python and connects without it.
"""

import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Place = tuple[str, int]
"""A host in small letters, or an address, and a port."""
_NETWORKS = (socket.AF_INET, socket.AF_INET6)


class NotAllowed(PermissionError):
    """An OSError, so that every library takes it for a server that cannot be reached."""


class _Thread(threading.local):
    def __init__(self) -> None:
        self.named: Place | None = None
        self.found: set[Place] = set()


_thread = _Thread()


def confine(places: Iterable[Place]) -> None:
    """From now on this process connects to these places only; it cannot be taken back."""
    known = set(places)
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        """Resolve as ever, and take note of the addresses."""
        answer = resolve(host, port, *args, **kwargs)
        found = {_place(*each[4][:2]) for each in answer}
        (known if _place(host, port) in known else _thread.found).update(found)
        return answer

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.getaddrinfo" and args[0] is not None:
            _refuse_others(known, _place(args[0], args[1]))
        elif event == "socket.connect" and args[0].family in _NETWORKS:
            _refuse_others(known, _place(*args[1][:2]))

    socket.getaddrinfo = getaddrinfo
    sys.addaudithook(look)


@contextmanager
def also(host: str, port: int) -> Iterator[None]:
    """Let this thread connect to one more place, which somebody has named who may."""
    _thread.named, _thread.found = _place(host, port), set()
    try:
        yield
    finally:
        _thread.named, _thread.found = None, set()


def _refuse_others(known: set[Place], place: Place) -> None:
    if place not in known and place != _thread.named and place not in _thread.found:
        raise NotAllowed(f"{place[0]}:{place[1]} is nobody whom this process may talk to (OUTGOING_HOSTS)")


def _place(host: Any, port: Any) -> Place:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return name.lower().rstrip("."), int(port) if str(port).isdigit() else 0
