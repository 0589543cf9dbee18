"""Programs of providers are told what happens: signed, to the open internet only, until it arrives."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.sweeps import run
from programs.domain.webhooks import is_public, signature
from programs.gateways.webhooks import CONNECT_SECONDS, WHOLE_SECONDS
from programs.models import Membership, Opportunity, Provider, Role, Shift, Webhook, WebhookDelivery
from programs.services.publishing import close
from programs.services.webhooks import LEASE, SECONDS_AT_MOST, deliver_due, make_webhook, replay
from tests.certificates import self_signed
from tests.concurrency.test_last_place import all_at_once
from tests.factories import make_coordinator, make_opportunity, make_provider, make_shift, make_user, publish

pytestmark = pytest.mark.django_db
HOST, PUBLIC = "hook.example", "93.184.215.14"
PAGES = "/koordination/zugaenge/meldungen/"


class Listener:
    """A program that listens: what it got, and what it answers to the next ones."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[int] = []
        self.reached: list[str] = []
        self.addresses = [PUBLIC]
        self.takes_seconds = 0.0


@pytest.fixture
def listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A real server with a certificate; the internet between, names and ways, is made up."""
    listener = Listener()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            listener.got.append((self.path, dict(self.headers.items()), body))
            time.sleep(listener.takes_seconds)
            status = listener.answers.pop(0) if listener.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    public, private = self_signed(tmp_path, HOST)
    server = HTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        listener.reached.append(address[0])
        way = socket.socket()
        way.settimeout(timeout)
        way.connect(("127.0.0.1", server.server_port))
        return way

    def resolve(host: str, port: int, **_more: Any) -> list[Any]:
        if host.endswith(".invalid"):
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in listener.addresses]

    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    yield listener
    server.shutdown()
    server.server_close()


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus")


@pytest.fixture
def owner(house: Provider) -> User:
    return make_user(Membership.Role.OWNER, house)


@pytest.fixture
def hook(house: Provider, owner: User) -> tuple[Webhook, str]:
    return make_webhook(house, f"https://{HOST}/meldungen?haus=1", by=owner, now=utc_now())


@pytest.fixture
def told(house: Provider, hook: tuple[Webhook, str]) -> WebhookDelivery:
    """One thing that waits to be told."""
    Opportunity.objects.filter(pk=make_opportunity(provider=house, slots=[]).pk).update(site="Anderswo")
    return WebhookDelivery.objects.get()


def kinds() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("kind", flat=True))


class TestWhatIsTold:
    @pytest.mark.parametrize(
        ("before", "change", "kind"),
        [
            ("in_review", {"status": "published"}, ["task.published"]),
            ("paused", {"status": "published"}, ["task.published"]),
            ("published", {"status": "closed"}, ["task.closed"]),
            ("published", {"status": "paused"}, ["task.changed"]),
            ("draft", {"status": "in_review"}, ["task.changed"]),
            ("published", {"title": "Neu"}, ["task.changed"]),
            ("closed", {"site": "Neu"}, ["task.changed"]),
            ("draft", {"title": "Neu"}, []),
            ("published", {"status": "published"}, []),
            ("published", {"edited_by": None, "is_demo": True}, []),
        ],
    )
    def test_of_a_task(
        self, house: Provider, hook: Any, before: str, change: dict[str, Any], kind: list[str]
    ) -> None:
        task = make_opportunity(provider=house, status=before, slots=[])
        if task.awaits_release:
            publish(task)
        else:
            Opportunity.objects.filter(pk=task.pk).update(**change)
        assert kinds() == kind
        for each in WebhookDelivery.objects.all():
            status = change.get("status", before)
            assert (each.subject, each.data) == (task.pk, {"id": task.pk, "status": status})

    @pytest.mark.parametrize(
        ("status", "change", "kind"),
        [
            ("published", {"places": 9}, ["task.changed"]),
            ("paused", {"minimum_age": 18, "skills": ["reading"]}, ["task.changed"]),
            ("draft", {"places": 9}, []),
            ("published", {"places": 5}, []),
            ("published", {"places_taken": 3, "places_held": 1}, []),
        ],
    )
    def test_of_what_its_roles_ask_for_but_not_of_who_came(
        self, house: Provider, hook: Any, status: str, change: dict[str, Any], kind: list[str]
    ) -> None:
        task = make_opportunity(provider=house, status=status, places=5, slots=[])
        Role.objects.filter(opportunity=task).update(**change)
        assert kinds() == kind
        for each in WebhookDelivery.objects.all():
            assert (each.subject, each.data) == (task.pk, {"id": task.pk, "status": status})

    def test_of_a_role_that_is_taken_away(self, house: Provider, hook: Any) -> None:
        for status in ("draft", "published"):
            task = make_opportunity(provider=house, status=status, slots=[])
            known = task.roles.get().activity
            Role.objects.create(opportunity=task, name="Fahren", places=2, activity=known).delete()
        assert [(each.kind, each.subject) for each in WebhookDelivery.objects.all()] == [
            ("task.changed", task.pk)
        ]

    def test_of_a_date(self, house: Provider, hook: Any) -> None:
        task = make_opportunity(provider=house, slots=[])
        at = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
        shift = make_shift(task, at, minutes=60)
        dates = Shift.objects.filter(pk=shift.pk)
        dates.update(starts_at=at + timedelta(minutes=15))
        dates.update(is_cancelled=True)
        dates.update(ends_at=at + timedelta(hours=3))
        dates.update(sequence=5)
        assert kinds() == ["date.added", "date.moved", "date.cancelled"]
        data = {"id": shift.pk, "task": task.pk, "ends_at": "2026-12-01T15:30:00Z"}
        assert [each.data for each in WebhookDelivery.objects.order_by("pk")] == [
            {**data, "starts_at": "2026-12-01T14:30:00Z", "is_cancelled": False},
            {**data, "starts_at": "2026-12-01T14:45:00Z", "is_cancelled": False},
            {**data, "starts_at": "2026-12-01T14:45:00Z", "is_cancelled": True},
        ]

    def test_by_the_service_that_ends_a_task_with_its_dates(
        self, house: Provider, hook: Any, owner: User
    ) -> None:
        task = make_opportunity(provider=house, slots=[])
        make_shift(task, utc_now() + timedelta(days=2))
        WebhookDelivery.objects.all().delete()
        assert close(task, by=owner, now=utc_now()) == []
        assert sorted(kinds()) == ["date.cancelled", "task.closed"]

    def test_of_nobody_else_and_to_nobody_who_may_not_hear_it(self, house: Provider, hook: Any) -> None:
        other = make_opportunity(slots=[])
        Opportunity.objects.filter(pk=other.pk).update(title="Fremd")
        make_shift(make_opportunity(provider=house, status="draft", slots=[]), utc_now() + timedelta(days=2))
        own = make_opportunity(provider=house, slots=[])
        Provider.objects.filter(pk=house.pk).update(is_verified=False)
        Opportunity.objects.filter(pk=own.pk).update(title="Eigen")
        Provider.objects.filter(pk=house.pk).update(is_verified=True)
        Webhook.objects.update(ended_at=utc_now())
        Opportunity.objects.filter(pk=own.pk).update(title="Danach")
        assert kinds() == []


class TestTelling:
    def test_is_signed_and_goes_where_the_name_was_resolved_to(
        self, listener: Listener, hook: tuple[Webhook, str], told: WebhookDelivery
    ) -> None:
        now = utc_now()
        assert run("programs.send_webhooks", now) == 1
        ((path, headers, body),) = listener.got
        assert (path, headers["Host"], listener.reached) == ("/meldungen?haus=1", HOST, [PUBLIC])
        assert json.loads(body) == {
            "type": "task.changed",
            "timestamp": told.created_at.isoformat(),
            "data": {"id": told.subject, "status": "published"},
        }
        assert (headers["webhook-id"], headers["webhook-timestamp"]) == (told.key, str(int(now.timestamp())))
        secret = base64.b64decode(hook[1].removeprefix("whsec_"))
        signed = hmac.new(secret, f"{told.key}.{int(now.timestamp())}.{body}".encode(), hashlib.sha256)
        assert headers["webhook-signature"] == "v1," + base64.b64encode(signed.digest()).decode()
        told.refresh_from_db()
        assert (told.status, told.tries, told.answer, told.due_at) == ("sent", 1, 204, None)
        assert (run("programs.send_webhooks", now), len(listener.got)) == (0, 1)

    def test_is_tried_eight_times_at_growing_distance_then_parked(
        self, listener: Listener, told: WebhookDelivery
    ) -> None:
        listener.answers, now, waits = [500, 404, 302, 500, 500, 500, 500, 410], utc_now(), []
        while told.status == "waiting":
            assert run("programs.send_webhooks", now) == 1
            told.refresh_from_db()
            if told.due_at is not None:
                waits.append((told.due_at - now) // timedelta(minutes=1))
                assert run("programs.send_webhooks", told.due_at - timedelta(seconds=1)) == 0
                now = told.due_at
        assert waits == [1, 5, 30, 120, 300, 600, 1440]
        assert (told.status, told.tries, told.answer, told.hitch) == ("parked", 8, 410, "answer")
        assert {headers["webhook-id"] for _path, headers, _body in listener.got} == {told.key}
        assert len({body for _path, _headers, body in listener.got}) == 1
        assert set(listener.reached) == {PUBLIC}

    @pytest.mark.parametrize(
        ("addresses", "host", "hitch"),
        [
            (["127.0.0.1"], HOST, "not_public"),
            ([PUBLIC, "10.0.0.5"], HOST, "not_public"),
            (["169.254.169.254"], HOST, "not_public"),
            (["::1"], HOST, "not_public"),
            (["fd00::1"], HOST, "not_public"),
            ([], HOST, "no_name"),
            ([PUBLIC], "nirgends.invalid", "no_name"),
            ([PUBLIC], "andere.example", "no_tls"),
        ],
    )
    def test_goes_nowhere_else(
        self, listener: Listener, told: WebhookDelivery, addresses: list[str], host: str, hitch: str
    ) -> None:
        Webhook.objects.update(url=f"https://{host}/")
        listener.addresses = addresses
        assert run("programs.send_webhooks", utc_now()) == 1
        told.refresh_from_db()
        assert (told.status, told.hitch, told.answer, listener.got) == ("waiting", hitch, None, [])
        assert bool(listener.reached) == (hitch == "no_tls")

    def test_one_that_fails_does_not_keep_others_waiting(
        self, listener: Listener, house: Provider, owner: User, told: WebhookDelivery
    ) -> None:
        make_webhook(house, "https://nirgends.invalid/", by=owner, now=utc_now())
        for number in range(3):
            Opportunity.objects.filter(pk=make_opportunity(provider=house, slots=[]).pk).update(
                site=f"{number}"
            )
        assert run("programs.send_webhooks", utc_now()) == 5
        assert len(listener.got) == 4
        assert sum(WebhookDelivery.objects.values_list("tries", flat=True)) == 5

    @pytest.mark.parametrize("step", ["stopped", "ended", "lost"])
    def test_what_may_not_go_out_any_more_stays(
        self, listener: Listener, house: Provider, told: WebhookDelivery, step: str
    ) -> None:
        if step == "stopped":
            Provider.objects.filter(pk=house.pk).update(is_verified=False)
        elif step == "ended":
            Webhook.objects.update(ended_at=utc_now())
        else:
            Webhook.objects.update(secret="unlesbar")
        assert run("programs.send_webhooks", utc_now()) == (1 if step == "lost" else 0)
        told.refresh_from_db()
        assert (listener.got, told.status, told.hitch) == (
            [],
            "waiting",
            "no_secret" if step == "lost" else "",
        )

    def test_a_slow_address_leaves_the_rest_for_the_next_run(
        self, listener: Listener, house: Provider, told: WebhookDelivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Opportunity.objects.filter(pk=make_opportunity(provider=house, slots=[]).pk).update(site="Dort")
        monkeypatch.setattr("programs.services.webhooks.SECONDS_AT_MOST", 0.2)
        listener.takes_seconds, now = 0.3, utc_now()
        assert run("programs.send_webhooks", now) == 1
        assert run("programs.send_webhooks", now + timedelta(seconds=15)) == 1
        assert len({headers["webhook-id"] for _path, headers, _body in listener.got}) == 2
        moments = [int(headers["webhook-timestamp"]) for _path, headers, _body in listener.got]
        assert moments[1] - moments[0] in (15, 16)

    def test_a_run_and_a_try_that_begins_at_its_end_fit_into_the_lease(self) -> None:
        names_seconds = 30  # what a resolver takes at most, with three servers asked twice
        whole_try = names_seconds + CONNECT_SECONDS + WHOLE_SECONDS
        assert timedelta(seconds=SECONDS_AT_MOST + whole_try) < LEASE

    @pytest.mark.parametrize("step", ["role", "account"])
    def test_nothing_is_told_where_whoever_made_it_might_not_make_it_any_more(
        self, listener: Listener, house: Provider, owner: User, told: WebhookDelivery, step: str
    ) -> None:
        make_webhook(house, f"https://{HOST}/lebt", by=make_user(Membership.Role.OWNER, house), now=utc_now())
        Opportunity.objects.update(site="Dort")
        if step == "role":
            Membership.objects.filter(user=owner).delete()
        else:
            User.objects.filter(pk=owner.pk).update(is_active=False)
        assert run("programs.send_webhooks", utc_now()) == 1
        assert [path for path, _headers, _body in listener.got] == ["/lebt"]
        told.refresh_from_db()
        assert (told.status, told.tries) == ("waiting", 0)

    def test_is_forgotten_after_thirty_days(self, told: WebhookDelivery) -> None:
        over = told.created_at + timedelta(days=30)
        assert run("programs.purge_webhook_deliveries", over - timedelta(seconds=1)) == 0
        assert run("programs.purge_webhook_deliveries", over) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_each_thing_is_told_by_one(listener: Listener) -> None:
    house = make_provider("Haus")
    owner = make_user(Membership.Role.OWNER, house)
    make_webhook(house, f"https://{HOST}/", by=owner, now=utc_now())
    for number in range(6):
        Opportunity.objects.filter(pk=make_opportunity(provider=house, slots=[]).pk).update(site=f"{number}")
    now, listener.takes_seconds = utc_now(), 0.05
    assert sum(all_at_once([lambda: deliver_due(now)] * 2)) == 6
    assert len(listener.got) == len({headers["webhook-id"] for _path, headers, _body in listener.got}) == 6
    assert set(WebhookDelivery.objects.values_list("status", "tries")) == {("sent", 1)}


class TestPages:
    def test_the_secret_is_shown_once_and_kept_encrypted(self, house: Provider, owner: User) -> None:
        client = Client()
        client.force_login(owner)
        page = client.post(PAGES, {"provider": house.pk, "url": f"https://{HOST}/x"}).content.decode()
        secret = page.partition("<code>")[2].partition("</code>")[0]
        webhook = Webhook.objects.get()
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
        assert secret not in client.get(PAGES).content.decode() + str(Webhook.objects.values_list())
        assert client.post(f"{PAGES}{webhook.pk}/ende/").status_code == 303
        assert f"https://{HOST}/x" not in client.get(PAGES).content.decode()
        assert client.post(f"{PAGES}{webhook.pk}/ende/").status_code == 303
        noted = lines_of(owner).filter(reason__startswith="webhook").order_by("pk")
        assert [line.reason for line in noted] == ["webhook_made", "webhook_ended"]

    def test_what_rests_is_taken_over_with_all_that_waited(
        self, listener: Listener, house: Provider, owner: User, told: WebhookDelivery
    ) -> None:
        heir, client, address = (
            make_user(Membership.Role.OWNER, house),
            Client(),
            f"{PAGES}{told.webhook_id}/",
        )
        client.force_login(heir)
        assert "ruht" not in client.get(PAGES).content.decode() + client.get(address).content.decode()
        client.post(f"{address}uebernahme/")
        assert Webhook.objects.get().created_by == owner
        Membership.objects.filter(user=owner).delete()
        assert "<strong>ruht</strong>" in client.get(PAGES).content.decode()
        assert "Diese Adresse ruht" in client.get(address).content.decode()
        taken = client.post(f"{address}uebernahme/", follow=True)
        assert "bekommt wieder, was geschieht" in taken.content.decode()
        assert "Diese Adresse ruht" not in taken.content.decode()
        assert Webhook.objects.get().created_by == heir
        assert [line.reason for line in lines_of(heir).filter(reason__startswith="webhook")] == [
            "webhook_taken_over"
        ]
        assert run("programs.send_webhooks", utc_now()) == 1
        assert len(listener.got) == 1

    def test_what_rests_is_told_nothing_anew(
        self, house: Provider, owner: User, told: WebhookDelivery
    ) -> None:
        client, address = Client(), f"{PAGES}{told.webhook_id}/"
        client.force_login(make_user(Membership.Role.OWNER, house))
        WebhookDelivery.objects.update(status="sent", due_at=None)
        again = f"{address}{told.pk}/nochmal/"
        assert again in client.get(address).content.decode()
        Membership.objects.filter(user=owner).delete()
        assert again not in client.get(address).content.decode()
        assert "Wird noch einmal gesendet" not in client.post(again, follow=True).content.decode()
        assert WebhookDelivery.objects.get().status == "sent"

    def test_what_is_ended_is_taken_over_by_nobody(
        self, house: Provider, owner: User, hook: tuple[Webhook, str]
    ) -> None:
        client, address = Client(), f"{PAGES}{hook[0].pk}/"
        client.force_login(make_user(Membership.Role.OWNER, house))
        client.post(f"{address}ende/")
        Membership.objects.filter(user=owner).delete()
        assert "ruht" not in client.get(address).content.decode()
        client.post(f"{address}uebernahme/")
        assert Webhook.objects.get().created_by == owner

    def test_the_log_says_what_went_wrong_and_tells_it_anew(
        self, listener: Listener, owner: User, told: WebhookDelivery
    ) -> None:
        client, address = Client(), f"{PAGES}{told.webhook_id}/"
        client.force_login(owner)
        again = f"{address}{told.pk}/nochmal/"
        assert "nochmal" not in client.get(address).content.decode()
        WebhookDelivery.objects.update(status="parked", due_at=None, tries=8, answer=500, hitch="answer")
        page = client.get(address).content.decode()
        assert "aufgegeben" in page
        assert "Die Antwort war kein Erfolg." in page
        assert again in page
        assert client.post(again).status_code == 303
        assert run("programs.send_webhooks", utc_now()) == 1
        told.refresh_from_db()
        assert (told.status, told.tries, listener.got[0][1]["webhook-id"]) == ("sent", 1, told.key)
        assert "angekommen" in client.get(address).content.decode()
        assert replay(told, now=utc_now())
        assert not replay(told, now=utc_now())

    def test_other_houses_and_their_coordinators_do_not_exist(
        self, house: Provider, owner: User, told: WebhookDelivery
    ) -> None:
        foreign = make_provider()
        stranger, own = make_user(Membership.Role.OWNER, foreign), Client()
        own.force_login(owner)
        other = Client()
        other.force_login(stranger)
        address = f"{PAGES}{told.webhook_id}/"
        for method, path in (("get", ""), ("post", "ende/"), ("post", f"{told.pk}/nochmal/")):
            assert getattr(other, method)(address + path).status_code == 404
        assert own.post(PAGES, {"provider": foreign.pk, "url": f"https://{HOST}/"}).status_code == 422
        mine, _secret = make_webhook(foreign, f"https://{HOST}/", by=stranger, now=utc_now())
        assert other.post(f"{PAGES}{mine.pk}/{told.pk}/nochmal/").status_code == 404
        other.force_login(make_coordinator(house))
        assert other.get(address).status_code == 403
        assert Webhook.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/",
        "https://",
        "https:///x",
        "https://user:pass@hook.example/",
        "https://hook.example:8443/",
        "https://hook.example:x/",
        "https://hook.example/#x",
        "https://hook.example/a b",
        "https://hook.example/\r\nX: y",
        "https://höok.example/",
        "ftp://hook.example/",
        "//hook.example/",
        "https://[::1",
    ],
)
def test_what_is_no_plain_address_is_refused(url: str, house: Provider, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert client.post(PAGES, {"provider": house.pk, "url": url}).status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [
        (PUBLIC, True),
        ("2606:4700::1111", True),
        ("::ffff:93.184.215.14", True),
        ("127.0.0.1", False),
        ("127.1.2.3", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("::ffff:0:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("fec0::1", False),
        ("5f00::1", False),
        ("3fff::1", False),
        ("192.88.99.1", False),
        ("192.0.0.8", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("kein.name", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_told(address: str, open_to_all: bool) -> None:
    assert is_public(address) == open_to_all


def test_the_signature_is_the_one_of_the_standard() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = '{"test": 2432232314}'
    told = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
