"""What makes the stack itself answer 500 (RELIABILITY.md §1.6), each with its cure."""

import json

import pytest
from django.test import Client, RequestFactory
from rest_framework.exceptions import ParseError

from foundation.parsers import StrictJSONParser
from wirbrauchensie.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "charset", ["utf-7", "latin-1", "rot13", "hex", "idna", "punycode", "undefined", "nope", "utf8"]
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_in_a_strange_charset_is_refused(client: Client, charset: str, kind: str) -> None:
    answer = client.generic("POST", "/kontakt/", b"--x--", content_type=f"{kind}; charset={charset}")
    assert answer.status_code == 415
    assert "UTF-8" in answer.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf8_is_let_through(client: Client, city: None, charset: str) -> None:
    answer = client.generic(
        "POST",
        "/kontakt/",
        b"topic=frage",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["/zeit/?q=%00", "/hilfe/?q=a%00b", "/zeit/a%00b/"])
def test_a_nul_character_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code in {400, 404}


@pytest.mark.parametrize(
    "address",
    [
        "/zeit/?field=nope&district=999999999999999999999&day=x&page=abc",
        "/hilfe/?topic=%F0%9F%92%A9&age=-1&district=id&page=99999999999999999999",
        "/spenden/?zweck=../../etc/passwd",
        "/wo-wir-stehen/?field=%27%20or%201=1--",
    ],
)
def test_nonsense_in_a_query_never_breaks_a_page(client: Client, city: None, address: str) -> None:
    assert client.get(address).status_code in {200, 400, 404}


def test_json_nested_a_thousand_deep_is_a_parse_error() -> None:
    from io import BytesIO

    with pytest.raises(ParseError):
        StrictJSONParser().parse(BytesIO(b"[" * 100_000 + b"]" * 100_000))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_a_number_beyond_all_bounds_is_a_parse_error(number: str) -> None:
    from io import BytesIO

    with pytest.raises(ParseError):
        StrictJSONParser().parse(BytesIO(f'{{"a": [1, {number}]}}'.encode()))


@pytest.mark.parametrize("text", ['["\\ud800"]', '{"\\udfff": 1}', '{"a": [{"b": "x\\udc00y"}]}'])
def test_half_a_character_is_a_parse_error(text: str) -> None:
    from io import BytesIO

    with pytest.raises(ParseError):
        StrictJSONParser().parse(BytesIO(text.encode()))
    assert StrictJSONParser().parse(BytesIO(b'["\\ud83e\\udef6"]')) == ["\U0001faf6"]


def test_ordinary_json_is_read() -> None:
    from io import BytesIO

    assert StrictJSONParser().parse(BytesIO(json.dumps({"a": [1.5, None]}).encode())) == {"a": [1.5, None]}


def test_a_bad_request_is_answered_without_reading_the_body_again(client: Client, city: None) -> None:
    fields = "&".join(f"f{number}=1" for number in range(1301))
    answer = client.generic(
        "POST", "/kontakt/", fields.encode(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


STRANGE = ["rot13", "hex", "utf-7", "undefined", "idna", "nope"]


@pytest.mark.parametrize(
    "content_type",
    [f"application/x-www-form-urlencoded; charset={charset}" for charset in STRANGE]
    + ["text/plain; charset*=utf-8''rot13", "application/json; charset*=nope''utf%2D8"],
)
def test_a_strange_charset_never_reaches_the_query(content_type: str) -> None:
    environ = RequestFactory().generic("POST", "/?a=b", b"x=1").environ
    answers: list[str] = []
    body = application(
        {**environ, "CONTENT_TYPE": content_type}, lambda status, _headers: answers.append(status)
    )
    assert b"UTF-8" in b"".join(body)
    assert answers == ["415 Unsupported Media Type"]
