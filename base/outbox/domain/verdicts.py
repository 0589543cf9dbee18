"""What an error while sending says about the mail: once more, never, or nobody knows."""

import smtplib
from datetime import timedelta
from enum import Enum

MAX_ATTEMPTS = 200  # about four days at the longest distance (RFC 5321 § 4.5.4.1)
_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(minutes=30)
_ABOUT_MAILBOX_FROM = 550  # 500 to 549 complain of the conversation, not of the mail
_POLICY = b"5.7."  # relaying, log-in, reputation (RFC 3463 § 3.8): people repair that
_TOO_LARGE = 552


class Verdict(Enum):
    """AGAIN and NEVER: surely not taken. UNKNOWN: handed over, and no answer came."""

    AGAIN = "again"
    NEVER = "never"
    UNKNOWN = "unknown"


def judge(error: Exception, *, handed_over: bool) -> Verdict:
    """Return what becomes of the mail. `handed_over`: the final dot of DATA has left, or nobody can tell.

    An answer of the server (4xx, 5xx) is always certain, whatever the step.
    """
    if not isinstance(error, OSError) or isinstance(error, smtplib.SMTPNotSupportedError):
        return Verdict.NEVER
    answer = _answer(error)
    if answer is None:
        return Verdict.UNKNOWN if handed_over else Verdict.AGAIN
    return Verdict.NEVER if _is_final(error, *answer) else Verdict.AGAIN


def is_line_broken(error: Exception) -> bool:
    """Tell whether the connection is gone: no answer, none that can be read, or a goodbye (421)."""
    if not isinstance(error, OSError):
        return False
    answer = _answer(error)
    return answer is None or answer[0] == 421


def blames_server(error: Exception) -> bool:
    """Tell whether `error` says nothing about this one mail, so that the next one will fare the same."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code != _TOO_LARGE
    return is_line_broken(error)


def delay_after(attempts: int) -> timedelta:
    """Return the distance to the next try: 10 s, doubled each time up to 30 min."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(_FIRST_DELAY * 2**doublings, _LONGEST_DELAY)


def _answer(error: OSError) -> tuple[int, bytes] | None:
    """Return code and text the server answered; None if nothing came that counts as an answer."""
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif (
        isinstance(error, smtplib.SMTPResponseException) and type(error) is not smtplib.SMTPResponseException
    ):
        code, text = error.smtp_code, error.smtp_error
    else:  # smtplib raises the bare class itself when a line of the answer is too long
        return None
    return (code, text if isinstance(text, bytes) else text.encode()) if 400 <= code <= 599 else None


def _is_final(error: OSError, code: int, text: bytes) -> bool:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return code == _TOO_LARGE
    return code >= _ABOUT_MAILBOX_FROM and not text.lstrip().startswith(_POLICY)
