"""TLS as the servers of the containers speak it, in front of servers that were built without."""

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""With it a client of PostgreSQL asks for TLS before anything else; the server says S."""


@contextmanager
def tls_door(
    certificate: Path, authority: Path, connect: Callable[[], socket.socket], *, asks_first: bool
) -> Iterator[int]:
    """Yield the port of a door that shows the certificate, wants one of the authority, and hands all on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _address = listener.accept()
                except OSError:
                    return
                threading.Thread(target=attend, args=[client], daemon=True).start()

        def attend(client: socket.socket) -> None:
            try:
                if asks_first:
                    if client.recv(len(SSL_REQUEST)) != SSL_REQUEST:
                        return
                    client.sendall(b"S")
                with context.wrap_socket(client, server_side=True) as outside, connect() as inside:
                    hand_on(outside, inside)
            except OSError:
                return
            finally:
                client.close()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def hand_on(outside: ssl.SSLSocket, inside: socket.socket) -> None:
    """Both directions in one thread; what TLS has read ahead is not seen by select."""
    while True:
        ready = [outside] if outside.pending() else select.select([outside, inside], [], [])[0]
        for source, target in ((outside, inside), (inside, outside)):
            if source in ready:
                text = source.recv(65536)
                if not text:
                    return
                target.sendall(text)
