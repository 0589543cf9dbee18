"""Asks a running web server for `/readyz` or `/healthz`; also the health check of the image."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from wirbrauchensie.runner.configuration import Address, read_address
from wirbrauchensie.runner.console import say


def ask(address: Address, path: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """Status and body; status 0 with the reason while nobody answers."""
    host = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    headers = {"Host": host} if host else {}
    request = urllib.request.Request(f"{address.url}{path}", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def main(path: str) -> int:
    """Exit code 0 when the server on this machine answers the path with 200."""
    status, body = ask(read_address(os.environ), path, os.environ)
    say(f"{status} {body}")
    return 0 if status == 200 else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
