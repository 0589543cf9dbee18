from datetime import datetime, timedelta

import pytest

from foundation import links

WEEK = timedelta(days=7)


def test_a_link_leads_back_to_its_subject(now: datetime) -> None:
    token = links.sign("offer", "42", now=now, valid_for=WEEK)
    assert links.read("offer", token, now=now + timedelta(days=6)) == "42"


def test_a_link_ends_exactly_when_it_says(now: datetime) -> None:
    token = links.sign("offer", "42", now=now, valid_for=WEEK)
    assert links.read("offer", token, now=now + WEEK - timedelta(seconds=1)) == "42"
    with pytest.raises(links.LinkExpired):
        links.read("offer", token, now=now + WEEK)


def test_a_link_of_another_purpose_is_refused(now: datetime) -> None:
    token = links.sign("my_pledges", "42", now=now, valid_for=WEEK)
    with pytest.raises(links.LinkNotValid):
        links.read("offer", token, now=now)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "ä" * 500, ":::", "W10:1:2"])
def test_what_is_no_token_is_refused(token: str, now: datetime) -> None:
    with pytest.raises(links.LinkNotValid):
        links.read("offer", token, now=now)


def test_an_altered_subject_is_refused(now: datetime) -> None:
    mine = links.sign("offer", "42", now=now, valid_for=WEEK)
    other = links.sign("offer", "43", now=now, valid_for=WEEK)
    forged = other.split(":")[0] + ":" + mine.split(":", 1)[1]
    with pytest.raises(links.LinkNotValid):
        links.read("offer", forged, now=now)
