"""What every page of every visitor tells the browser to refuse, and which cookies it sets."""

from collections.abc import Callable

import pytest

from tests.access.people import Who
from tests.access.walks import Seen
from tests.security.strictness import assert_only_ours, assert_strict

pytestmark = pytest.mark.django_db


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
