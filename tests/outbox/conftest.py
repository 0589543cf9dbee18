from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from outbox.domain.catalogue import Mail
from outbox.services.queue import queue
from tests.outbox.mail_server import HANG, Answer, MailServer, good

Put = Callable[..., None]


@pytest.fixture
def put(now: datetime) -> Put:
    """Queue the mail number `number` to a<number>@example.org, or to `to_email`."""

    def put(number: int = 1, *, to_email: str = "", at: datetime = now, **more: object) -> None:
        queue(
            key=f"test:{number}",
            mail=Mail("contact_message", "*"),
            to_email=to_email or f"a{number}@example.org",
            context={"topic": f"Frage {number}", "text": "Größe", "reply_to": ""},
            now=at,
            **more,
        )

    return put


@pytest.fixture(params=[False, True], ids=["plain", "pipelining"])
def mail_server(request: pytest.FixtureRequest, settings) -> Iterator[Callable[..., MailServer]]:
    """Start a mail server that hears one command at a time, or three at once; let the product send there.

    Only a server that is to hang is left soon; a busy machine makes any other one slow.
    """
    servers: list[MailServer] = []
    hangs = HANG in request.node.callspec.params.values()

    def start(answer: Answer = good) -> MailServer:
        server = MailServer(answer, pipelining=request.param)
        server.start()
        servers.append(server)
        settings.EMAIL_BACKEND = "outbox.backends.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.3 if hangs else 30
        return server

    yield start
    for server in servers:
        server.close()
