"""The health check of the image: `python -m wirbrauchensie.probe /healthz`, standard library only."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping


def ask(url: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """Status and body as the first of ALLOWED_HOSTS; status 0 with the reason while nobody answers."""
    host = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    headers = {"Host": host} if host else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def main(path: str) -> int:
    """Exit code 0 when the server on this machine answers the path with 200."""
    port = os.environ.get("PORT", "").strip() or "8000"
    status, body = ask(f"http://127.0.0.1:{port}{path}", os.environ)
    sys.stdout.write(f"{status} {body}\n")
    return 0 if status == 200 else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
