"""Calls of Stripe over HTTP that end when their time is over, whatever the other side does.

A timeout of a socket begins anew with every byte that comes: who answers a byte a second is waited for
without end. So a clock runs beside each try and shuts its line, in whatever state it is: shaking hands, or
reading the head or the body of the answer. A name with many addresses, none of which answers, has no time of
its own for each either: they are tried one after the other until the time of the try is over.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from types import TracebackType
from typing import Any

import requests
import stripe
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError
from urllib3.util.connection import allowed_gai_family

TO_CONNECT = 0.25  # the part of the time until Stripe has taken the call; the rest is for its answer


class InTime(stripe.HTTPClient):
    """A try takes no longer than the seconds that `seconds_left` tells when it begins."""

    name = "requests"

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        super().__init__()
        self._seconds_left = seconds_left
        self._kept = threading.local()

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Return body, status and head of the answer, as the clients of the SDK do.

        Raises stripe.APIConnectionError.
        """
        seconds = self._seconds_left()
        connecting = seconds * TO_CONNECT
        about = {"headers": headers, "data": post_data, "verify": stripe.ca_bundle_path}
        with _Clock(seconds) as clock:
            try:
                timeout = (connecting, seconds - connecting)
                answer = self._session().request(method, url, timeout=timeout, **about)
            except (requests.RequestException, OSError) as error:
                raise _failed(error) from error
        if clock.is_over:
            raise stripe.APIConnectionError("The time was over.", should_retry=True)
        return answer.content, answer.status_code, answer.headers

    def _session(self) -> requests.Session:
        """One for each thread: no line is shut that another one speaks on."""
        if getattr(self._kept, "session", None) is None:
            self._kept.session = requests.Session()
            for scheme in ("http://", "https://"):
                self._kept.session.mount(scheme, _Adapter())
        session: requests.Session = self._kept.session
        return session

    def close(self) -> None:
        if getattr(self._kept, "session", None) is not None:
            self._kept.session.close()


def _failed(error: Exception) -> stripe.APIConnectionError:
    """A certificate that is not Stripe's is none at the next try either."""
    is_worth_a_try = not isinstance(error, requests.exceptions.SSLError)
    return stripe.APIConnectionError(type(error).__name__, should_retry=is_worth_a_try)


class _Clock:
    """Shuts the line of the try that this thread makes meanwhile, once its seconds are over."""

    running = threading.local()

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._ends_at = monotonic() + seconds
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> "_Clock":
        self.running.clock = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self.running.clock = None
        with self._lock:
            self._let_go()

    def seconds_left(self) -> float:
        """Return how long the try may still take, nothing once it is over."""
        return max(0.0, self._ends_at - monotonic())

    def watch(self, line: socket.socket) -> None:
        """Take note of the line by a handle of its own: TLS takes the socket over, an answer may close it."""
        with self._lock:
            self._let_go()
            self._line = socket.socket(fileno=os.dup(line.fileno()))
            if self.is_over:
                self._shut()

    def _ring(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        if self._line is not None:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was faster

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _clock() -> _Clock | None:
    return getattr(_Clock.running, "clock", None)


def _watch(line: socket.socket) -> None:
    clock = _clock()
    if clock is not None:
        clock.watch(line)


def _addresses(name: str, port: int) -> list[str]:
    found = socket.getaddrinfo(name.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
    return [str(address[0]) for *_kind, address in found]


class _Line(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = self._first_that_answers()
        line.settimeout(self.timeout)
        _watch(line)
        return line

    def _first_that_answers(self) -> socket.socket:
        """Connect to the first address that answers, as long as there is time for another."""
        clock, name, most = _clock(), self._dns_host, self.timeout
        failed: Exception = ConnectTimeoutError(self, "no time left")
        for address in _addresses(name, self.port):
            left = most if clock is None or most is None else min(most, clock.seconds_left())
            if left == 0:
                break
            self._dns_host, self.timeout = address, left
            try:
                return super()._new_conn()
            except HTTPError as error:
                failed = error
            finally:
                self._dns_host, self.timeout = name, most
        raise failed

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            _watch(self.sock)
        super().request(*args, **kwargs)


class _SafeLine(HTTPSConnection, _Line):
    """The same over TLS."""


class _Lines(HTTPConnectionPool):
    ConnectionCls = _Line


class _SafeLines(HTTPSConnectionPool):
    ConnectionCls = _SafeLine


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Lines, "https": _SafeLines}
