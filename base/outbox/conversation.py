"""The conversation with a mail server: honest about the final dot, and in two breaths where the server can.

A server that offers PIPELINING (RFC 2920) hears sender, recipient and DATA at once, then the mail: two waits
for an answer instead of four. A refusal of any of them is told like smtplib tells it.
"""

import re
import smtplib
from collections.abc import Sequence
from typing import Any

_FINAL_DOT = b"\r\n.\r\n"
_PATIENCE_AFTER_DOT = 3  # times the timeout: now the server scans the mail (RFC 5321 § 4.5.3.2.6)
_LINE_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)

Answer = tuple[int, bytes]


class Conversation(smtplib.SMTP):
    """Knows whether the final dot of the mail has left; from then on only the server knows its fate."""

    is_handed_over = False

    def sendmail(
        self, from_addr: str, to_addrs: str | Sequence[str], msg: Any, *options: Any, **named_options: Any
    ) -> dict[str, Answer]:
        """Send one mail. Raises OSError, most often one of smtplib's."""
        self.is_handed_over = False
        self._wait_at_most(1)
        self.ehlo_or_helo_if_needed()
        is_single = not isinstance(to_addrs, str) and len(to_addrs) == 1
        if is_single and isinstance(msg, bytes) and self.has_extn("pipelining"):
            return self._send_in_two_breaths(from_addr, to_addrs[0], msg)
        return super().sendmail(from_addr, to_addrs, msg, *options, **named_options)

    def send(self, s: Any) -> None:
        """Send text or bytes; the body of a mail is the only thing that ends with a dot of its own."""
        super().send(s)
        if isinstance(s, bytes) and s.endswith(_FINAL_DOT):
            self.is_handed_over = True
            self._wait_at_most(_PATIENCE_AFTER_DOT)

    def _send_in_two_breaths(self, sender: str, recipient: str, mail: bytes) -> dict[str, Answer]:
        size = f" SIZE={len(mail)}" if self.has_extn("size") else ""
        commands = (
            f"MAIL FROM:{smtplib.quoteaddr(sender)}{size}",
            f"RCPT TO:{smtplib.quoteaddr(recipient)}",
            "DATA",
        )
        self.send("".join(f"{command}\r\n" for command in commands))  # quoteaddr lets no line break through
        answers = [self.getreply() for _command in commands]
        refusal = _refusal(sender, recipient, answers)
        if refusal is None:
            answer = self._hand_over(mail)
            if answer[0] == 250:
                return {}
            refusal = smtplib.SMTPDataError(*answer)
            answers.append(answer)
        elif answers[-1][0] == 354:  # it waits for a mail that has nobody to go to
            self.send(b".\r\n")
            answers.append(self.getreply())
        self._start_over(answers)
        raise refusal

    def _hand_over(self, mail: bytes) -> Answer:
        body = _LINE_WITH_DOT.sub(b"..", mail)
        self.send(body + (b".\r\n" if body.endswith(b"\r\n") else _FINAL_DOT))
        return self.getreply()

    def _start_over(self, answers: list[Answer]) -> None:
        """Make the line ready for the next mail, unless the server has said goodbye."""
        if any(code == 421 for code, _text in answers):
            self.close()
            return
        try:
            self.rset()
        except smtplib.SMTPServerDisconnected:
            pass  # the next mail will notice

    def _wait_at_most(self, times: int) -> None:
        if self.sock is not None and isinstance(self.timeout, (int, float)):
            self.sock.settimeout(self.timeout * times)


class SecureConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _refusal(sender: str, recipient: str, answers: list[Answer]) -> smtplib.SMTPException | None:
    """Return what smtplib would have raised for the first of sender, recipient and DATA that was refused."""
    to_sender, to_recipient, to_data = answers
    if to_sender[0] != 250:
        return smtplib.SMTPSenderRefused(*to_sender, sender)
    if to_recipient[0] not in {250, 251}:
        return smtplib.SMTPRecipientsRefused({recipient: to_recipient})
    return None if to_data[0] == 354 else smtplib.SMTPDataError(*to_data)
