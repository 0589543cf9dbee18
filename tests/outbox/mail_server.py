"""A mail server of our own that stumbles as told, at any step of the conversation."""

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

GOOD = {
    "banner": "220 ready",
    "ehlo": "250 hello",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "body": "",
    "dot": "250 taken",
    "rset": "250 ok",
    "quit": "221 bye",
}
DROP, HANG, TAKE_AND_DROP = "drop", "hang", "take and drop"

Answer = Callable[[str, str], str]


class MailServer(threading.Thread):
    """Answers each step with what `answer(step, recipient)` says: a reply line, DROP, HANG or TAKE_AND_DROP.

    The step `body` comes before the first line of a mail. `taken` are the mails it is responsible for from
    now on, `heard` are the commands, `begun` counts connections, `most_at_once` those open together.
    """

    def __init__(self, answer: Answer, *, pipelining: bool = False) -> None:
        super().__init__(daemon=True)
        self.answer = answer
        self.pipelining = pipelining
        self.goes_on_with_nobody = False
        self.hangs_up_after_refusal = False
        self.heard: list[str] = []
        self.taken: list[bytes] = []
        self.begun = 0
        self.talking = 0
        self.most_at_once = 0
        self.is_over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.begun += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def close(self) -> None:
        self.is_over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def recipients(self) -> list[str]:
        """To whom the taken mails went, in order."""
        found = (re.search(rb"^To: (\S+)", mail, re.M) for mail in self.taken)
        return [match[1].decode() for match in found if match]

    def _serve(self, connection: socket.socket) -> None:
        self.talking += 1
        self.most_at_once = max(self.most_at_once, self.talking)
        try:
            with connection, connection.makefile("rwb") as stream:
                _Talk(self, connection, stream).hold()
        except OSError:
            pass
        finally:
            self.talking -= 1


class _Over(OSError):
    """This conversation has ended."""


class _Talk:
    def __init__(self, server: MailServer, connection: socket.socket, stream: BinaryIO) -> None:
        self.server = server
        self.connection = connection
        self.stream = stream
        self.recipient = ""
        self.is_refused = False

    def hold(self) -> None:
        self._step("banner")
        for raw in self._lines():
            self.server.heard.append(raw.decode().strip())
            verb, _, rest = self.server.heard[-1].partition(" ")
            step = verb.lower().replace("helo", "ehlo")
            if step == "rcpt":
                self.recipient = rest.partition("<")[2].partition(">")[0]
            if step == "data" and self.is_refused:
                self._answer_without_recipient()
            elif step == "ehlo" and self.server.pipelining:
                self._follow(self.server.answer(step, "").replace("250 hello", "250-hello\r\n250 PIPELINING"))
            elif self._step(step).startswith("354"):
                self._take(self._body())

    def _lines(self) -> Iterator[bytes]:
        """Yield what the client says; one that may say three things at once gets no answer before."""
        for raw in self.stream:
            together = [raw]
            if self.server.pipelining and raw.upper().startswith(b"MAIL"):
                together += [self.stream.readline(), self.stream.readline()]
            yield from filter(None, together)

    def _answer_without_recipient(self) -> None:
        self._say("354 go on" if self.server.goes_on_with_nobody else "503 no valid recipient")
        if self.server.goes_on_with_nobody:
            assert self._body() == b""
            self._say("554 no valid recipient")

    def _body(self) -> bytes:
        self._step("body")
        body = b""
        for line in self.stream:
            if line == b".\r\n":
                return body
            body += line
        raise _Over

    def _take(self, body: bytes) -> None:
        answer = self.server.answer("dot", self.recipient)
        if answer == TAKE_AND_DROP or answer.startswith("250"):
            self.server.taken.append(body)
        self._follow(answer)

    def _step(self, step: str) -> str:
        answer = self.server.answer(step, self.recipient)
        if step in {"mail", "rcpt"}:
            self.is_refused = answer[0] != "2" or (step == "rcpt" and self.is_refused)
        self._follow(answer)
        return answer

    def _follow(self, answer: str) -> None:
        if answer in (DROP, TAKE_AND_DROP):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        if answer == HANG:
            self.server.is_over.wait(30)
            raise _Over
        self._say(answer)
        is_refusal = answer.startswith(("4", "5"))
        if answer.startswith(("421", "221")) or (is_refusal and self.server.hangs_up_after_refusal):
            raise _Over

    def _say(self, line: str) -> None:
        if line:
            self.stream.write(line.encode() + b"\r\n")
            self.stream.flush()


def good(step: str, recipient: str) -> str:
    """Take everything."""
    return GOOD[step]


def always(at: str, answer: str) -> Answer:
    """Answer so whenever the step `at` is reached, and well elsewhere."""
    return lambda step, recipient: answer if step == at else GOOD[step]


def once(at: str, answer: str) -> Answer:
    """Answer so the first time the step `at` is reached, and well ever after."""
    left = [answer]
    return lambda step, recipient: left.pop() if step == at and left else GOOD[step]


def for_one(recipient_name: str, at: str, answer: str) -> Answer:
    """Answer so at the step `at` when the mail goes to `recipient_name`@…"""

    def answer_to(step: str, recipient: str) -> str:
        is_meant = step == at and recipient.startswith(f"{recipient_name}@")
        return answer if is_meant else GOOD[step]

    return answer_to
