"""A broker number for each worker of a test run, so that no worker takes or purges another one's tasks."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

# Embedded servers have 64 numbers; in steps of sixteen, workers do not meet the other databases of a server.
STEP_ON_SOCKET, NUMBERS_ON_SOCKET = 16, 64


def broker_of_worker(address: str, worker: str) -> str:
    """Return the address for worker `gw0`, `gw1`, …; the given one where nothing runs side by side."""
    found = re.fullmatch(r"gw(\d+)", worker)
    if not found:
        return address
    place = int(found[1]) + 1
    parts = urlsplit(address)
    if parts.scheme == "redis+socket":
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        number = int(query.get("virtual_host", "0")) + place * STEP_ON_SOCKET
        query["virtual_host"] = str(number % NUMBERS_ON_SOCKET)
        return f"redis+socket://{parts.path}?{urlencode(query)}"
    number = int(parts.path.strip("/") or "0") + place
    return urlunsplit(parts._replace(path=f"/{number}"))
