"""A mail server stumbles at each step in each way; every mail ends in exactly the state it deserves."""

import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from outbox.conversation import Conversation
from outbox.domain import verdicts
from outbox.models import Message, Outage
from outbox.services import sending
from outbox.services.queue import Attachment
from tests.log_lines import lines
from tests.outbox.mail_server import (
    DROP,
    GOOD,
    HANG,
    TAKE_AND_DROP,
    MailServer,
    always,
    for_one,
    good,
    once,
)

pytestmark = pytest.mark.django_db
Start = Callable[..., MailServer]

MAILS = 5


def states() -> list[tuple[str, int]]:
    """Status and number of conversations of each message, in the order of their keys."""
    return list(Message.objects.order_by("key").values_list("status", "attempts"))


def nothing_reserved() -> bool:
    return not Message.objects.exclude(reserved_until=None).exists()


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (step, answer)
        for step in ("banner", "ehlo")
        for answer in (DROP, HANG, "421 shutting down", "454 not now", "554 go away")
    ],
)
def test_a_server_that_fails_before_the_first_mail_costs_no_mail_anything(
    put, now: datetime, mail_server: Start, step: str, answer: str
) -> None:
    server = mail_server(always(step, answer))
    for number in range(MAILS):
        put(number)
    assert sending.send_due(now, worker="w") == 0
    assert states() == [("queued", 0)] * MAILS
    assert nothing_reserved()
    server.answer = good
    assert sending.send_due(now + timedelta(seconds=10), worker="w") == MAILS
    assert server.recipients() == [f"a{number}@example.org" for number in range(MAILS)]


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("answer", [DROP, HANG, "421 shutting down"])
def test_a_server_that_leaves_before_the_mail_is_handed_over_gets_it_again(
    put, now: datetime, mail_server: Start, step: str, answer: str
) -> None:
    server = mail_server(always(step, answer))
    for number in range(MAILS):
        put(number)
    assert sending.send_due(now, worker="w") == 0
    assert states() == [("failed", 1)] * 3 + [("queued", 0)] * 2
    assert nothing_reserved()
    assert (server.begun, server.taken) == (3, [])
    server.answer = good
    assert sending.send_due(Message.objects.latest("due_at").due_at, worker="w") == MAILS
    assert sorted(server.recipients()) == [f"a{number}@example.org" for number in range(MAILS)]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("rcpt", "450 greylisted"),
        ("rcpt", "452 mailbox full"),
        ("rcpt", "503 bad sequence"),
        ("rcpt", "554 5.7.1 relay access denied"),
        ("data", "451 try later"),
        ("dot", "452 4.3.1 disk full"),
        ("dot", "421 shutting down"),
        ("dot", "550 5.7.26 not authenticated"),
    ],
)
def test_a_refusal_that_may_pass_is_tried_again_later_and_stops_nobody(
    put, now: datetime, mail_server: Start, step: str, answer: str
) -> None:
    server = mail_server(for_one("a1", step, answer))
    for number in range(MAILS):
        put(number)
    before = datetime.now(now.tzinfo)
    assert sending.send_due(now, worker="w") == MAILS - 1
    assert states() == [("sent", 1), ("failed", 1), ("sent", 1), ("sent", 1), ("sent", 1)]
    row = Message.objects.get(status="failed")
    assert timedelta(seconds=10) <= row.due_at - before < timedelta(seconds=20)
    server.answer = good
    assert sending.send_due(row.due_at, worker="w") == 1
    assert states()[1] == ("sent", 2)
    assert server.recipients().count("a1@example.org") == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 not now", "530 log in first", "550 you may not send"])
