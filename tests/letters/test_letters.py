"""Letters to print: who may, what stands in them, taken together, noted as posted once."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from citizens.domain.mails import ADDRESS_CONFIRM
from citizens.services.letters import write
from citizens.services.link_requests import renew_links
from citizens.services.mailboxes import mailbox_for, paper_mailbox
from foundation.clock import utc_now
from foundation.history import lines_of
from outbox.models import Message
from outbox.services.purge import empty_old_messages
from outbox.services.sending import send_due
from tests.factories import make_coordinator, make_provider, make_youth_office
from tests.today.reading import check, numbers
from volunteers.models import Volunteer
from volunteers.wording.mails import PLEDGE_RESUMED, PLEDGE_STILL_LOOKING, PLEDGE_WITHDRAWN
from wirbrauchensie.letters.document import letters_document

pytestmark = pytest.mark.django_db
HERE = "/koordination/briefe/"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def letter_to(name: str, now: datetime, number: int = 1) -> Message:
    mailbox = paper_mailbox(f"{name}\nWeierstraße {number}\n52349 Düren", now)
    person = Volunteer(first_name=name.split()[0], mailbox=mailbox, created_at=now)
    key = f"pledge.withdrawn:{number}"
    assert write(mailbox, mail=PLEDGE_WITHDRAWN, key=key, context={"volunteer": person}, now=now)
    return Message.objects.get(key=key)


def test_letters_wait_for_a_human_and_never_for_the_mail_server(now: datetime) -> None:
    letter = letter_to("Hedwig Kremer", now)
    assert (letter.status, letter.sent_at) == ("to_print", None)
    assert send_due(now + timedelta(days=1), worker="test") == 0
    assert empty_old_messages(now + timedelta(days=60)) == 0
    letter.refresh_from_db()
    assert (letter.status, letter.subject != "") == ("to_print", True)


def test_what_is_unwanted_or_lives_by_its_link_is_no_letter(now: datetime) -> None:
    mailbox = paper_mailbox("Hedwig Kremer\nWeierstraße 1\n52349 Düren", now)
    confirm = {"confirm_url": "https://example.org/"}
    write(mailbox, mail=ADDRESS_CONFIRM, key="address.confirm:1", context=confirm, now=now)
    assert Message.objects.get().status == "suppressed"
    mailbox.unwanted = ["zwischenstand"]
    context = {"volunteer": Volunteer(first_name="Hedwig", mailbox=mailbox)}
    assert not write(
        mailbox, mail=PLEDGE_STILL_LOOKING, key="pledge.still_looking:1", context=context, now=now
    )
    other = mailbox_for("anna@example.org", now)
    assert write(other, mail=PLEDGE_RESUMED, key="pledge.resumed:1", context=context, now=now)
    assert Message.objects.get(key="pledge.resumed:1").status == "queued"


def test_a_renewed_way_to_the_page_is_a_letter(now: datetime) -> None:
    renew_links(paper_mailbox("Hedwig Kremer\nWeierstraße 1\n52349 Düren", now), now=now)
    letter = Message.objects.get()
    assert (letter.template, letter.status) == ("my_page_link", "to_print")


def test_the_list_holds_exactly_what_waits_and_forgives_a_slip(office: User, now: datetime) -> None:
    letter_to("Hedwig Kremer", now, 1)
    letter_to("Uwe Groß", now, 2)
    client = client_of(office)
    page = client.get(HERE).content.decode()
    assert "2 Briefe" in page
    assert page.index("Hedwig Kremer") < page.index("Uwe Groß")
    assert "Weierstraße 2, 52349 Düren" in page
    assert "@brief.invalid" not in page
    found = client.get(HERE, {"q": "uwe gross"}).content.decode()
    assert ("Uwe Groß" in found, "Hedwig" in found) == (True, False)
    turned = client.get(HERE, {"sort": "-to"}).content.decode()
    assert turned.index("Uwe Groß") < turned.index("Hedwig Kremer")
    file = b"".join(client.get(f"{HERE}liste.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Hedwig Kremer;Weierstraße 1, 52349 Düren" in file


def test_letters_are_printed_together_on_record_and_posted_once(office: User, now: datetime) -> None:
    letters = [
        letter_to("Hedwig Kremer", now, 1),
        letter_to("Änne Groß 🎉", now, 2),
        letter_to("Uwe Zwei", now, 3),
    ]
    client, chosen = client_of(office), {"chosen": [letters[0].pk, letters[1].pk]}
    answer = client.post(f"{HERE}drucken/", chosen)
    made = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (answer["Content-Type"], made[:5], b"pdfaid:part>2<" in made) == (
        "application/pdf",
        b"%PDF-",
        True,
    )
    assert b"pdfuaid:part>1<" in made
    taken = lines_of(office).get(changes__has_key="file")
    assert taken.changes == {"file": [None, "briefe.pdf"], "rows": [None, 2]}
    assert Message.objects.filter(status="to_print").count() == 3
    page = client.post(f"{HERE}verschickt/", chosen, follow=True).content.decode()
    assert "2 Briefe sind als verschickt vermerkt." in page
    for letter in letters:
        letter.refresh_from_db()
    assert [letter.status for letter in letters] == ["sent", "sent", "to_print"]
    first_sent = letters[0].sent_at
    page = client.post(f"{HERE}verschickt/", chosen, follow=True).content.decode()
    assert "0 Briefe sind als verschickt vermerkt." in page
    letters[0].refresh_from_db()
    assert letters[0].sent_at == first_sent


def test_nothing_chosen_posts_nothing(office: User, now: datetime) -> None:
    letter = letter_to("Hedwig Kremer", now)
    page = client_of(office).post(f"{HERE}verschickt/", follow=True).content.decode()
    assert "Bitte wählen Sie mindestens einen Brief aus." in page
    letter.refresh_from_db()
    assert letter.status == "to_print"


def test_links_become_codes_and_the_same_letters_the_same_bytes(now: datetime) -> None:
    letter = letter_to("Hedwig Kremer", now)
    letter.body_text = (
        "Guten Tag,\n\n1. Erstens\nhttps://example.org/anfrage/abc/\n\nEnde\n--\nFuß https://x.example"
    )
    vars(letter)["postal_address"] = "Hedwig Kremer\nWeierstraße 1\n52349 Düren"
    made = letters_document([letter], None, now=now)
    assert made == letters_document([letter], None, now=now)
    without = Message(subject=letter.subject, body_text="Guten Tag,\n\n1. Erstens\n\nEnde\n--\nFuß")
    vars(without)["postal_address"] = ""
    assert len(made) > len(letters_document([without], None, now=now))


def test_today_counts_the_letters_of_the_office_alone(office: User, now: datetime) -> None:
    older, newer = letter_to("Uwe Zwei", now - timedelta(hours=1), 1), letter_to("Hedwig Kremer", now, 2)
    check(office, "briefe", [older.pk, newer.pk])
    assert "briefe" not in numbers(make_coordinator(make_provider()))


def test_a_day_stays_on_one_line_of_a_letter(office: User, now: datetime) -> None:
    letter = letter_to("Hedwig Kremer", now)
    said = [
        f"{'Wort ' * number}am 5. Januar 2027, und wieder am 12. April um drei Uhr." for number in range(40)
    ]
    Message.objects.filter(pk=letter.pk).update(body_text="\n\n".join(said))
    answer = client_of(office).post(f"{HERE}drucken/", {"chosen": [letter.pk]})
    made = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    lines = [line for page in PdfReader(BytesIO(made)).pages for line in page.extract_text().splitlines()]
    assert sum("5. Januar 2027" in line for line in lines) == 40
    assert sum("12. April" in line for line in lines) == 40
