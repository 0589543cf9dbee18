"""The mail server reports what it could not deliver after all: the address shows as not reachable."""

from datetime import datetime

import pytest
from django.test import Client

from citizens.domain.delivery_reports import not_reached
from citizens.models import Mailbox
from citizens.services.mailboxes import mailbox_for
from foundation.clock import utc_now

pytestmark = pytest.mark.django_db
HERE = "/post/zustellbericht/"
SECRET = "zustellung-0815-geheim"

REPORT = """From: MAILER-DAEMON@mail.example
To: post@wirbrauchensie.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

From: post@wirbrauchensie.example
To: {recipient}
Subject: Ihre Zusage

Guten Tag
--b--
"""


@pytest.fixture
def mailbox(settings: object) -> Mailbox:
    settings.MAIL_REPORT_SECRET = SECRET  # type: ignore[attr-defined]
    return mailbox_for("maria@example.org", utc_now())


def post(body: str | bytes, *, token: str = f"Bearer {SECRET}", **headers: str) -> int:
    answer = Client(enforce_csrf_checks=True).post(
        HERE, body, content_type="message/rfc822", headers={"Authorization": token, **headers}
    )
    return answer.status_code


def report(recipient: str = "maria@example.org", action: str = "failed", status: str = "5.1.1") -> str:
    return REPORT.format(recipient=recipient, action=action, status=status)


def bounced(mailbox: Mailbox) -> datetime | None:
    mailbox.refresh_from_db()
    return mailbox.bounced_at


@pytest.mark.parametrize("recipient", ["maria@example.org", "<Maria@Example.org>"])
def test_an_address_that_is_gone_is_noted_once(mailbox: Mailbox, recipient: str) -> None:
    other = mailbox_for("bert@example.org", utc_now())
    assert post(report(recipient)) == 204
    first = bounced(mailbox)
    assert first is not None
    assert (post(report(recipient)), bounced(mailbox), bounced(other)) == (204, first, None)


@pytest.mark.parametrize(
    "body",
    [
        report(action="delayed", status="4.4.1"),
        report(action="failed", status="4.2.2"),
        report(action="delivered", status="2.0.0"),
        report(recipient="fremd@example.org"),
        report(recipient="maria@example.org, bert@example.org"),
        report().replace("message/delivery-status", "text/plain"),
        report().replace("Final-Recipient", "X-Other"),
        "",
        "{}",
        "Subject: x\n\nFinal-Recipient: rfc822; maria@example.org\nAction: failed\nStatus: 5.1.1",
        "\x00\ufffd" * 50,
    ],
)
def test_anything_else_notes_nobody(mailbox: Mailbox, body: str) -> None:
    assert (post(body), bounced(mailbox)) == (204, None)


@pytest.mark.parametrize("token", ["", SECRET, "Bearer ", "Bearer falsch", f"bearer {SECRET}", "Bearer ü"])
def test_whoever_has_no_secret_notes_nobody(mailbox: Mailbox, token: str) -> None:
    assert (post(report(), token=token), bounced(mailbox)) == (403, None)


def test_without_a_secret_there_is_no_door(mailbox: Mailbox, settings: object) -> None:
    settings.MAIL_REPORT_SECRET = ""  # type: ignore[attr-defined]
    assert (post(report(), token="Bearer "), bounced(mailbox)) == (404, None)
    assert Client().get(HERE).status_code == 405


def test_too_much_is_refused(mailbox: Mailbox) -> None:
    assert (post(b"x" * 1_000_001), bounced(mailbox)) == (413, None)


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        (report("<Maria@Example.ORG>"), ["maria@example.org"]),
        (report(action=" FAILED ", status=" 5.0.0 (gone)"), ["maria@example.org"]),
        (report(status="5.999.999"), ["maria@example.org"]),
        (report().replace("rfc822", "RFC822"), ["maria@example.org"]),
        (report().replace("Action", "ACTION").replace("Status", "status"), ["maria@example.org"]),
        (
            report().replace(
                "Final-Recipient:", "Original-Recipient: rfc822;alt@example.org\nFinal-Recipient:"
            ),
            ["alt@example.org"],
        ),
        (
            report().replace("Final-Recipient:", "Original-Recipient:\nFinal-Recipient:"),
            ["maria@example.org"],
        ),
        (
            report().replace(
                "Diagnostic-Code",
                "\nFinal-Recipient: rfc822; bert@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code",
            ),
            ["bert@example.org", "maria@example.org"],
        ),
        (
            report().replace(
                "Diagnostic-Code", "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nX"
            ),
            ["maria@example.org"],
        ),
        (
            report().replace("Diagnostic-Code", "\nFinal-Recipient: rfc822; a@example.org\nStatus: 5.1.1\nX"),
            ["maria@example.org"],
        ),
        (report(status="5.1"), []),
        (report(status="55.1.1"), []),
        (report(status="2.5.1.1"), []),
        (report(action="relayed"), []),
        (report().replace("rfc822", "x400"), []),
        (
            report(action="delayed").replace(
                "Content-Type: text/plain",
                "Final-Recipient: rfc822; maria@example.org\nAction: failed\nStatus: 5.1.1\n"
                "Content-Type: text/plain",
            ),
            [],
        ),
        (report("maria"), []),
        (report().replace("Action: failed\n", ""), []),
        (report().replace("Status: 5.1.1\n", ""), []),
    ],
)
def test_only_who_failed_for_good_is_read_from_a_report(body: str, reached: list[str]) -> None:
    assert not_reached(body.encode()) == reached
