"""One address has one form, however it is typed."""

import pytest

from citizens.domain.addresses import as_sent, erased_address


@pytest.mark.parametrize(
    "typed",
    [
        "maria@müller.de",
        " Maria@Müller.de ",
        "MARIA@MÜLLER.DE",
        "maria@xn--mller-kva.de",
        "maria@mu\u0308ller.de",
        "ma\u00adria@müller.de",
        "ma\u200bria@mül\u200bler.de",
        "\ufeffmaria@müller.de",
        "ｍａｒｉａ＠müller．de",
        "maria@müller.de.",
        "\u202amaria@müller.de\u202c",
    ],
)
def test_every_spelling_becomes_what_the_mail_server_is_told(typed: str) -> None:
    assert as_sent(typed) == "maria@xn--mller-kva.de"


def test_the_domain_begins_behind_the_last_sign() -> None:
    assert as_sent('"A@B"@Müller.de') == '"a@b"@xn--mller-kva.de'


def test_a_sharp_s_stays_another_domain_than_double_s() -> None:
    """IDNA 2008; the older rules sent mail for straße.de to strasse.de."""
    assert as_sent("x@straße.de") == "x@xn--strae-oqa.de"
    assert as_sent("x@strasse.de") == "x@strasse.de"


def test_what_is_longer_than_any_address_stays_as_it_was_typed() -> None:
    longest = "A" * 308 + "@example.org"
    assert as_sent(longest) == longest.lower()
    assert as_sent(f"A{longest}") == f"A{longest}"


@pytest.mark.parametrize(
    "typed",
    [
        "maria.klein+zeit@example.org",
        "o'hara@example.org",
        '"a b"@example.org',
        "x@[127.0.0.1]",
        "a_b@exa_mple.org",
    ],
)
def test_what_tells_mailboxes_apart_stays(typed: str) -> None:
    assert as_sent(typed) == typed


@pytest.mark.parametrize(
    "typed", ["", " ", "maria", "@", "a@", "@b.de", "a@b@c.de", "a@\x00.de", "a@-.de", "💥@💥"]
)
def test_what_is_no_address_does_no_harm_and_stays_none(typed: str) -> None:
    once = as_sent(typed)
    assert as_sent(once) == once
    assert once.count("@") == typed.count("@")


def test_the_form_is_reached_in_one_step() -> None:
    for typed in ("Ｍａｒｉａ@MÜLLER.de", "K@Kelvin.de", "ﬁ@ﬁrma.de", "İ@x.de"):
        assert as_sent(as_sent(typed)) == as_sent(typed)


def test_a_text_without_end_is_handed_back_at_once() -> None:
    assert as_sent("a" * 100_000 + "@example.org") == "a" * 100_000 + "@example.org"


def test_erased_rows_have_addresses_of_their_own_to_which_nothing_can_be_sent() -> None:
    assert {erased_address(7), erased_address(8)} == {
        "postfach-7@erased.invalid",
        "postfach-8@erased.invalid",
    }
