"""A way to a server that can be shut and opened again, always at the same port."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Connect = Callable[[], socket.socket]


class Hatch:
    """Hands everything on to the server behind it; while it is shut, connections are refused and cut."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open_sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._serve()

    def shut(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._open_sockets:
                cut(each)
            self._open_sockets.clear()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._serve()

    @contextmanager
    def taken_away(self) -> Iterator[None]:
        self.shut()
        yield
        self.open()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                outside, _address = listener.accept()
                inside = self._connect()
            except OSError:
                return
            with self._lock:
                self._open_sockets |= {outside, inside}
            for source, target in ((outside, inside), (inside, outside)):
                threading.Thread(target=hand_on, args=[source, target], daemon=True).start()


def hand_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while text := source.recv(65536):
            target.sendall(text)
    except OSError:
        pass
    cut(source)
    cut(target)


def cut(each: socket.socket) -> None:
    try:
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    each.close()


def tcp(port: int) -> Connect:
    return lambda: socket.create_connection(("127.0.0.1", port))


def at(host: str, port: int) -> Connect:
    """A server by its host and port, or by the path of its Unix socket."""

    def connect() -> socket.socket:
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        inside = socket.socket(socket.AF_UNIX)
        inside.connect(host)
        return inside

    return connect
