"""What people and programs send: days, amounts, files, charsets, tables, addresses back; at every edge."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory
from rest_framework.exceptions import ParseError

from foundation.charsets import is_utf8, utf8_gate
from foundation.clock import utc_now
from foundation.file_endings import check_ending, ending_of
from foundation.ibans import german_iban, is_iban, plain_iban
from foundation.lists.choosing import chosen_keys
from foundation.middleware import no_nul_in_query, only_methods_in_use, only_utf8
from foundation.money import MOST_CENTS, NotAnAmount, NotCents, some_cents, whole_cents
from foundation.networks import plain_address
from foundation.parsers import StrictJSONParser
from foundation.plausible_amounts import an_amount
from foundation.plausible_days import of_this_century
from foundation.returns import back_or
from foundation.spreadsheets import guarded
from foundation.tables.json_files import json_of
from foundation.tables.table import FileRefused
from foundation.tables.values import german_day, german_number, percent, yes_or_no
from foundation.times_of_week import WeeklyTime, merged
from foundation.typed import KEPT_FOR, MOST_LETTERS, forget, keep, kept
from foundation.units import MinuteOfDay

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2026, 3, 2), date(2099, 12, 31)])
def test_a_day_of_this_century_is_taken(day: date) -> None:
    of_this_century(day)


@pytest.mark.parametrize("day", [date(26, 3, 2), date(1999, 12, 31), date(2100, 1, 1), date(9999, 12, 31)])
def test_a_year_half_typed_is_asked_for_again(day: date) -> None:
    with pytest.raises(ValidationError) as refused:
        of_this_century(day)
    assert refused.value.messages == ["Bitte nennen Sie einen Tag zwischen 2000 und 2099."]


@pytest.mark.parametrize("cents", [1, 2500, MOST_CENTS])
def test_an_amount_moves_something(cents: int) -> None:
    an_amount(cents)
    assert some_cents(cents) == whole_cents(cents) == cents


@pytest.mark.parametrize("cents", [0, -1, -MOST_CENTS])
def test_nothing_and_less_are_whole_cents_and_no_amount(cents: int) -> None:
    assert whole_cents(cents) == cents
    with pytest.raises(NotAnAmount):
        some_cents(cents)
    with pytest.raises(ValidationError) as refused:
        an_amount(cents)
    told = "Bitte geben Sie einen Betrag von mindestens 1 Cent und höchstens 100 Milliarden Euro ein."
    assert refused.value.messages == [told]


@pytest.mark.parametrize("cents", [MOST_CENTS + 1, -MOST_CENTS - 1])
def test_no_account_moves_more_than_a_hundred_billion_euro(cents: int) -> None:
    assert MOST_CENTS == 100_000_000_000 * 100
    for reader in (whole_cents, some_cents):
        with pytest.raises(NotAnAmount):
            reader(cents)
    with pytest.raises(ValidationError):
        an_amount(cents)


@pytest.mark.parametrize("amount", [True, False, 1.0, "1", None, Decimal(1), b"1"])
def test_what_a_database_would_round_or_read_is_no_cents(amount: object) -> None:
    with pytest.raises(NotCents):
        whole_cents(amount)


@pytest.mark.parametrize(
    ("bank_code", "number", "iban"),
    [
        ("37040044", "0532013000", "DE89370400440532013000"),
        ("37040044", "532013000", "DE89370400440532013000"),
        ("50010517", "137075030", "DE02500105170137075030"),
    ],
)
def test_a_bank_code_and_a_number_make_an_iban(bank_code: str, number: str, iban: str) -> None:
    assert german_iban(bank_code, number) == iban
    assert is_iban(iban)


def test_check_digits_have_two_signs() -> None:
    made = [german_iban("37040044", str(number)) for number in range(200)]
    assert {len(each) for each in made} == {22}
    assert any(each[2] == "0" for each in made)
    assert all(map(is_iban, made))


@pytest.mark.parametrize(
    "typed",
    [
        "DE88370400440532013000",
        "DE893704004405320130",
        "DE8937040044053201300000",
        "GB82WEST1234569876543",
        "US89370400440532013000",
        "DEX9370400440532013000",
        "DE8937040044053201300é",
        "",
        "DE",
        "89370400440532013000DE",
    ],
)
def test_wrong_digits_lengths_and_countries_are_no_iban(typed: str) -> None:
    assert not is_iban(typed)


def test_an_iban_is_read_however_it_was_typed() -> None:
    assert plain_iban(" de89 3704\u00a00044 0532 0130 00\n") == "DE89370400440532013000"
    assert is_iban("gb82 west 1234 5698 7654 32")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 203.0.113.9 ", "203.0.113.9"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("[2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
        ("203.0.113.9:80", "203.0.113.9"),
        ("203.0.113.9:", "203.0.113.9"),
        ("", ""),
        ("0.0.0.0", "0.0.0.0"),
        ("256.0.0.1", ""),
        ("localhost:80", ""),
    ],
)
def test_an_address_is_read_without_port_brackets_and_zone(text: str, address: str) -> None:
    assert plain_address(text) == address


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain; charset=UTF-8",
        'text/plain; charset="utf-8"',
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset= utf-8 ",
    ],
)
def test_what_names_no_charset_or_utf8_is_let_in(content_type: str) -> None:
    assert is_utf8(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=utf-7",
        "text/plain; charset=rot13",
        "text/plain; charset=latin-1",
        "text/plain; charset=utf8",
        "text/plain; charset*=bogus''utf-8",
    ],
)
class TestOtherCharsets:
    def test_no_other_is(self, content_type: str) -> None:
        assert not is_utf8(content_type)

    def test_it_is_refused_before_a_request_is_made_of_it(self, content_type: str) -> None:
        heard: list[Any] = []
        gate = utf8_gate(lambda _environ, _start: pytest.fail("let in"))
        body = gate({"CONTENT_TYPE": content_type}, lambda *told: heard.append(told))
        assert body == [b"Bitte senden Sie Ihre Angaben in der Zeichenkodierung UTF-8."]
        assert heard == [
            (
                "415 Unsupported Media Type",
                [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "60")],
            )
        ]

    def test_it_is_refused_where_there_is_a_request_already(self, content_type: str) -> None:
        request = RequestFactory().post("/", b"a=1", content_type="text/plain")
        request.META["CONTENT_TYPE"] = content_type
        answer = only_utf8(lambda _request: pytest.fail("let in"))(request)
        assert (answer.status_code, answer["Content-Type"]) == (415, "text/plain; charset=utf-8")


def test_the_gate_hands_on_what_it_lets_in() -> None:
    given: list[Any] = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        given.append((environ, start))
        return [b"ok"]

    environ: dict[str, Any] = {"PATH_INFO": "/"}
    assert utf8_gate(application)(environ, print) == [b"ok"]
    assert given == [(environ, print)]


def answered(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods_in_use_are_let_through(method: str) -> None:
    assert only_methods_in_use(answered)(RequestFactory().generic(method, "/")).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get"])
def test_others_are_told_which_are(method: str) -> None:
    request = RequestFactory().get("/")
    request.method = method
    answer = only_methods_in_use(answered)(request)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")


@pytest.mark.parametrize(
    ("path", "status"), [("/a%00b", 400), ("/a?b=%00", 400), ("/a?b=%2500", 200), ("/a?b=00", 200)]
)
def test_a_sign_that_no_text_can_hold_is_refused(path: str, status: int) -> None:
    answer = no_nul_in_query(answered)(RequestFactory().get(path))
    assert answer.status_code == status
    if status == 400:
        assert answer.content.decode() == "Die Adresse enthält ein ungültiges Zeichen."


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/koordination/?art=anrufen#liste", True),
        ("/koordination/", True),
        ("/koordination", False),
        ("/meine-seite/x/", False),
        ("//boese.example/koordination/", False),
        ("https://boese.example/koordination/", False),
        ("/koordination/\\boese", True),
        ("", False),
    ],
)
def test_one_goes_back_to_a_list_of_ours_alone(back: str, leads: bool) -> None:
    otherwise = HttpResponse(status=204)
    request = RequestFactory().post("/", {"back": back})
    answer = back_or(request, otherwise)
    if leads:
        assert (answer.status_code, answer["Location"]) == (303, back.replace("\\", "%5C"))
    else:
        assert answer is otherwise


ENDINGS = {".csv": lambda head: not head.startswith(b"PK"), ".xlsx": lambda head: head.startswith(b"PK")}


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.CSV", ".csv"),
        ("a.tar.XLSX", ".xlsx"),
        ("a", ""),
        (".csv", ""),
        ("", ""),
        ("ä.Csv", ".csv"),
    ],
)
def test_the_end_of_a_name_is_read_in_small_letters(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_a_file_is_what_its_name_says_and_can_be_read_from_its_begin() -> None:
    upload = SimpleUploadedFile("Liste.CSV", b"a;b\n1;2\n")
    check_ending(upload, ENDINGS)
    assert upload.read() == b"a;b\n1;2\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.exe", b"a;b", "Bitte wählen Sie eine Datei, deren Name so endet: .csv, .xlsx."),
        ("csv", b"a;b", "Bitte wählen Sie eine Datei, deren Name so endet: .csv, .xlsx."),
        (
            "a.csv",
            b"PK\x03\x04",
            "Der Name dieser Datei endet auf .csv, ihr Inhalt ist aber etwas anderes."
            " Bitte speichern Sie die Datei noch einmal in der richtigen Form.",
        ),
        (
            "a.xlsx",
            b"a;b",
            "Der Name dieser Datei endet auf .xlsx, ihr Inhalt ist aber etwas anderes."
            " Bitte speichern Sie die Datei noch einmal in der richtigen Form.",
        ),
    ],
)
def test_another_file_is_refused_in_words(name: str, content: bytes, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_ending(SimpleUploadedFile(name, content), ENDINGS)
    assert refused.value.messages == [told]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49",
        "-5",
        "@SUM",
        "\tx",
        "\rx",
        "\nx",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "  =1",
        "\u00a0=1",
        " \u00a0-1",
    ],
)
def test_no_text_is_a_formula_for_a_spreadsheet(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Maria", "a=b", "", " x", "'=1", 7, None, "−5 €"])
def test_all_else_stands_as_it_is(value: object) -> None:
    assert guarded(value) == str(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("12.34", "12.34"),
        ("-3", "-3"),
        ("+3,25", "3.25"),
        (" 7 ", "7"),
        ("-1.000,00", "-1000.00"),
    ],
)
def test_a_number_is_read_as_germans_write_it(text: str, number: str) -> None:
    assert german_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "1,2,3",
        "1.2345.678",
        "1,",
        ",5",
        "1.",
        "1e3",
        "٣",
        "1.23.456",
        "--1",
        "1,-",
        "NaN",
        "1.234.5",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        german_number(text)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("25 %", "25"),
        ("25", "25"),
        ("25,5%", "25.5"),
        ("25 v. H.", "25"),
        ("25v.H.", "25"),
        ("3 Prozent ", "3"),
    ],
)
def test_a_share_is_read_with_and_without_its_sign(text: str, share: str) -> None:
    assert percent(text) == Decimal(share)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.26", date(2026, 2, 1)),
        ("1. 2. 2026", date(2026, 2, 1)),
        (" 2026-12-31 ", date(2026, 12, 31)),
        ("2026-1-2", date(2026, 1, 2)),
        ("29.2.2028", date(2028, 2, 29)),
        ("1.1.99", date(2099, 1, 1)),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, day: date) -> None:
    assert german_day(text) == day


@pytest.mark.parametrize(
    "text", ["", "31.2.2026", "2026-13-01", "1/2/2026", "1.2.202", "1.2", "٣١.١٢.٢٠٢٦", "12-31"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        german_day(text)


@pytest.mark.parametrize(
    ("text", "says_yes"),
    [
        *((each, True) for each in ("ja", "J", " X ", "wahr", "1")),
        *((each, False) for each in ("", "Nein", "n", "falsch", "0", "-", "–")),
    ],
)
def test_yes_and_no_in_a_table(text: str, says_yes: bool) -> None:
    assert yes_or_no(text) is says_yes


@pytest.mark.parametrize("text", ["vielleicht", "2", "yes", "ja nein", "✓"])
def test_anything_else_is_neither(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        yes_or_no(text)


class TestJson:
    def test_texts_lose_what_no_database_can_hold(self) -> None:
        told = json_of(b'\xef\xbb\xbf{"a\\u0000": ["b\\ud800c", 1, null, {"d": "\\udfff"}]}', "nein")
        assert told == {"a": ["bc", 1, None, {"d": ""}]}

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"nein", b"[" * 100_000])
    def test_what_is_no_json_is_refused_in_the_words_of_its_reader(self, content: bytes) -> None:
        with pytest.raises(FileRefused, match=r"^Das ist nichts\.$"):
            json_of(content, "Das ist nichts.")

    def test_a_file_has_an_end(self) -> None:
        five = 5 * 1024 * 1024
        assert json_of(b" " * (five - 1) + b"1", "nein") == 1
        with pytest.raises(FileRefused, match=r"größer als 5 MB"):
            json_of(b" " * five + b"1", "nein")

    @pytest.mark.parametrize(
        "body", ['{"a": NaN}', "[Infinity]", "[1e999]", '"\\ud800"', '{"\\udfff": 1}', "[" * 100_000]
    )
    def test_what_the_usual_parser_trips_over_is_refused(self, body: str) -> None:
        with pytest.raises(ParseError):
            StrictJSONParser().parse(BytesIO(body.encode()))

    def test_all_else_is_read(self) -> None:
        body = BytesIO('{"a": ["ü", 1.5, -1e3, true, null, "😀"]}'.encode())
        assert StrictJSONParser().parse(body) == {"a": ["ü", 1.5, -1000.0, True, None, "😀"]}


class TestChosenRows:
    @pytest.mark.parametrize(
        ("posted", "keys"),
        [
            ("chosen=3&chosen=5&listed=3&listed=4&listed=5", [3, 5]),
            ("all=on&chosen=3&listed=3&listed=4&listed=5", [3, 4, 5]),
            ("chosen=3&chosen=x&chosen=-1&chosen=%20&chosen=4.5&chosen=07", [3, 7]),
            ("chosen=٣&chosen=999999999999999&chosen=1000000000000000", [999_999_999_999_999]),
            ("", []),
        ],
    )
    def test_what_was_ticked_or_all_of_the_page(self, posted: str, keys: list[int]) -> None:
        assert chosen_keys(QueryDict(posted)) == keys

    def test_a_hundred_at_most(self) -> None:
        posted = QueryDict(mutable=True)
        posted.setlist("chosen", [str(number) for number in range(1, 102)])
        assert chosen_keys(posted) == list(range(1, 101))


def window(day: int, start: int, end: int) -> WeeklyTime:
    return WeeklyTime(day, MinuteOfDay(start), MinuteOfDay(end))


@pytest.mark.parametrize(
    ("times", "joined"),
    [
        ([], []),
        ([(0, 60, 120), (0, 120, 180)], [(0, 60, 180)]),
        ([(0, 60, 120), (0, 121, 180)], [(0, 60, 120), (0, 121, 180)]),
        ([(0, 60, 300), (0, 90, 120)], [(0, 60, 300)]),
        ([(1, 0, 60), (0, 1380, 1440)], [(0, 1380, 1440), (1, 0, 60)]),
        ([(0, 90, 120), (0, 60, 100), (0, 110, 130)], [(0, 60, 130)]),
        ([(0, 60, 120), (0, 60, 120)], [(0, 60, 120)]),
    ],
)
def test_windows_that_touch_become_one(
    times: list[tuple[int, int, int]], joined: list[tuple[int, int, int]]
) -> None:
    assert merged(window(*each) for each in times) == [window(*each) for each in joined]


@pytest.mark.django_db
class TestTypedAndKept:
    asked = {
        "name": forms.CharField(),
        "skills": forms.MultipleChoiceField(),
        "hidden": forms.CharField(widget=forms.HiddenInput),
        "left_out": forms.CharField(),
    }

    def request(self, **posted: Any) -> HttpRequest:
        request = RequestFactory().post("/", posted)
        request.session, request.user = SessionStore(), AnonymousUser()
        return request

    def test_it_comes_back_for_half_an_hour(self) -> None:
        request = self.request(name="Eva & Co", skills=["a", "b"], hidden="x", other="y")
        before = utc_now()
        keep(request, "zeit", self.asked, AT)
        after = utc_now()
        said = {"name": "Eva & Co", "skills": ["a", "b"]}
        assert kept(request, "zeit", self.asked, AT + KEPT_FOR - timedelta(seconds=1)) == said
        assert kept(request, "zeit", self.asked, AT + KEPT_FOR) == {}
        assert timedelta(minutes=30) == KEPT_FOR
        assert before + KEPT_FOR <= request.session.get_expiry_date() <= after + KEPT_FOR

    def test_another_road_knows_nothing_of_it(self) -> None:
        request = self.request(name="Eva")
        keep(request, "zeit", self.asked, AT)
        assert kept(request, "geld", self.asked, AT) == {}

    def test_it_is_let_go_of_and_nobody_gets_a_session_by_that(self) -> None:
        request = self.request(name="Eva")
        forget(request, "zeit")
        assert request.session.is_empty()
        assert not request.session.modified
        keep(request, "zeit", self.asked, AT)
        forget(request, "zeit")
        assert kept(request, "zeit", self.asked, AT) == {}

    def test_too_much_is_not_kept(self) -> None:
        most = self.request(name="a" * (MOST_LETTERS - len("name=")))
        keep(most, "zeit", self.asked, AT)
        assert len(kept(most, "zeit", self.asked, AT)["name"]) == 4995
        more = self.request(name="a" * (MOST_LETTERS - len("name=") + 1))
        keep(more, "zeit", self.asked, AT)
        assert kept(more, "zeit", self.asked, AT) == {}
