"""HTTP on 127.0.0.1: reading requests, choosing who answers, writing answers."""

import logging
import socket
import sys
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from workshop.stripe_double import levers
from workshop.stripe_double.answers import Answer, Request, json_answer
from workshop.stripe_double.api import dispatch as api
from workshop.stripe_double.double import Double
from workshop.stripe_double.web import dispatch as web

HOST = "127.0.0.1"
MAX_BODY_BYTES = 256 * 1024
log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """The listening socket; ``doubles`` are set before the first request is served, one per account."""

    daemon_threads = True
    request_queue_size = 128
    doubles: Sequence[Double]

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no failure of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            log.exception("a request failed")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Stripe-Testdoppel"
    sys_version = ""
    wbufsize = -1
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self._read_body()
        if body is None:
            self._write(_failure(413, "The request body is missing its length or too large."))
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        try:
            answer = respond(self.server.doubles, request)
        except Exception:
            log.exception("%s %s failed", self.command, request.path)
            answer = _failure(500, "The test double failed; see its log.")
        if answer.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(answer)

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        log.debug(format, *args)


def respond(doubles: Sequence[Double], request: Request) -> Answer:
    if request.path.startswith("/v1/"):
        return api.call(doubles, request)
    if request.path.startswith("/_test/"):
        return levers.pull(doubles, request)
    return web.visit(doubles, request)


def _failure(status: int, message: str) -> Answer:
    return json_answer(status, {"error": {"type": "api_error", "message": message}})
