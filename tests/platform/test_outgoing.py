"""The product in production talks to those whom its settings name, and to nobody else."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.platform.test_env import PRODUCTION
from tests.processes import environment
from wirbrauchensie.outgoing import places_of

SOCKET = {"HOST": "/tmp/socket", "PORT": ""}


@pytest.mark.parametrize(
    ("urls", "database", "further", "places"),
    [
        ([], SOCKET, [], []),
        (["redis+socket:///tmp/valkey.sock?virtual_host=4"], SOCKET, [], []),
        (["rediss://Redis/0?ssl_ca_certs=/a"], SOCKET, [], [("redis", 6379)]),
        (
            ["redis://redis:7000/0", "https://api.stripe.com"],
            SOCKET,
            [],
            [("api.stripe.com", 443), ("redis", 7000)],
        ),
        (
            ["smtp://mail.example.org:587"],
            {"HOST": "DB", "PORT": ""},
            [],
            [("db", 5432), ("mail.example.org", 587)],
        ),
        (
            [],
            {"HOST": "db", "PORT": "6000"},
            ["Proxy.example.:3128", "[::1]:8"],
            [("::1", 8), ("db", 6000), ("proxy.example", 3128)],
        ),
    ],
)
def test_the_list_is_read_from_the_settings(
    urls: list[str], database: dict[str, Any], further: list[str], places: list[tuple[str, int]]
) -> None:
    assert places_of(urls, database, further) == places


@pytest.mark.parametrize("text", ["proxy", ":3128", "proxy:", "proxy:https", "https://proxy"])
def test_what_the_operator_adds_has_a_host_and_a_port(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OUTGOING_HOSTS"):
        places_of([], SOCKET, [text])


TRY = """
import django; django.setup()
import socket, sys
from foundation.outgoing import NotAllowed
from programs.gateways.webhooks import Refused, post
from django.conf import settings
def can(host, port):
    try:
        socket.create_connection((host, int(port)), 5).close()
    except NotAllowed:
        return "no"
    return "yes"
def told(url):
    try:
        post(url, b"", {})
    except Refused as refused:
        return refused.hitch.name
print(*settings.OUTGOING_PLACES)
from django.db import OperationalError, connection
try:
    connection.ensure_connection()
except OperationalError as error:
    assert "nobody whom this process" not in str(error), error
print(can("127.0.0.1", sys.argv[1]), can("127.0.0.1", sys.argv[2]), told("https://localhost/"))
"""


@pytest.mark.parametrize(
    ("production", "answer"), [(True, "yes no NOT_PUBLIC"), (False, "yes yes NOT_PUBLIC")]
)
def test_a_process_of_the_product_is_confined(production: bool, answer: str, tmp_path: Path) -> None:
    """A program of a provider is still looked for, and refused for its address alone."""
    with socket.create_server(("127.0.0.1", 0)) as mail, socket.create_server(("127.0.0.1", 0)) as stranger:
        ports = [str(each.getsockname()[1]) for each in (mail, stranger)]
        done = subprocess.run(
            [sys.executable, "-c", TRY, *ports],
            env=environment(
                **{
                    **PRODUCTION,
                    "PRODUCTION": str(int(production)),
                    "DJANGO_SETTINGS_MODULE": "wirbrauchensie.settings",
                    "EMAIL_HOST": "127.0.0.1",
                    "EMAIL_PORT": ports[0],
                    "STATIC_ROOT": str(tmp_path),
                    "OUTGOING_HOSTS": "proxy.example:3128",
                }
            ),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    places, tried = done.stdout.splitlines()
    assert places == f"('127.0.0.1', {ports[0]}) ('db', 5432) ('proxy.example', 3128) ('redis', 6379)"
    assert tried == answer
