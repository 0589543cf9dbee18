"""Asks the running product whether it is ready."""

import urllib.error
import urllib.request
from collections.abc import Mapping

from wirbrauchensie.runner.configuration import Address


def ask_readyz(address: Address, environment: Mapping[str, str]) -> tuple[int, str]:
    """Status and body of `/readyz`; status 0 with the reason while nobody answers."""
    host = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    headers = {"Host": host} if host else {}
    request = urllib.request.Request(f"{address.url}/readyz", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)
