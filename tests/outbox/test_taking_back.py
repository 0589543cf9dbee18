"""What must not be known any more goes from mails too: a phrase in them, or that they were written at all."""

from collections.abc import Collection
from datetime import datetime

import pytest

from outbox.models import Message
from outbox.services.purge import forget_messages, replace_phrases, rows_told_of

pytestmark = pytest.mark.django_db
WITH_FILE = {"attachment_name": "a.ics", "attachment_type": "text/calendar", "attachment_body": "BEGIN"}


def keep(key: str, now: datetime, **more: str) -> Message:
    words = {"template": "offer", "to_email": "a@example.org", "subject": "Hallo", "status": "queued"}
    moments = {"queued_at": now, "due_at": now, "sent_at": now, "claimed_at": now}
    return Message.objects.create(key=key, **{**words, **moments, **more})


def words(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.subject, message.body_text, message.body_html


def file_of(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.attachment_name, message.attachment_type, message.attachment_body


@pytest.mark.parametrize("status", ["queued", "failed", "sent", "dead", "unknown", "suppressed", "to_print"])
def test_a_phrase_goes_from_every_part_of_a_mail_in_whatever_state(now: datetime, status: str) -> None:
    text = "Lea & Co kommt, Lea & Co bleibt"
    parts = {"subject": "Für Lea & Co", "body_text": text, "body_html": "<p>Lea &amp; Co</p>"}
    told = keep("x:1", now, status=status, **parts, **WITH_FILE)
    other = keep("x:2", now, status=status, body_text="Lea und Co", **WITH_FILE)
    assert replace_phrases(["Lea & Co"], "…") == 1
    assert words(told) == ("Für …", "… kommt, … bleibt", "<p>…</p>")
    assert file_of(told) == ("", "", "")
    assert words(other) == ("Hallo", "Lea und Co", "")
    assert file_of(other) == ("a.ics", "text/calendar", "BEGIN")
    told.refresh_from_db()
    assert (told.status, told.sent_at, told.to_email) == (status, now, "a@example.org")


@pytest.mark.parametrize(
    ("part", "found"),
    [("subject", 1), ("body_text", 1), ("body_html", 1), ("error", 0), ("template", 0)],
)
def test_one_part_that_holds_it_is_enough(now: datetime, part: str, found: int) -> None:
    keep("x:1", now, **{part: "Lea"})
    assert replace_phrases(["Lea", "Tom"], "…") == found
    assert getattr(Message.objects.get(), part) == ("…" if found else "Lea")


@pytest.mark.parametrize("phrases", [["Lea", "Lea Klein"], ["Lea Klein", "Lea"]])
def test_of_two_phrases_the_longer_one_goes_whole(now: datetime, phrases: list[str]) -> None:
    told = keep("x:1", now, subject="Lea Klein und Lea")
    assert replace_phrases(phrases, "…") == 1
    assert words(told)[0] == "… und …"


def test_a_mail_on_its_way_this_moment_stays_and_no_phrase_replaces_nothing(now: datetime) -> None:
    leaving = keep("x:1", now, status="sending", subject="Lea", **WITH_FILE)
    assert replace_phrases(["Lea"], "…") == 0
    assert words(leaving)[0] == "Lea"
    assert file_of(leaving) == ("a.ics", "text/calendar", "BEGIN")
    kept = keep("x:2", now, subject="Lea")
    assert replace_phrases([], "…") == 0
    assert words(kept)[0] == "Lea"


def test_a_subject_stays_as_short_as_its_column(now: datetime) -> None:
    told = keep("x:1", now, subject="Lea" + "x" * 197)
    assert replace_phrases(["Lea"], "(entfernt)") == 1
    assert words(told)[0] == "(entfernt)" + "x" * 190


def test_the_keys_name_the_rows_that_mails_are_about(now: datetime) -> None:
    for key in ("offer.sent:4", "offer.sent:42:again", "offer.reminder:4"):
        keep(key, now)
    keep("gift.thanks:7", now, template="gift")
    keep("other:9", now, template="other")
    assert rows_told_of(["offer"]) == {4, 42}
    assert rows_told_of(["offer", "gift"]) == {4, 42, 7}
    assert rows_told_of([]) == set()


@pytest.mark.parametrize(
    ("about", "gone"),
    [
        ([4], {"a:4", "b.c:4", "a:4:again"}),
        ([2], {"a:2"}),
        ([42], {"a:42", "a:42:4"}),
        ([4, 42], {"a:4", "b.c:4", "a:4:again", "a:42", "a:42:4"}),
        ([24], set()),
        ([], set()),
    ],
)
def test_only_mails_about_these_rows_are_forgotten(
    now: datetime, about: Collection[int], gone: set[str]
) -> None:
    keys = {"a:4", "b.c:4", "a:4:again", "a:2", "a:42", "a:42:4", "a:x:4"}
    for key in keys:
        keep(key, now)
    keep("d:4", now, template="gift")
    keep("e:4", now, status="sending")
    assert forget_messages(["offer"], about) == len(gone)
    left = set(Message.objects.values_list("key", flat=True))
    assert left == (keys - gone) | {"d:4", "e:4"}


@pytest.mark.parametrize("status", ["queued", "failed", "sent", "dead", "unknown", "suppressed", "to_print"])
def test_a_mail_is_forgotten_in_whatever_state_it_rests(now: datetime, status: str) -> None:
    keep("a:4", now, status=status)
    assert forget_messages(["gift"], [4]) == 0
    assert forget_messages(["gift", "offer"], [4]) == 1
    assert not Message.objects.exists()
