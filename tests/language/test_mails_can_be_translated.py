"""Every word of the mails goes through translation: seen in a language that marks what did."""

import pytest

from foundation.clock import utc_now
from outbox.models import Message
from tests.access.scene import make_scene
from tests.language.pseudo import is_known, outside, speaking_pseudo, stored_texts, unbracketed

pytestmark = pytest.mark.django_db


def test_no_text_of_a_mail_escapes_translation() -> None:
    """Of those that a town of everything has caused."""
    with speaking_pseudo(to_mailboxes=True):
        make_scene(utc_now())
    stored, forgotten = stored_texts(of_mails=False), {}
    mails = Message.objects.order_by("template").distinct("template")
    for mail in mails:
        texts = [outside(mail.subject, 0)[0].strip(), *unbracketed(mail.body_html)]
        left = [text for text in texts if not is_known(text, stored)]
        if left:
            forgotten[mail.template] = left
    assert len(mails) > 5
    assert forgotten == {}, "\n".join(f"{name}: {left}" for name, left in forgotten.items())
