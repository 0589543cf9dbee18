"""What an error says of the mail, of the line and of the server, value by value and without any server."""

import smtplib
from datetime import timedelta

import pytest

from outbox.domain.verdicts import MAX_ATTEMPTS, Verdict, blames_server, delay_after, is_line_broken, judge


def sender(code: int, text: bytes = b"no") -> Exception:
    return smtplib.SMTPSenderRefused(code, text, "post@example.org")


def recipient(code: int, text: bytes = b"no") -> Exception:
    return smtplib.SMTPRecipientsRefused({"a@example.org": (code, text)})


def data(code: int, text: bytes | str = b"no") -> Exception:
    return smtplib.SMTPDataError(code, text)


@pytest.mark.parametrize(
    ("error", "verdict", "line_broken", "server"),
    [
        (data(399), "again", True, True),
        (data(400), "again", False, False),
        (data(421), "again", True, True),
        (data(422), "again", False, False),
        (data(499), "again", False, False),
        (data(549), "again", False, False),
        (data(550), "never", False, False),
        (data(599), "never", False, False),
        (data(600), "again", True, True),
        (data(550, b"5.7.1 not from here"), "again", False, False),
        (data(550, b"  5.7.26 not from here"), "again", False, False),
        (data(550, "5.7.1 not from here"), "again", False, False),
        (data(550, "5.1.1 unknown"), "never", False, False),
        (data(550, b"5.71 unknown"), "never", False, False),
        (data(550, b"unknown 5.7.1"), "never", False, False),
        (recipient(451), "again", False, False),
        (recipient(550), "never", False, False),
        (recipient(550, b"5.7.1 relaying"), "again", False, False),
        (recipient(421), "again", True, True),
        (sender(450), "again", False, True),
        (sender(550), "again", False, True),
        (sender(552), "never", False, False),
        (sender(553), "again", False, True),
        (smtplib.SMTPResponseException(500, b"line too long"), "again", True, True),
        (smtplib.SMTPServerDisconnected("gone"), "again", True, True),
        (TimeoutError(), "again", True, True),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), "never", True, True),
        (ValueError("a header"), "never", False, False),
        (UnicodeError("an address"), "never", False, False),
    ],
    ids=repr,
)
def test_an_error_says_of_mail_line_and_server(
    error: Exception, verdict: str, line_broken: bool, server: bool
) -> None:
    assert judge(error, handed_over=False) == Verdict(verdict)
    assert is_line_broken(error) is line_broken
    assert blames_server(error) is server


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (TimeoutError(), "unknown"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
        (smtplib.SMTPResponseException(500, b"line too long"), "unknown"),
        (data(250), "unknown"),
        (data(399), "unknown"),
        (data(600), "unknown"),
        (data(421), "again"),
        (data(450), "again"),
        (data(554), "never"),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), "never"),
        (ValueError("a header"), "never"),
    ],
    ids=repr,
)
def test_after_the_final_dot_only_an_answer_is_certain(error: Exception, verdict: str) -> None:
    assert judge(error, handed_over=True) == Verdict(verdict)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 10), (1, 10), (2, 20), (3, 40), (8, 1280), (9, 1800), (11, 1800), (200, 1800), (100_000, 1800)],
)
def test_the_distance_between_tries_doubles_up_to_half_an_hour(attempts: int, seconds: int) -> None:
    assert delay_after(attempts) == timedelta(seconds=seconds)
    assert MAX_ATTEMPTS == 200
