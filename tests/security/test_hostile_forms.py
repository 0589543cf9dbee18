"""Whatever is sent to a form, it answers; it never breaks."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.access.doors import DOORS, OPENED_BY_LINK, Door
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.walks import address_of

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
VALUES = {
    "nothing": b"",
    "NUL": b"a%00b",
    "ten thousand letters": b"x" * 10_000,
    "emoji": quote("👩‍👧‍👦🫶🏽" * 20).encode(),
    "right to left": quote("\u202eabc\u2066\u200f\ufeff").encode(),
    "lone surrogate": b"%ED%A0%80",
    "no UTF-8": b"%FF%FE%C0%AF",
    "raw bytes": b"\xff\xfe\xed\xa0\x80",
    "huge number": b"9" * 400,
    "beyond bigint": b"9223372036854775808",
    "negative": b"-1",
    "exponent": b"1e999",
    "not a number": b"NaN",
    "Arabic digits": quote("١٢٣").encode(),
    "path": b"..%2F..%2Fetc%2Fpasswd",
    "quote": b"%27%22%29%3B%20DROP%20TABLE%20x%3B--",
    "object": b"%7B%22a%22%3A%5B1%5D%7D",
    "line breaks": b"a%0D%0Ab%0Ac",
    "year 10000": b"10000-01-01",
}
ONE_BY_ONE = ("NUL", "beyond bigint", "ten thousand letters", "Arabic digits")
UNASKED = ("email", "text")
OUTCOMES = {200, 302, 303, 400, 403, 404, 405, 413, 415, 422, 429, 503}


def visitor_of(name: str, door: Door) -> Who | None:
    """Return who gets furthest with a POST."""
    if name in OPENED_BY_LINK:
        return Who.CITIZEN
    order = (Who.ANONYMOUS, Who.COORDINATOR, Who.OFFICER, Who.TREASURER, Who.YOUTH_OFFICE)
    return next((who for who in order if who in door.changes or door.post[who] in (200, 422)), None)


FORMS = {
    name: who
    for name, door in DOORS.items()
    if (who := visitor_of(name, door)) is not None and name not in ("readyz", "metrics", "healthz")
}


def everywhere(names: Iterable[str], value: bytes) -> bytes:
    """Return the form with `value` in every field."""
    return b"&".join(quote(name).encode() + b"=" + value for name in names)


def one_by_one(answers: dict[str, object], value: bytes) -> Iterator[bytes]:
    """Yield the form as it should be with `value` in one field after the other."""
    for hostile in answers:
        rest = urlencode({name: said for name, said in answers.items() if name != hostile}, doseq=True)
        yield rest.encode() + b"&" + quote(hostile).encode() + b"=" + value


def bodies(answers: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    """Yield what is sent to a form, and its name.

    A door without a field is a button: it acts whatever comes along, so that the act is done for the values
    that break something else than a word, and once for all others together.
    """
    for label, value in VALUES.items():
        if answers or label in ONE_BY_ONE:
            yield label, everywhere(answers or UNASKED, value)
    if not answers:
        yield "all at once", b"&".join(everywhere(UNASKED, value) for value in VALUES.values())
    for label in ONE_BY_ONE:
        for number, body in enumerate(one_by_one(answers, VALUES[label])):
            yield f"{label} alone in field {number}", body


def send(client: Client, address: str, body: bytes, kind: str = FORM) -> HttpResponse:
    with transaction.atomic():
        answer = client.generic("POST", address, body, content_type=kind)
        transaction.set_rollback(True)
    return answer


@pytest.fixture(autouse=True)
def _without_limits(settings) -> None:
    settings.RATE_LIMITS_ON = False
    settings.ACCOUNT_RATE_LIMITS = False


def test_all_forms_are_here() -> None:
    assert len(FORMS) >= 30


@pytest.mark.parametrize("name", FORMS)
def test_hostile_values_are_answered(name: str, scene: Scene) -> None:
    who, door = FORMS[name], DOORS[name]
    client, address, answers = scene.client(who), address_of(name, scene, who), door.answers(scene)
    found = {label: send(client, address, body).status_code for label, body in bodies(answers)}
    assert {case: status for case, status in found.items() if status not in OUTCOMES} == {}


SHAPES = {
    "lists": b"email=a&email=b&text=1&text=2&topic[]=x&topic[a][b]=y",
    "no names": b"&&&===&=x&",
    "only a broken escape": b"%",
    "half an escape": b"email=%E4%&text=%zz",
    "json": b'{"email": "a@example.org"}',
}
MULTIPART = "multipart/form-data; boundary=x"
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.exe"\r\n'
    b"Content-Type: text/plain\r\n\r\nabc\r\n--x--\r\n"
)
BROKEN_FILES = [
    FILE,
    b"--x--",
    b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    b"\x00\xff" * 50,
    FILE[:60],
    b"",
]


@pytest.mark.parametrize(
    "name", ["contact", "notice", "my_page_link", "pledge_time_who", "donate_details", "account_login"]
)
def test_hostile_shapes_are_answered(name: str, scene: Scene) -> None:
    client, address = scene.client(Who.ANONYMOUS), address_of(name, scene, Who.ANONYMOUS)
    found = [send(client, address, body).status_code for body in SHAPES.values()]
    found += [send(client, address, body, MULTIPART).status_code for body in BROKEN_FILES]
    found += [
        send(client, address, b"{}", kind).status_code for kind in ("application/json", "text/xml", "x", "")
    ]
    found.append(send(client, address, b"a=" + b"x" * 2_000_000).status_code)
    assert set(found) <= OUTCOMES
    assert found[-1] in (400, 413)


ADDRESSES = [
    "/zeit/?field={0}&district={0}&day={0}&page={0}",
    "/hilfe/?q={0}&topic={0}&age={0}&district={0}&page={0}",
    "/wo-wir-stehen/?field={0}&period={0}&measure={0}",
    "/zeit/zusagen/?fields_wanted={0}&wanted={0}",
    "/zeit/zusagen/wann/?fields_wanted=sport&wanted={0}&times={0}&home_district={0}",
    "/zeit/zusagen/wer/?fields_wanted=sport&times={0}&hours_per_week={0}&max_distance_km={0}&districts={0}",
    "/spenden/?zweck={0}&betrag={0}&eigener_betrag={0}&rhythmus={0}",
    "/spenden/angaben/?zweck={0}&betrag=own&eigener_betrag={0}&rhythmus={0}",
    "/kontakt/?thema={0}",
    "/melden/{0}/1/",
    "/melden/task/{0}/",
    "/zeit/{0}/",
    "/hilfe/{0}/",
    "/spendenzweck/{0}/",
    "/spenden/danke/{0}/",
    "/meine-zusagen/{0}/",
    "/meins/{0}/",
    "/meins/loeschen/{0}/",
    "/meins/adresse/neu/{0}/",
    "/meins/adresse/halt/{0}/",
    "/meins/abbestellen/{0}/{0}/",
    "/meins/anschrift/{0}/",
    "/dauerspende/beenden/{0}/",
    "/zusage/zurueckziehen/{0}/",
    "/meine-spenden/{0}/",
    "/anfrage/{0}/",
    "/zusage/bestaetigen/{0}/",
    "/einsatz/{0}/kalender.ics",
    "/konto/password/reset/key/{0}-{0}/",
    "/konto/login/?next={0}",
    "/api/opportunities/?field={0}&district={0}&limit={0}&offset={0}",
    "/api/funds/{0}/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_addresses_are_answered(address: str, scene: Scene) -> None:
    client = Client(raise_request_exception=False)
    found = {
        label: client.get(address.format(value.decode("latin-1"))).status_code
        for label, value in VALUES.items()
    }
    assert {label: status for label, status in found.items() if status not in OUTCOMES} == {}


@pytest.mark.parametrize(
    "path",
    ["koordination/einsaetze/{0}/", "koordination/angebote/{0}/", "koordination/anfragen/{0}/zuruecknehmen/"],
)
@pytest.mark.parametrize(
    "pk", ["0", "9223372036854775807", "9223372036854775808", "9" * 60, "-1", "1.5", "a"]
)
def test_numbers_beyond_the_database_do_not_exist(path: str, pk: str, scene: Scene) -> None:
    client = scene.client(Who.COORDINATOR)
    assert client.get(f"/{path.format(pk)}").status_code in (404, 405)
    assert client.post(f"/{path.format(pk)}").status_code in (404, 405)


FILTERS = ("status", "page", "q", "ansicht", "weg", "field", "period", "measure")


@pytest.mark.parametrize("path", ["angebote", "anfragen", "einsaetze", "zusagen", "spenden", "stadtteile"])
def test_hostile_filters_of_coordinators_are_answered(path: str, scene: Scene) -> None:
    """Each value in all filters at once; those that break something else than a word also in one alone."""
    queries = {label: [FILTERS] for label in VALUES}
    for label in ONE_BY_ONE:
        queries[label] = [FILTERS, *((name,) for name in FILTERS)]
    client = scene.client(Who.OPERATOR)
    found = {
        (label, names): client.get(f"/koordination/{path}/?{asked(names, VALUES[label])}").status_code
        for label, combinations in queries.items()
        for names in combinations
    }
    assert {case: status for case, status in found.items() if status not in OUTCOMES} == {}


def asked(names: tuple[str, ...], value: bytes) -> str:
    return "&".join(f"{name}={value.decode('latin-1')}" for name in names)
