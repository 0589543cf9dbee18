import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop.runner.commands.run import warn_if_strangers_reach_the_demo
from workshop.runner.configuration import (
    Address,
    needed_servers,
    needs_stripe_double,
    product_environment,
    read_address,
    refuse_taken,
)
from workshop.runner.console import Refusal

LOCAL = Address("127.0.0.1", 8000)
RUN = Path("/project/.run")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_without_wishes_it_listens_on_this_machine_only() -> None:
    assert read_address({}) == LOCAL
    assert read_address({"PORT": " ", "HOST": ""}) == LOCAL
    assert read_address({"PORT": "9000", "HOST": "0.0.0.0"}) == Address("0.0.0.0", 9000)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "٨٠٠٠", "8000.0", "1e3"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_address({"PORT": port})
    assert str(refusal.value) == f"PORT must be a number from 1 to 65535, not {port!r}."


def test_a_port_in_use_is_one_sentence_with_a_way_out(taken: int) -> None:
    with pytest.raises(Refusal) as refusal:
        refuse_taken(Address("127.0.0.1", taken))
    assert str(refusal.value) == (
        f"Port {taken} on 127.0.0.1 cannot be used (Address already in use); "
        f"choose another one: PORT={taken + 1} ./dev run"
    )


def test_a_free_port_is_fine_and_stays_free(taken: int) -> None:
    free = Address("127.0.0.2", taken)
    refuse_taken(free)
    refuse_taken(free)


@pytest.mark.parametrize(
    ("address", "url", "bind"),
    [
        (LOCAL, "http://127.0.0.1:8000", "127.0.0.1:8000"),
        (Address("0.0.0.0", 80), "http://127.0.0.1:80", "0.0.0.0:80"),
        (Address("::1", 8000), "http://[::1]:8000", "[::1]:8000"),
        (Address("rathaus.example", 8000), "http://rathaus.example:8000", "rathaus.example:8000"),
    ],
)
def test_an_address_is_written_for_browsers_and_for_the_server(address: Address, url: str, bind: str) -> None:
    assert (address.url, address.bind) == (url, bind)


def test_nothing_configured_means_the_demo() -> None:
    environment = product_environment({"HOME": "/home/anna"}, LOCAL, RUN)
    assert environment == {
        "HOME": "/home/anna",
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "workshop.settings",
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "EMAIL_FILE_PATH": "/project/.run/mails",
        "PYTHONUNBUFFERED": "1",
    }
    assert needs_stripe_double(environment)


def test_production_gets_nothing_of_the_demo() -> None:
    given = {"PRODUCTION": "on", "PUBLIC_BASE_URL": "https://helfen.example.org"}
    environment = product_environment(given, LOCAL, RUN)
    assert environment == {**given, "PYTHONUNBUFFERED": "1"}
    assert not needs_stripe_double(environment)


def test_what_the_operator_set_is_kept() -> None:
    given = {
        "DEMO": "0",
        "PUBLIC_BASE_URL": "http://demo.example",
        "EMAIL_HOST": "mail.example",
        "STRIPE_SECRET_KEY": "sk_test_1",
    }
    environment = product_environment(given, LOCAL, RUN)
    assert {name: environment[name] for name in given} == given
    assert "EMAIL_FILE_PATH" not in environment


def test_an_empty_variable_counts_as_not_set() -> None:
    environment = product_environment({"DEMO": "", "EMAIL_FILE_PATH": ""}, LOCAL, RUN)
    assert environment["DEMO"] == "1"
    assert environment["EMAIL_FILE_PATH"] == "/project/.run/mails"


def test_real_stripe_keys_or_a_mail_server_replace_their_doubles_in_the_demo() -> None:
    environment = product_environment({"STRIPE_SECRET_KEY": "sk_test_1", "EMAIL_HOST": "mail"}, LOCAL, RUN)
    assert not needs_stripe_double(environment)
    assert "EMAIL_FILE_PATH" not in environment


def test_only_what_is_not_configured_is_embedded() -> None:
    assert needed_servers({}) == {"postgres", "valkey"}
    assert needed_servers({"DATABASE_URL": "postgresql://db/app", "REDIS_URL": ""}) == {"valkey"}
    assert needed_servers({"DATABASE_URL": "postgresql://db/app", "REDIS_URL": "redis://broker"}) == set()


def test_production_has_no_embedded_servers() -> None:
    with pytest.raises(Refusal) as refusal:
        needed_servers({"PRODUCTION": "1", "REDIS_URL": "redis://broker"})
    assert str(refusal.value) == "In production DATABASE_URL must be set."
    with pytest.raises(Refusal, match=r"^In production DATABASE_URL and REDIS_URL must be set\.$"):
        needed_servers({"PRODUCTION": "1"})


def test_another_host_is_allowed_by_name() -> None:
    environment = product_environment({}, Address("rathaus.example", 8000), RUN)
    assert environment["ALLOWED_HOSTS"] == "rathaus.example,127.0.0.1,localhost"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("*", False),
        ("192.168.1.5", False),
        ("rathaus.example", False),
    ],
)
def test_only_addresses_of_this_machine_are_closed_to_the_network(host: str, local: bool) -> None:
    assert Address(host, 8000).is_local is local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_a_demo_that_strangers_can_reach_is_warned_of(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    warn_if_strangers_reach_the_demo(Address(host, 8000), {"DEMO": "1"})
    said = capsys.readouterr().err
    assert said.startswith(f"Warning: HOST={host} lets everybody in this network reach the demo")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("host", "demo"), [("127.0.0.1", "1"), ("0.0.0.0", "0"), ("0.0.0.0", "")])
def test_nobody_is_warned_without_reason(host: str, demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    warn_if_strangers_reach_the_demo(Address(host, 8000), {"DEMO": demo})
    assert capsys.readouterr().err == ""
