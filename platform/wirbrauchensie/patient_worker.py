"""gunicorn's threads, kept for requests that have come.

gthread gives a connection to a thread as soon as its first byte is there; then the thread waits for the rest
of the head, for ever if nobody sends it. A few dozen half heads stop such a server ("slow loris"). Here the
loop that accepts connections also reads them, without waiting for any, and gives a thread what is complete.
"""

import errno
import re
import time
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from socket import socket
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

SECONDS_TO_ARRIVE = 15
MOST_BYTES = 65_536
"""What is kept of a request before a thread has it: every head and every form of a citizen. Larger ones, and
bodies without a length, are read by the thread, as gthread does."""

_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)
_NOBODY_THERE = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)


def has_arrived(received: bytes | bytearray) -> bool:
    """Tell whether a thread can begin with these first bytes of a request and need not wait.

    Who asks first whether the body is welcome (Expect) sends it only after an answer.
    """
    head, end, body = received.partition(_HEAD_ENDS)
    if not end:
        return len(received) >= MOST_BYTES
    length = _LENGTH.search(head + b"\r")
    if length is None or _ASKS_FIRST.search(head):
        return True
    return len(body) >= int(length[1]) or len(received) >= MOST_BYTES


class PatientWorker(ThreadWorker):
    """gthread for plain HTTP/1.1, as this product is served: no thread waits for a head or for a form."""

    def accept(self, listener: socket) -> None:
        """Take a new connection and wait for its first request."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in _NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        self._await_request(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket) -> None:
        """A kept connection begins its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Wait for the rest of a next request whose begin came with the last one."""
        is_kept = not fs.cancelled() and fs.exception() is None and fs.result() is True
        if is_kept and (begun := conn.parser.unreader.take_buffered()):
            conn.sock.setblocking(False)
            self._await_request(conn, begun)
        else:
            super().finish_request(conn, fs)

    def _cap_keepalive(self, deadline: float) -> None:
        """When the worker stops, who has not sent a request keeps it no longer than who might send one."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _await_request(self, conn: TConn, begun: bytes = b"") -> None:
        conn.received = bytearray(begun)
        if has_arrived(conn.received):
            self._give_to_a_thread(conn)
            return
        conn.timeout = time.monotonic() + SECONDS_TO_ARRIVE  # gthread closes what waits for longer
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn: TConn, client: socket) -> None:
        try:
            arrived = client.recv(MOST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        conn.received += arrived
        if arrived and not has_arrived(conn.received):
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if arrived:
            self._give_to_a_thread(conn)
        else:
            self.nr_conns -= 1
            conn.close()

    def _give_to_a_thread(self, conn: TConn) -> None:
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(conn.received))
        conn.received.clear()
        conn.data_ready = True
        self.enqueue_req(conn)
