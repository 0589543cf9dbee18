"""Workers that run side by side never share a queue."""

import pytest

from tests.brokers import broker_of_worker

SOCKET = "redis+socket:///tmp/wbs-1/valkey.sock"


@pytest.mark.parametrize(
    ("address", "worker", "expected"),
    [
        (SOCKET, "", SOCKET),
        (SOCKET, "master", SOCKET),
        (SOCKET, "gw0", f"{SOCKET}?virtual_host=16"),
        (SOCKET, "gw1", f"{SOCKET}?virtual_host=32"),
        (f"{SOCKET}?virtual_host=5", "gw1", f"{SOCKET}?virtual_host=37"),
        (f"{SOCKET}?virtual_host=63", "gw0", f"{SOCKET}?virtual_host=15"),
        ("redis://broker:6379/0", "gw0", "redis://broker:6379/1"),
        ("redis://broker:6379", "gw1", "redis://broker:6379/2"),
        ("rediss://:secret@broker/3", "gw10", "rediss://:secret@broker/14"),
    ],
)
def test_each_worker_has_a_number_of_its_own(address: str, worker: str, expected: str) -> None:
    assert broker_of_worker(address, worker) == expected
