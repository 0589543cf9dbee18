"""A log line never holds a link that opens what is somebody's own."""

import io
import logging
from datetime import timedelta

import pytest

from foundation.clock import utc_now
from foundation.links import sign
from wirbrauchensie.log_tokens import without_links


@pytest.fixture
def token():
    return sign("my_pledges", "42.1", now=utc_now(), valid_for=timedelta(days=1))


def test_a_signed_token_is_cut_out_of_every_text(token):
    event = {"request": f"GET /meine-zusagen/{token}/3/pause/", "event": f"Not Found: /anfrage/{token}/"}
    assert without_links(None, "info", event) == {
        "request": "GET /meine-zusagen/–/3/pause/",
        "event": "Not Found: /anfrage/–/",
    }


def test_other_values_stay_as_they_are():
    event = {"ip": "2001:db8:0:1", "code": 200, "timestamp": "2026-11-22T22:40:42.234375Z", "user_id": None}
    assert without_links(None, "info", dict(event)) == event


@pytest.fixture
def log():
    """What the product's own log handler writes."""
    handler = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    before = handler.setStream(io.StringIO())
    yield handler.stream
    handler.setStream(before)


@pytest.mark.django_db
def test_the_log_of_a_request_holds_no_token(client, token, log):
    client.get(f"/meine-zusagen/{token}/")
    assert "GET /meine-zusagen/–/" in log.getvalue()
    assert "Not Found: /meine-zusagen/–/" in log.getvalue()
    assert token not in log.getvalue()
