"""Mail server, broker, worker, database and Stripe go away one after the other while people act.

Every act is answered; none is lost, none counts twice; a human has to look at nothing but the one mail that
was in flight when the worker died.
"""

import itertools
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from urllib.parse import parse_qs, urlsplit

import pytest
from celery import current_app
from django.db import connection

from donations.models import Donation, LedgerTransaction
from donations.selectors.ledger import faults
from foundation import sweeps
from foundation.clock import utc_now
from outbox.models import Message
from programs.models import Provider
from tests.donations.stripe_process import SECRET_KEY, WEBHOOK_SECRET, StripeProcess
from tests.factories import make_fund, make_provider
from tests.live.citizen import Citizen, giver, pledger
from tests.live.hatch import Hatch, at, tcp
from tests.outbox.mail_server import GOOD, HANG, MailServer
from tests.processes import WORKER, environment, kill_group, process, wait_until
from tests.roles import PASSWORD
from volunteers.models import TimePledge

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

IN_FLIGHT = "zeit-in-flight@example.org"


class Town:
    """The whole product in real processes, each in its own role; whatever it leans on can be taken away."""

    def __init__(self, folder: Path, stack: ExitStack, settings, roles: tuple[str, str]) -> None:
        self.log, self.folder = folder / "worker.log", folder
        self.numbers = itertools.count(1)
        self.people: list[Citizen] = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        at_stripe = Hatch(lambda: tcp(urlsplit(self.stripe.url).port or 0)())
        place, webhooks = (
            f"http://127.0.0.1:{at_stripe.port}",
            f"http://127.0.0.1:{self.port}/stripe/webhook/",
        )
        self.stripe = StripeProcess(folder, webhooks, deliver=True, public_url=place)
        stack.callback(self.stripe.stop)
        self.mail = MailServer(lambda step, to: HANG if (step, to) == ("dot", IN_FLIGHT) else GOOD[step])
        self.mail.start()
        stack.callback(self.mail.close)
        server = connection.settings_dict
        host, port = server["HOST"], int(server["PORT"] or 5432)
        broker = urlsplit(settings.REDIS_URL)
        number = parse_qs(broker.query).get("virtual_host", ["0"])[0]
        self.away = {
            "mail": Hatch(tcp(self.mail.port)),
            "stripe": at_stripe,
            "database": Hatch(at(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else host, port)),
            "broker": Hatch(at(broker.path if not broker.hostname else broker.hostname, broker.port or 6379)),
        }
        self.database = f"127.0.0.1:{self.away['database'].port}/{server['NAME']}"
        self.web_role, self.worker_role = roles
        self.environment = environment(
            DATABASE_URL=self.database_as(self.web_role),
            REDIS_URL=f"redis://127.0.0.1:{self.away['broker'].port}/{number}",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(self.away["mail"].port),
            EMAIL_FILE_PATH="",
            STRIPE_API_BASE=place,
            STRIPE_SECRET_KEY=SECRET_KEY,
            STRIPE_WEBHOOK_SECRET=WEBHOOK_SECRET,
            TRUSTED_PROXY_COUNT="1",
            CELERY_SKIP_CHECKS="1",
        )
        web = ["gunicorn", "--config", "python:wirbrauchensie.web_server", "--bind", f"127.0.0.1:{self.port}"]
        stack.enter_context(process(web, self.environment, folder / "web.log"))
        self.worker = self.start_worker(stack)
        wait_until(lambda: "Listening at" in self.told("web"), what="a web server")

    def database_as(self, role: str) -> str:
        return f"postgresql://{role}:{PASSWORD}@{self.database}"

    def start_worker(self, stack: ExitStack) -> Popen[bytes]:
        own = self.environment | {"DATABASE_URL": self.database_as(self.worker_role)}
        return stack.enter_context(process([*WORKER, "--loglevel", "INFO"], own, self.log))

    def told(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def come(self, name: str) -> list[Citizen]:
        """Three people open a form: one gives time, one transfers, one pays by card."""
        number = next(self.numbers)
        people = [
            pledger(self.port, name, number),
            giver(self.port, name, number, "transfer"),
            giver(self.port, name, number, "card"),
        ]
        self.people += people
        return [each.open() for each in people]

    def pay(self, payer: Citizen) -> None:
        status, _where = self.stripe.pay(payer.location)
        assert status == 303


@pytest.fixture
def town(tmp_path: Path, settings, made: tuple[str, str]) -> Iterator[Town]:
    city = make_provider(
        "Stadt",
        kind=Provider.Kind.CITY,
        account_holder_name="Stadt",
        iban="DE02120300000000202051",
        stripe_account="default",
    )
    make_fund("Kinderfonds", slug="kinderfonds", provider=city, is_general=True)
    current_app.control.purge()
    with ExitStack() as stack:
        yield Town(tmp_path, stack, settings, made)


def statuses(people: list[Citizen]) -> list[int]:
    return [each.send()[0] for each in people]


@contextmanager
def mail_in_flight(town: Town, stack: ExitStack) -> Iterator[None]:
    """The worker dies between the last line of a mail and the server's answer, and comes back."""
    flying = pledger(town.port, "in-flight", 99).open()
    town.people.append(flying)
    assert flying.send()[0] == 303

    def is_in_flight() -> bool:
        sweeps.run_sweep.delay(name="outbox.send_due")
        heard = any(IN_FLIGHT in each for each in town.mail.heard)
        return heard and Message.objects.filter(to_email=IN_FLIGHT, status="sending").exists()

    wait_until(is_in_flight, what="a mail in flight", log=town.log, every=0.5)
    kill_group(town.worker)
    yield
    town.worker = town.start_worker(stack)


def wait_for_mails(town: Town) -> None:
    """Wait until no mail waits or flies but the one that is lost: the next cut must meet none in flight."""

    def are_out() -> bool:
        sweeps.run_sweep.delay(name="outbox.send_due")
        waiting = Message.objects.filter(status__in=["queued", "failed", "sending"])
        return not waiting.exclude(to_email=IN_FLIGHT).exists()

    wait_until(are_out, what="an empty outbox", log=town.log, every=0.5)


def wait_for_money(town: Town) -> None:
    """Do what the beat does until every gift by card has come."""
    unpaid = Donation.objects.filter(method="card").exclude(status="received")

    def has_come() -> bool:
        for name in ("donations.process_events", "donations.catch_up"):
            sweeps.run_sweep.delay(name=name)
        return not unpaid.exists()

    wait_until(has_come, what="all money", log=town.log, every=0.5)


def test_every_act_is_answered_and_counts_once_whatever_goes_away(town: Town) -> None:
    with town.away["mail"].taken_away():
        people = town.come("mail")
        assert statuses(people) == [303, 303, 303]
        town.pay(people[2])

    with town.away["broker"].taken_away():
        people = town.come("broker")
        assert statuses(people) == [303, 303, 303]
        town.pay(people[2])

    with ExitStack() as stack:
        with mail_in_flight(town, stack):
            people = town.come("worker")
            assert statuses(people) == [303, 303, 303]
        paid_later = people[2]

        people = town.come("database")
        wait_for_mails(town)
        with town.away["database"].taken_away():
            town.pay(paid_later)
            for each in people:
                status, page = each.send()
                assert status == 503
                assert "Wir sind gerade nicht erreichbar" in page
        assert statuses(people) == [303, 303, 303]
        town.pay(people[2])

        people = town.come("stripe")
        with town.away["stripe"].taken_away():
            assert [each.send()[0] for each in people[:2]] == [303, 303]
            status, page = people[2].send()
            assert status == 503
            assert "Es wurde nichts abgebucht" in page
        assert people[2].send()[0] == 303
        town.pay(people[2])

        wait_for_money(town)
        wait_for_mails(town)
        sweeps.run("outbox.give_up_on_lost", utc_now() + timedelta(minutes=10))

    assert Counter(TimePledge.objects.values_list("volunteer__mailbox__email", flat=True)) == {
        each.email: 1 for each in town.people if each.email.startswith("zeit-")
    }
    assert Counter(Donation.objects.values_list("donor__mailbox__email", flat=True)) == {
        each.email: 1 for each in town.people if not each.email.startswith("zeit-")
    }
    assert LedgerTransaction.objects.filter(kind="gift").count() == 5
    assert faults() == []
    assert list(Message.objects.exclude(status="sent").values_list("to_email", "status")) == [
        (IN_FLIGHT, "unknown")
    ]
    left = Counter(town.mail.recipients())
    assert left == Counter(Message.objects.filter(status="sent").values_list("to_email", flat=True))
    assert set(left) == {each.email for each in town.people} - {IN_FLIGHT}
