"""Calls of Stripe over HTTP that end when their time is over, whatever the other side does.

A timeout of a socket begins anew with every byte that comes: who answers a byte a second is waited for
without end. So a clock runs beside each try and shuts its line, in whatever state it is: shaking hands, or
reading the head or the body of the answer.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import requests
import stripe
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

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


def _watch(line: socket.socket) -> None:
    clock: _Clock | None = getattr(_Clock.running, "clock", None)
    if clock is not None:
        clock.watch(line)


class _Line(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        _watch(line)
        return line

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
