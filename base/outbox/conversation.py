"""The conversation with a mail server: honest about the final dot, and in two breaths where the server can.

A server that offers PIPELINING (RFC 2920) hears sender, recipient and DATA at once, then the mail: two waits
for an answer instead of four. A refusal of any of them is told like smtplib tells it, also when the line
breaks after it. Text beyond ASCII is announced where the server offers 8BITMIME (RFC 6152).
"""

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

_FINAL_DOT = b"\r\n.\r\n"
_PATIENCE_AFTER_DOT = 3  # times the timeout: now the server scans the mail (RFC 5321 § 4.5.3.2.6)
_LINE_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)

_NO_ANSWER = (-1, b"")

Answer = tuple[int, bytes]


class Conversation(smtplib.SMTP):
    """Knows whether the final dot of the mail has left; from then on only the server knows its fate."""

    is_handed_over = False

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Any,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> dict[str, Answer]:
        """Send one mail. Raises OSError, most often one of smtplib's, and ValueError for an address that no
        command can carry.
        """
        self.is_handed_over = False
        self._wait_at_most(1)
        self.ehlo_or_helo_if_needed()
        if isinstance(msg, bytes) and not msg.isascii() and self.has_extn("8bitmime"):
            mail_options = [*mail_options, "BODY=8BITMIME"]
        if self._may_say_all_at_once(to_addrs, msg, rcpt_options):
            return self._send_in_two_breaths(from_addr, to_addrs[0], msg, mail_options)
        return super().sendmail(from_addr, to_addrs, msg, mail_options, rcpt_options)

    def send(self, s: Any) -> None:
        """Send text or bytes; the body of a mail is the only thing that ends with a dot of its own."""
        super().send(s)
        if isinstance(s, bytes) and s.endswith(_FINAL_DOT):
            self.is_handed_over = True
            self._wait_at_most(_PATIENCE_AFTER_DOT)

    def _may_say_all_at_once(self, recipients: str | Sequence[str], mail: Any, rcpt_options: Any) -> bool:
        is_for_one = not isinstance(recipients, str) and len(recipients) == 1 and not rcpt_options
        return is_for_one and isinstance(mail, bytes) and self.has_extn("pipelining")

    def _send_in_two_breaths(
        self, sender: str, recipient: str, mail: bytes, options: Sequence[str]
    ) -> dict[str, Answer]:
        size = [f"SIZE={len(mail)}"] if self.has_extn("size") else []
        self.send(
            _one_breath(
                " ".join([f"MAIL FROM:{smtplib.quoteaddr(sender)}", *size, *options]),
                f"RCPT TO:{smtplib.quoteaddr(recipient)}",
                "DATA",
            )
        )
        answers = self._answers(3)
        refusal = _refusal(sender, recipient, answers)
        if refusal is None:
            answer = self._hand_over(mail)
            if answer[0] == 250:
                return {}
            refusal = smtplib.SMTPDataError(*answer)
            answers.append(answer)
        elif answers[-1][0] == 354:  # it waits for a mail that has nobody to go to
            with suppress(smtplib.SMTPServerDisconnected):
                self.send(b".\r\n")
                answers.append(self.getreply())
        self._start_over(answers)
        raise refusal

    def _answers(self, count: int) -> list[Answer]:
        """Return what the server said; after a refusal it may leave without a word about what followed."""
        answers: list[Answer] = []
        while len(answers) < count:
            try:
                answers.append(self.getreply())
            except smtplib.SMTPServerDisconnected:
                if all(_is_yes(code) for code, _text in answers):
                    raise
                return answers + [_NO_ANSWER] * (count - len(answers))
        return answers

    def _hand_over(self, mail: bytes) -> Answer:
        body = _LINE_WITH_DOT.sub(b"..", mail)
        self.send(body + (b".\r\n" if body.endswith(b"\r\n") else _FINAL_DOT))
        return self.getreply()

    def _start_over(self, answers: list[Answer]) -> None:
        """Make the line ready for the next mail, unless the server has said goodbye."""
        if any(code == 421 for code, _text in answers):
            self.close()
            return
        with suppress(smtplib.SMTPServerDisconnected):
            self.rset()

    def _wait_at_most(self, times: int) -> None:
        if self.sock is not None and isinstance(self.timeout, (int, float)):
            self.sock.settimeout(self.timeout * times)


class SecureConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _one_breath(*commands: str) -> str:
    if any("\r" in command or "\n" in command for command in commands):
        raise ValueError("a command holds a line break")
    return "".join(f"{command}\r\n" for command in commands)


def _is_yes(code: int) -> bool:
    return 200 <= code < 400


def _refusal(sender: str, recipient: str, answers: list[Answer]) -> smtplib.SMTPException | None:
    """Return what smtplib would have raised for the first of sender, recipient and DATA that was refused."""
    to_sender, to_recipient, to_data = answers
    if to_sender[0] != 250:
        return smtplib.SMTPSenderRefused(*to_sender, sender)
    if to_recipient[0] not in {250, 251}:
        return smtplib.SMTPRecipientsRefused({recipient: to_recipient})
    return None if to_data[0] == 354 else smtplib.SMTPDataError(*to_data)
