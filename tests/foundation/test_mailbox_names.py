"""One mailbox is one mailbox, however a stranger writes it."""

import pytest

from foundation.mailbox_names import normalised_email


@pytest.mark.parametrize(
    "typed",
    [
        "maria.muster@example.org",
        "MariaMuster@Example.ORG",
        " m.a.r.i.a.muster@example.org ",
        "maria.muster+tag@example.org",
        "maria.muster+a+b@example.org",
        '"maria.muster"@example.org',
        '"maria.muster+x"@example.org',
        '"ma\\ria.m\\uster"@example.org',
        '"maria"."muster"@example.org',
        "maria\u00admuster@example.org",
        "mariamuster@ex\u00adample.org",
        "mariamuster@example\u200b.org",
        "mariamuster@example.org.",
        "mariamu\u017fter@example.org",
        "ｍａｒｉａｍｕｓｔｅｒ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "mariamuster@example。org",
        "maria\ufe0fmuster@example.org",
        "maria\u034fmuster@example.org",
    ],
)
def test_every_spelling_is_the_same_mailbox(typed: str) -> None:
    assert normalised_email(typed) == "mariamuster@example.org"


def test_a_domain_is_the_same_in_its_letters_and_in_ascii() -> None:
    assert normalised_email("a@düren.de") == normalised_email("a@XN--DREN-0RA.de") == "a@xn--dren-0ra.de"


LONG = "a@" + "ü" * 300


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [("a@b@c.de", "a@b@c.de"), ("+tag@b.de", "@b.de"), ("keine", "@keine"), ("", "@"), (LONG, LONG)],
)
def test_what_is_no_address_breaks_nothing(typed: str, mailbox: str) -> None:
    assert normalised_email(typed) == mailbox


def test_two_people_are_two_mailboxes() -> None:
    people = ["maria@example.org", "mario@example.org", "maria@example.com", "maria@mail.example.org"]
    assert len({normalised_email(each) for each in people}) == 4
