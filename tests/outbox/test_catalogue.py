"""The catalogues: every mail of the product is listed once, complete, and written under its own keys only."""

from datetime import datetime
from pathlib import Path

import pytest

import accounts.mails
import citizens.domain.mails
import donations.receipts.wording.mails
import donations.wording.mails
import programs.wording.mails
import volunteers.wording.mails
import wirbrauchensie.pages.mails
import wirbrauchensie.today.mails
from outbox.domain.catalogue import Mail
from outbox.models import Message
from outbox.services.queue import queue

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "emails"
CATALOGUES = (
    accounts.mails,
    citizens.domain.mails,
    donations.receipts.wording.mails,
    donations.wording.mails,
    programs.wording.mails,
    volunteers.wording.mails,
    wirbrauchensie.pages.mails,
    wirbrauchensie.today.mails,
)


def entries() -> list[Mail]:
    """Every entry of every catalogue, those in a dictionary too."""
    found: list[Mail] = []
    for catalogue in CATALOGUES:
        for value in vars(catalogue).values():
            found += value.values() if isinstance(value, dict) else [value]
    return [each for each in found if isinstance(each, Mail)]


def test_every_folder_of_mails_has_one_entry_and_every_entry_its_folder() -> None:
    folders = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    assert len(folders) > 30
    assert sorted(mail.template for mail in entries()) == folders


@pytest.mark.parametrize("mail", entries(), ids=lambda mail: mail.template)
def test_every_mail_has_subject_text_and_html(mail: Mail) -> None:
    assert {path.name for path in (FOLDER / mail.template).iterdir()} == {
        "subject.txt",
        "body.txt",
        "body.html",
    }


def test_no_key_belongs_to_two_mails() -> None:
    tried = [mail.key.replace("*", "7") for mail in entries()]
    for key in tried:
        owners = [mail.template for mail in entries() if mail.names(key)]
        assert len(owners) == 1, (key, owners)


def test_only_a_service_can_be_declined() -> None:
    optional = {mail.template: mail.optional.name for mail in entries() if mail.optional}
    assert optional == {
        "pledge_still_looking": "zwischenstand",
        "shift_reminder": "termine",
        "task_message": "nachrichten",
        "transfer_reminder": "ueberweisung",
    }


def test_what_lives_by_its_link_is_no_letter() -> None:
    on_paper = {mail.template for mail in entries() if mail.as_letter}
    assert on_paper.isdisjoint({"pledge_confirm", "address_confirm", "confirm_step", "account_invitation"})
    assert {"offer", "placement_confirmed", "gift_thanks", "my_page_link", "address_told"} <= on_paper


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "contact", "Contact:1", "gift.thanks:1", "x.contact:1"])
def test_a_key_of_another_mail_is_refused_and_nothing_is_written(key: str, now: datetime) -> None:
    mail = wirbrauchensie.pages.mails.CONTACT_MESSAGE
    context = {"topic": "Frage", "text": "Text", "reply_to": ""}
    with pytest.raises(ValueError, match="contact_message"):
        queue(mail=mail, key=key, to_email="a@example.org", context=context, now=now)
    assert not Message.objects.exists()
