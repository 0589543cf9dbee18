"""The mails that the product really sent, read from the folder it writes them to."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.processes import wait_until


class Mailbox:
    """All mails of the running product."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, EmailMessage] = {}

    def all(self) -> list[EmailMessage]:
        for path in self._folder.glob("*.eml"):
            if path.name not in self._read:
                self._read[path.name] = message_from_bytes(path.read_bytes(), policy=default)
        return list(self._read.values())

    def to(self, address: str, subject: str = "") -> list[EmailMessage]:
        """Return the mails to `address` whose subject contains `subject`."""
        about = one_line(subject)
        return [mail for mail in self.all() if mail["To"] == address and about in one_line(mail["Subject"])]

    def wait(self, address: str, subject: str = "") -> EmailMessage:
        """Return the one mail to `address` about `subject`, when it has come. Fails on a second one."""
        wait_until(
            lambda: bool(self.to(address, subject)),
            what=f"mail {subject!r} to {address}",
        )
        (mail,) = self.to(address, subject)
        return mail


def one_line(subject: str) -> str:
    """Return the subject with plain blanks: a no-break space may become one on the way."""
    return " ".join(subject.split())


def text(mail: EmailMessage) -> str:
    """Return the plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, path: str) -> str:
    """Return the link whose address contains `path`."""
    (found,) = {address for address in re.findall(r"https?://\S+", text(mail)) if path in address}
    return found
