"""A log line names routes; no link, key, search or mailbox gets into it, not even by way of an exception."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from django.core.exceptions import DisallowedHost
from django.db import IntegrityError

from foundation.clock import utc_now
from foundation.links import sign
from wirbrauchensie.log_net import without_links_and_addresses
from wirbrauchensie.logs import logging_config


@pytest.fixture
def token() -> str:
    return sign("my_pledges", "42.1", now=utc_now(), valid_for=timedelta(days=1))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's own log handler writes."""
    handler = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    level, before = handler.level, handler.setStream(io.StringIO())
    handler.setLevel(logging.NOTSET)
    yield handler.stream
    handler.setLevel(level)
    handler.setStream(before)


def test_a_signed_token_and_a_mailbox_are_cut_out_of_every_text(token: str) -> None:
    event = {
        "error": f"no page for {token}/3",
        "event": "Key (email)=(maria.muster+x@mail.example.org) exists",
    }
    assert without_links_and_addresses(None, "info", event) == {
        "error": "no page for –/3",
        "event": "Key (email)=(–) exists",
    }


def test_other_values_stay_as_they_are() -> None:
    event = {
        "ip": "2001:db8:0:1",
        "code": 200,
        "timestamp": "2026-11-22T22:40:42.234375Z",
        "user_id": None,
        "event": "Connected to redis+socket:///path, celery@host ready.",
    }
    assert without_links_and_addresses(None, "info", dict(event)) == event


@pytest.mark.django_db
def test_a_request_is_told_by_its_route(client, token: str, log: io.StringIO) -> None:
    client.get(f"/meine-zusagen/{token}/")
    client.get("/hilfe/", {"q": "Schulden"})
    client.get(f"/gibt/es/{token}/nicht/")
    told = log.getvalue()
    assert "GET meine-zusagen/<str:token>/" in told
    assert "GET hilfe/" in told
    assert "GET (no route)" in told
    assert "Not Found" in told
    assert token not in told
    assert token.rpartition(":")[2] not in told
    assert "Schulden" not in told
    assert "/gibt/es" not in told


@pytest.mark.django_db
def test_a_method_nobody_knows_is_not_repeated(client, log: io.StringIO) -> None:
    client.generic("KANARIENVOGEL", "/hilfe/")
    assert "(other method) hilfe/" in log.getvalue()
    assert "KANARIENVOGEL" not in log.getvalue()


@pytest.mark.django_db
def test_a_host_that_is_refused_is_not_repeated(client, log: io.StringIO) -> None:
    assert client.get("/hilfe/", headers={"host": "kanarienvogel.example"}).status_code == 400
    assert "Bad Request" in log.getvalue()
    assert "kanarienvogel" not in log.getvalue()
    assert DisallowedHost.__name__ in log.getvalue()


@pytest.mark.django_db
def test_a_form_without_its_secret_is_told_by_route(log: io.StringIO, token: str) -> None:
    from django.test import Client

    Client(enforce_csrf_checks=True).post(f"/meins/{token}/einstellungen/", {"x": "1"})
    assert "POST meins/<str:token>/einstellungen/" in log.getvalue()
    assert token not in log.getvalue()


FORGED = {"x-real-ip": "198.51.100.66", "forwarded": "for=198.51.100.66", "client-ip": "198.51.100.66"}


def askers(log: io.StringIO) -> list[tuple[str, str]]:
    """Return event and address of each line that tells of a request."""
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    return [(each["event"], each["ip"]) for each in told if "request" in each]


@pytest.fixture
def in_json(log: io.StringIO) -> Iterator[io.StringIO]:
    """The log as production writes it."""
    handler = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    before = handler.formatter
    kind = logging_config("json")["formatters"]["lines"]
    handler.setFormatter(kind["()"](**{name: value for name, value in kind.items() if name != "()"}))
    yield log
    handler.setFormatter(before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hops", "asker"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "192.0.2.7"), (3, "127.0.0.1")]
)
def test_who_asks_is_who_our_own_proxies_say(client, in_json: io.StringIO, settings, hops, asker) -> None:
    """Whatever a stranger writes into the headers that proxies use (OWASP ASVS 5.0, 4.1.3 and 16.2.1)."""
    settings.TRUSTED_PROXY_COUNT = hops
    client.get("/hilfe/", headers={**FORGED, "x-forwarded-for": "192.0.2.7, 203.0.113.9"})
    assert askers(in_json) == [("request_started", asker), ("request_finished", asker)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (415, {"method": "POST", "path": "/", "data": b"a=1", "content_type": "text/plain; charset=rot13"}),
        (400, {"method": "GET", "path": "/hilfe/?wort=%00"}),
        (400, {"method": "GET", "path": "/hilfe/", "headers": {"Host": "evil.example"}}),
    ],
)
def test_what_is_refused_before_any_view_names_who_asked(client, in_json: io.StringIO, status, asked) -> None:
    assert client.generic(**asked, REMOTE_ADDR="203.0.113.9").status_code == status
    told = [json.loads(line) for line in in_json.getvalue().splitlines()]
    assert {(each["code"], each["ip"]) for each in told} == {(status, "203.0.113.9")}


def fail_with_secrets() -> None:
    secret_of_a_frame = "kanarienvogel-im-stapel"  # noqa: F841
    raise IntegrityError("DETAIL: Key (email)=(maria@example.org) already exists.")


@pytest.mark.parametrize("log_format", ["json", "plain"])
@pytest.mark.parametrize("name", ["structlog", "logging"])
def test_an_exception_tells_where_but_neither_whose_nor_its_variables(log_format: str, name: str) -> None:
    formatter_config = logging_config(log_format)["formatters"]["lines"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            **{key: value for key, value in formatter_config.items() if key != "()"}
        )
    )
    logger = logging.getLogger("test.logs")
    logger.addHandler(handler)
    try:
        fail_with_secrets()
    except IntegrityError:
        (structlog.get_logger("test.logs") if name == "structlog" else logger).exception("it_failed")
    finally:
        logger.removeHandler(handler)
    told = handler.stream.getvalue().replace("\\u2013", "–")
    assert "it_failed" in told
    assert "fail_with_secrets" in told
    assert "IntegrityError: DETAIL: Key (email)=(–) already exists." in told
    assert "maria" not in told
    assert "kanarienvogel-im-stapel" not in told
    if log_format == "json":
        assert json.loads(told)["level"] == "error"
