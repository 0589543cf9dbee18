"""The processes of the product and the steps before them, as command lines."""

import sys
from pathlib import Path

from workshop.runner.configuration import DEMO_STRIPE, Address
from workshop.runner.place import ROOT

PYTHON = sys.executable
MANAGE = [PYTHON, str(ROOT / "manage.py")]
CELERY = [PYTHON, "-m", "celery", "--app", "wirbrauchensie"]


def web(address: Address) -> list[str]:
    return [
        *(PYTHON, "-m", "gunicorn", "--config", "python:wirbrauchensie.web_server"),
        *("--bind", address.bind, "--graceful-timeout", "10"),
    ]


def worker() -> list[str]:
    return [
        *(*CELERY, "worker", "--queues", "wirbrauchensie", "--concurrency", "2", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle"),
    ]


def beat(run: Path) -> list[str]:
    return [*CELERY, "beat", "--schedule", str(run / "beat-schedule"), "--pidfile", "", "--loglevel", "INFO"]


def port_file(run: Path) -> Path:
    """Where the payment double writes which port it listens on; there while it runs."""
    return run / "stripe-port"


def base_url_file(run: Path) -> Path:
    """Where the running product writes the address that citizens type; there while it runs."""
    return run / "public-base-url"


def payment_environment(run: Path) -> dict[str, str]:
    """How the product reaches the payment double of the demo."""
    return {"STRIPE_API_BASE": f"http://127.0.0.1:{port_file(run).read_text().strip()}", **DEMO_STRIPE}


def stripe_double(address: Address, run: Path) -> list[str]:
    """Its keys come from the environment, which keeps them out of the process list."""
    return [
        *(PYTHON, "-m", "workshop.stripe_double"),
        *("--port", "0", "--port-file", str(port_file(run))),
        *("--data-dir", str(run / "stripe")),
        *("--webhook-url", f"{address.url}/stripe/webhook/"),
    ]