def test_a_sender_refused_is_trouble_of_the_server_and_parks_nothing(
    put, now: datetime, mail_server: Start, answer: str
) -> None:
    server = mail_server(always("mail", answer))
    for number in range(MAILS):
        put(number)
    assert sending.send_due(now, worker="w") == 0
    assert states() == [("failed", 1)] * 3 + [("queued", 0)] * 2
    assert Outage.objects.get().next_try_at == now + timedelta(seconds=10)
    assert server.begun == 1


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("mail", "552 5.3.4 too large"),
        ("rcpt", "550 no such user"),
        ("rcpt", "553 mailbox name not allowed"),
        ("data", "554 no valid recipients"),
        ("dot", "552 5.3.4 too large"),
        ("dot", "554 this is spam"),
    ],
)
def test_a_refusal_for_good_is_final_and_says_why(
    put, now: datetime, mail_server: Start, step: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = mail_server(for_one("a1", step, answer) if step != "mail" else once(step, answer))
    put(1)
    put(2)
    assert sending.send_due(now, worker="w") == 1
    assert states() == [("dead", 1), ("sent", 1)]
    assert answer[4:] in Message.objects.get(key="test:1").error
    assert "a1@" not in Message.objects.get(key="test:1").error
    told = lines(caplog, "outbox.services.sending", "message", "final")
    assert told == [("mail_failed", "warning", Message.objects.get(key="test:1").pk, True)]
    assert server.begun == 1
    assert server.recipients() == ["a2@example.org"]


@pytest.mark.parametrize("answer", [DROP, HANG, TAKE_AND_DROP, "250", "banana"])
def test_only_silence_after_the_final_dot_is_unknown(
    put, now: datetime, mail_server: Start, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = mail_server(for_one("a1", "dot", answer))
    for number in range(3):
        put(number)
    is_taken = answer == "250"
    assert sending.send_due(now, worker="w") == (3 if is_taken else 2)
    assert states() == [("sent", 1), ("sent" if is_taken else "unknown", 1), ("sent", 1)]
    unknown = Message.objects.filter(status="unknown").values_list("pk", flat=True)
    told = lines(caplog, "outbox.services.sending", "message")
    assert told == [("mail_unknown", "error", pk) for pk in unknown]
    server.answer = good
    assert sending.send_due(now + timedelta(days=1), worker="w") == 0
    assert server.recipients().count("a1@example.org") == (answer in {"250", TAKE_AND_DROP})


def test_no_goodbye_is_said_on_a_line_whose_server_talks_nonsense(
    put, now: datetime, mail_server: Start
) -> None:
    server = mail_server(once("dot", "banana"))
    put(1)
    put(2)
    assert sending.send_due(now, worker="w") == 1
    assert (states(), server.begun) == ([("unknown", 1), ("sent", 1)], 2)
    assert server.heard.count("quit") == 1


def test_a_server_that_keeps_silent_after_each_mail_is_not_fed_with_all_of_them(
    put, now: datetime, mail_server: Start
) -> None:
    server = mail_server(always("dot", TAKE_AND_DROP))
    for number in range(9):
        put(number)
    sending.send_due(now, worker="w")
    assert states() == [("unknown", 1)] * 3 + [("queued", 0)] * 6
    sending.send_due(now + timedelta(seconds=9), worker="w")
    assert len(server.taken) == 3
    sending.send_due(now + timedelta(seconds=10), worker="w")
    assert states() == [("unknown", 1)] * 4 + [("queued", 0)] * 5


def test_a_large_mail_cut_off_in_its_middle_was_not_handed_over(
    put, now: datetime, mail_server: Start
) -> None:
    mail_server(always("body", DROP))
    put(1, attachment=Attachment("big.txt", "text/plain", "x" * 20_000_000))
    assert sending.send_due(now, worker="w") == 0
    assert states() == [("failed", 1)]


def test_a_connection_the_server_closed_between_two_mails_is_made_anew_at_once(
    put, now: datetime, mail_server: Start
) -> None:
    asked: list[str] = []

    def two_mails_a_connection(step: str, recipient: str) -> str:
        asked.append(step)
        return "421 enough for this time" if asked.count("mail") % 3 == 0 and step == "mail" else GOOD[step]

    server = mail_server(two_mails_a_connection)
    for number in range(6):
        put(number)
    assert sending.send_due(now, worker="w") == 6
    assert states() == [("sent", 1)] * 6
    assert server.recipients() == [f"a{number}@example.org" for number in range(6)]
    assert server.begun == 3


def test_a_hundred_mails_need_one_connection(put, now: datetime, mail_server: Start) -> None:
    server = mail_server(for_one("a7", "rcpt", "550 no such user"))
    for number in range(130):
        put(number)
    assert sending.send_due(now, worker="w") == 129
    assert server.begun == 1
    assert len(set(server.recipients())) == 129


@pytest.mark.parametrize(
    "address",
    ["x@" + "a" * 70 + ".example", "x@a..example", "x@y.example\nBcc: b@example.org"],
)
def test_an_address_nobody_can_write_is_dead_and_stops_nobody(
    put, now: datetime, mail_server: Start, address: str
) -> None:
    server = mail_server()
    for number in range(3):
        put(number)
    Message.objects.filter(key="test:1").update(to_email=address)
    assert sending.send_due(now, worker="w") == 2
    assert states()[0] == states()[2] == ("sent", 1)
    assert states()[1][0] == "dead"
    assert Message.objects.get(key="test:1").error
    assert server.recipients() == ["a0@example.org", "a2@example.org"]


def test_a_header_that_cannot_be_written_is_dead_and_stops_nobody(
    put, now: datetime, mail_server: Start
) -> None:
    mail_server()
    for number in range(3):
        put(number)
    Message.objects.filter(key="test:1").update(subject="Hallo\nBcc: b@example.org")
    Message.objects.filter(key="test:2").update(attachment_name="x", attachment_type="text/plain\n")
    sending.send_due(now, worker="w")
    assert states()[0] == ("sent", 1)
    assert states()[1] == ("dead", 1)
    assert "BadHeaderError" in Message.objects.get(key="test:1").error


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid", "a..b"])
def test_a_server_that_is_not_there_is_asked_again_with_growing_distance(
    put, now: datetime, settings, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = host, 1, 1
    put(1)
    moment, distances = now, []
    for _turn in range(6):
        sending.send_due(moment, worker="w")
        following = Outage.objects.get().next_try_at
        distances.append((following - moment).total_seconds())
        moment = following
    assert distances == [10, 20, 40, 80, 120, 120]
    assert (Outage.objects.get().tries, Outage.objects.get().since) == (6, now)
    told = lines(caplog, "outbox.services.outages", "tries")
    assert told == [("mail_server_down", "error", tries) for tries in range(1, 7)]
    assert states() == [("queued", 0)]


def test_during_an_outage_one_worker_at_a_time_asks(
    put, now: datetime, mail_server: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server = mail_server(always("banner", DROP))
    put(1)
    sending.send_due(now, worker="w")
    sending.send_due(now + timedelta(seconds=9), worker="w")
    assert server.begun == 1
    Outage.objects.update(next_try_at=now + timedelta(minutes=1))  # as one does that is just asking
    sending.send_due(now + timedelta(seconds=59), worker="other")
    assert server.begun == 1
    server.answer = good
    assert sending.send_due(now + timedelta(minutes=1), worker="other") == 1
    assert not Outage.objects.exists()
    assert lines(caplog, "outbox.services.outages", "tries") == [
        ("mail_server_down", "error", 1),
        ("mail_server_back", "warning", None),
    ]


def test_the_server_is_not_asked_when_nothing_is_due(put, now: datetime, mail_server: Start) -> None:
    server = mail_server()
    put(1, due_at=now + timedelta(seconds=1))
    assert sending.send_due(now, worker="w") == 0
    assert server.begun == 0


def test_a_mail_refused_for_days_is_given_up_in_the_end(put, now: datetime, mail_server: Start) -> None:
    mail_server(always("rcpt", "452 mailbox full"))
    put(1)
    Message.objects.update(attempts=verdicts.MAX_ATTEMPTS - 2)
    sending.send_due(now, worker="w")
    assert states() == [("failed", verdicts.MAX_ATTEMPTS - 1)]
    sending.send_due(Message.objects.get().due_at, worker="w")
    assert states() == [("dead", verdicts.MAX_ATTEMPTS)]


def test_the_distance_between_two_tries_grows_and_reaches_four_days_in_all() -> None:
    seconds = [verdicts.delay_after(attempts).total_seconds() for attempts in range(1, 11)]
    assert seconds == [10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]
    whole = sum((verdicts.delay_after(attempts) for attempts in range(1, verdicts.MAX_ATTEMPTS)), timedelta())
    assert timedelta(days=3.9) < whole < timedelta(days=4.2)


def test_a_server_that_never_closes_the_line_properly_is_no_fault(
    put, now: datetime, mail_server: Start
) -> None:
    mail_server(always("quit", DROP))
    put(1)
    assert sending.send_due(now, worker="w") == 1
    assert states() == [("sent", 1)]


def test_a_goodbye_that_nobody_can_read_takes_no_mail_back(
    put, now: datetime, mail_server: Start, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server(always("quit", "221 " + "bye " * 3000))
    put(1)
    assert sending.send_due(now, worker="w") == 1
    assert states() == [("sent", 1)]
    told = lines(caplog, "outbox.services.sending", "error")
    assert told == [("mail_server_left_without_goodbye", "info", "SMTPResponseException")]


def test_a_folder_that_cannot_be_made_costs_no_mail_anything(
    put, now: datetime, settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    for number in range(MAILS):
        put(number)
    settings.EMAIL_FILE_PATH.write_text("a file where the folder was")
    assert sending.send_due(now, worker="w") == 0
    assert states() == [("queued", 0)] * MAILS
    settings.EMAIL_FILE_PATH.unlink()
    assert sending.send_due(now + timedelta(seconds=10), worker="w") == MAILS
    assert len(list(settings.EMAIL_FILE_PATH.glob("*.eml"))) == MAILS


@pytest.fixture
def full_disk() -> Iterator[Callable[[], None]]:
    """No file may grow beyond 100 bytes, until it is called."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))

    def make_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    yield make_room
    make_room()


def test_a_full_disk_parks_no_mail_and_leaves_no_half_file(
    put, now: datetime, settings, tmp_path: Path, full_disk: Callable[[], None]
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "outbox.backends.EmlFileBackend", tmp_path
    for number in range(MAILS):
        put(number)
    sent = sending.send_due(now, worker="w")
    left = list(tmp_path.iterdir())
    full_disk()
    assert (sent, left) == (0, [])
    assert states() == [("failed", 1)] * 3 + [("queued", 0)] * 2
    assert sending.send_due(Message.objects.latest("due_at").due_at, worker="w") == MAILS
    assert len(list(tmp_path.glob("*.eml"))) == MAILS


def test_the_port_of_another_service_is_no_mail_server(put, now: datetime, settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_BACKEND = "outbox.backends.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listener.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.3
        put(1)
        assert sending.send_due(now, worker="w") == 0
    assert states() == [("queued", 0)]


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "550 no such user"), ("rcpt", "451 later")])
def test_a_server_that_goes_on_without_a_recipient_gets_no_mail_and_the_next_one_goes(
    put, now: datetime, mail_server: Start, step: str, answer: str
) -> None:
    server = mail_server(for_one("a1", step, answer))
    server.goes_on_with_nobody = True
    for number in range(3):
        put(number)
    assert sending.send_due(now, worker="w") == 2
    assert states()[1][0] == ("dead" if answer.startswith("550") else "failed")
    assert server.recipients() == ["a0@example.org", "a2@example.org"]
    assert server.begun == 1


def test_a_line_that_begins_with_a_dot_arrives_as_it_was(put, now: datetime, mail_server: Start) -> None:
    server = mail_server()
    put(1)
    Message.objects.update(body_text=".\n..\n.ein Punkt\n", body_html="<p>x</p>")
    assert sending.send_due(now, worker="w") == 1
    assert b"\r\n..\r\n...\r\n..ein Punkt\r\n" in server.taken[0]


@pytest.mark.parametrize(
    "address",
    [
        "<\r\nRCPT TO:<c@example.org>",
        "b@example.org>\r\nRCPT TO:<c@example.org",
        "<,\r\nRCPT TO:<c@example.org>",
        "<>\nRCPT TO:<c@example.org>",
    ],
)
@pytest.mark.parametrize("as_sender", [False, True])
def test_a_line_break_in_an_address_is_no_command(
    mail_server: Start, address: str, *, as_sender: bool
) -> None:
    server = mail_server()
    sender, recipient = (address, "b@example.org") if as_sender else ("a@example.org", address)
    with Conversation("127.0.0.1", server.port, timeout=5) as line, suppress(ValueError):
        line.sendmail(sender, [recipient], b"Subject: x\r\n\r\nx\r\n")
    assert "QUIT" in map(str.upper, server.heard)
    assert not [command for command in server.heard if "c@example.org" in command]


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [("rcpt", "550 no such user", "dead"), ("rcpt", "451 later", "failed"), ("dot", "554 spam", "dead")],
)
def test_who_hangs_up_after_each_refusal_has_said_it_all_the_same(
    put, now: datetime, mail_server: Start, step: str, answer: str, state: str
) -> None:
    server = mail_server(
        lambda at, recipient: answer if at == step and not recipient.startswith("a6") else GOOD[at]
    )
    server.hangs_up_after_refusal = True
    for number in range(7):
        put(number)
    assert sending.send_due(now, worker="w") == 1
    assert states() == [(state, 1)] * 6 + [("sent", 1)]
    assert server.recipients() == ["a6@example.org"]
    assert server.begun == 7
    assert not Outage.objects.exists()


@pytest.mark.parametrize(
    ("offer", "text", "announced"),
    [
        ("250-here\r\n250-8BITMIME\r\n250 hello", "Größe", True),
        ("250-here\r\n250-8BITMIME\r\n250 hello", "Gr. 8", False),
        ("250 hello", "Größe", False),
    ],
)
def test_umlauts_are_announced_where_the_server_knows_them(
    put, now: datetime, mail_server: Start, offer: str, text: str, announced: bool
) -> None:
    server = mail_server(always("ehlo", offer))
    put(1)
    Message.objects.update(subject="x", body_text=text, body_html=f"<p>{text}</p>")
    assert sending.send_due(now, worker="w") == 1
    (command,) = (line.upper() for line in server.heard if line.upper().startswith("MAIL FROM:"))
    assert command.endswith("> BODY=8BITMIME" if announced else ">")
    assert text.encode() in server.taken[0]


def test_no_line_is_longer_than_a_mail_server_takes(put, now: datetime, mail_server: Start) -> None:
    server = mail_server()
    put(1)
    Message.objects.update(subject="ß" * 150, body_text="ä" * 5000, body_html=f"<p>{'ö' * 5000}</p>")
    assert sending.send_due(now, worker="w") == 1
    assert max(map(len, server.taken[0].split(b"\r\n"))) <= 998
    assert b"\n" not in server.taken[0].replace(b"\r\n", b"")


def test_mails_that_are_too_large_are_no_outage(put, now: datetime, mail_server: Start) -> None:
    left = ["552 5.3.4 too large"] * 4
    server = mail_server(lambda step, recipient: left.pop() if step == "mail" and left else GOOD[step])
    for number in range(5):
        put(number)
    assert sending.send_due(now, worker="w") == 1
    assert states() == [("dead", 1)] * 4 + [("sent", 1)]
    assert not Outage.objects.exists()
    assert server.recipients() == ["a4@example.org"]


def test_only_failures_in_a_row_are_an_outage(put, now: datetime, mail_server: Start) -> None:
    def every_second(step: str, recipient: str) -> str:
        is_meant = step == "dot" and recipient[1] in "0246"
        return TAKE_AND_DROP if is_meant else GOOD[step]

    mail_server(every_second)
    for number in range(8):
        put(number)
    assert sending.send_due(now, worker="w") == 4
    assert states() == [("unknown", 1), ("sent", 1)] * 4
    assert not Outage.objects.exists()
