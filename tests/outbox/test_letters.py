"""Letters in the outbox: told from mails by their address, printed oldest first, noted as posted or not."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from outbox.domain.catalogue import Mail
from outbox.domain.paper import is_on_paper, paper_address
from outbox.models import Message
from outbox.services.paper import letters_to_print, note_as_posted, posted_since, wait_again
from outbox.services.queue import queue
from outbox.services.sending import send_due

HOUR = timedelta(hours=1)
NUMBER = UUID("0815aaaa-0000-4000-8000-00000000cafe")
ADDRESS = "0815aaaa00004000800000000000cafe@brief.invalid"


def letter(number: int, at: datetime, *, to: str = ADDRESS, as_letter: bool = True) -> int:
    """Write the letter `number` at that moment and return its row."""
    queue(
        key=f"test:{number}",
        mail=Mail("contact_message", "test:*", as_letter=as_letter),
        to_email=to,
        context={"topic": "Frage", "text": "Text", "reply_to": ""},
        now=at,
    )
    return Message.objects.get(key=f"test:{number}").pk


def moments(*letter_ids: int) -> list[tuple[str, datetime | None]]:
    rows = {row.pk: row for row in Message.objects.all()}
    return [(rows[letter_id].status, rows[letter_id].sent_at) for letter_id in letter_ids]


@pytest.mark.parametrize(
    ("address", "on_paper"),
    [
        (ADDRESS, True),
        ("@brief.invalid", True),
        ("maria@example.org", False),
        ("maria@brief.invalid.example.org", False),
        ("maria@brief.example", False),
        ("brief.invalid", False),
        ("", False),
    ],
)
def test_only_an_address_made_for_paper_is_one(address: str, on_paper: bool) -> None:
    assert paper_address(NUMBER) == ADDRESS
    assert is_on_paper(address) is on_paper


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "as_letter", "status"),
    [
        (ADDRESS, True, "to_print"),
        (ADDRESS, False, "suppressed"),
        ("maria@example.org", True, "queued"),
        ("maria@example.org", False, "queued"),
    ],
)
def test_only_what_says_all_on_paper_waits_to_be_printed(
    now: datetime, to: str, as_letter: bool, status: str
) -> None:
    written = letter(1, now, to=to, as_letter=as_letter)
    assert moments(written) == [(status, None)]
    assert [row.pk for row in letters_to_print()] == ([written] if status == "to_print" else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "said"),
    [
        (ADDRESS, "Danach schreiben wir Ihnen, wann Ihre Termine sind."),
        ("maria@example.org", "Danach schicken wir Ihnen Ihre Termine als Kalenderdatei."),
    ],
)
def test_a_letter_promises_no_file(now: datetime, to: str, said: str) -> None:
    mail = Mail("placement_awaiting_clearance", "test:*", as_letter=True)
    queue(key="test:1", mail=mail, to_email=to, context={"title": "Lesepatin"}, now=now)
    assert said in Message.objects.get().body_text.splitlines()


@pytest.mark.django_db
def test_the_oldest_letter_lies_on_top_and_no_machine_sends_it(now: datetime) -> None:
    late, early, also_early = letter(1, now + HOUR), letter(2, now), letter(3, now)
    mail = letter(4, now, to="maria@example.org")
    assert [row.pk for row in letters_to_print()] == [early, also_early, late]
    assert send_due(now + HOUR, worker="w") == 1
    assert moments(mail)[0][0] == "sent"
    assert [row.pk for row in letters_to_print()] == [early, also_early, late]


@pytest.mark.django_db
def test_posted_is_noted_once_and_for_these_letters_alone(now: datetime) -> None:
    first, second, third = letter(1, now), letter(2, now), letter(3, now)
    mail = letter(4, now, to="maria@example.org")
    assert note_as_posted([first], now) == 1
    assert note_as_posted([first, second, mail, 0], now + HOUR) == 1
    assert note_as_posted([], now + HOUR) == 0
    waits = ("to_print", None)
    assert moments(first, second, third) == [("sent", now), ("sent", now + HOUR), waits]
    assert moments(mail) == [("queued", None)]
    assert [row.pk for row in letters_to_print()] == [third]


@pytest.mark.django_db
def test_what_was_posted_since_is_found_oldest_first_without_mails(now: datetime) -> None:
    first, second, third, fourth = (letter(number, now) for number in (1, 2, 3, 4))
    mail = letter(5, now, to="maria@example.org")
    Message.objects.filter(pk=mail).update(status="sent", sent_at=now + HOUR)
    note_as_posted([third], now)
    note_as_posted([second, first], now + 2 * HOUR)
    note_as_posted([fourth], now + HOUR)
    assert [row.pk for row in posted_since(now)] == [fourth, first, second]
    assert [row.pk for row in posted_since(now - HOUR)] == [third, fourth, first, second]
    assert list(posted_since(now + 2 * HOUR)) == []


@pytest.mark.django_db
def test_what_was_not_posted_after_all_waits_again(now: datetime) -> None:
    early, late, other = letter(1, now), letter(2, now), letter(3, now)
    mail = letter(4, now, to="maria@example.org")
    Message.objects.filter(pk=mail).update(status="sent", sent_at=now + 2 * HOUR)
    note_as_posted([early], now)
    note_as_posted([late, other], now + 2 * HOUR)
    assert wait_again([early, late, mail], since=now) == 1
    assert wait_again([late], since=now) == 0
    assert moments(early, late, other) == [("sent", now), ("to_print", None), ("sent", now + 2 * HOUR)]
    assert moments(mail) == [("sent", now + 2 * HOUR)]
    assert [row.pk for row in letters_to_print()] == [late]
