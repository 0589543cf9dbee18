"""What every page of every visitor tells the browser to refuse, and which cookies and forms it brings."""

import re
from collections.abc import Callable

import pytest

from tests.access.doors import DOORS
from tests.access.people import WITHOUT_ACCOUNT, Who
from tests.access.walks import Seen
from tests.security.strictness import assert_only_ours, assert_strict

pytestmark = pytest.mark.django_db

SENDING = re.compile(r"<form\b(?=[^>]*\bmethod=\"post\")[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
PROOF = re.compile(r"name=\"csrfmiddlewaretoken\" value=\"\w{64}\"")


@pytest.mark.parametrize("who", Who)
def test_every_answer_is_strict_and_pages_load_nothing_from_elsewhere(
    who: Who, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    for name, answer in seen(who).items():
        assert_strict(name, answer.headers, answer.body)


@pytest.mark.parametrize("who", Who)
def test_no_page_sets_a_cookie_but_those_of_forms_and_of_signing_in(
    who: Who, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    for name, answer in seen(who).items():
        assert_only_ours(name, answer.cookies)


@pytest.mark.parametrize("who", Who)
def test_every_form_that_sends_carries_the_proof_that_it_is_ours(
    who: Who, seen: Callable[[Who], dict[str, Seen]]
) -> None:
    """Without it everybody is refused, and no other test would notice: their client asks for none."""
    forms = [(name, form) for name, page in seen(who).items() for form in SENDING.findall(page.body)]
    assert len(forms) > 3
    assert [(name, form[:200]) for name, form in forms if not PROOF.search(form)] == []


@pytest.mark.parametrize("who", [each for each in Who if each not in WITHOUT_ACCOUNT])
def test_what_the_signed_in_see_stays_in_no_cache(who: Who, seen: Callable[[Who], dict[str, Seen]]) -> None:
    """Whatever they open: a public page of theirs says who they are too."""
    kept = {
        name
        for name, answer in seen(who).items()
        if "no-store" not in answer.headers.get("Cache-Control", "")
    }
    assert kept == set()


def test_what_a_link_opens_stays_in_no_cache(seen: Callable[[Who], dict[str, Seen]]) -> None:
    """A page that nobody else gets is somebody's own."""
    opened = {
        name: answer
        for name, answer in seen(Who.CITIZEN).items()
        if answer.status == 200 and DOORS[name].get[Who.ANONYMOUS] != 200
    }
    assert len(opened) > 20
    kept = [name for name, answer in opened.items() if "no-store" not in answer.headers["Cache-Control"]]
    assert kept == []
