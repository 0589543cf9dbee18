"""The environment variables that the children get: what the operator set, completed for the demo."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.runner.console import Refusal

LOCAL = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::", "*")  # noqa: S104
# Two bodies have an account each, as programs/data/dueren/demo.json says; the others are given by transfer.
DEMO_STRIPE = {
    "STRIPE_SECRET_KEY": "sk_test_demo",
    "STRIPE_WEBHOOK_SECRET": "whsec_demo",
    "STRIPE_ACCOUNTS": "freiwillige",
    "STRIPE_FREIWILLIGE_SECRET_KEY": "sk_test_freiwillige",
    "STRIPE_FREIWILLIGE_WEBHOOK_SECRET": "whsec_freiwillige",
}
# Long enough for check --deploy and used for nothing but it.
PRODUCTION_SAMPLE = {
    "DJANGO_SETTINGS_MODULE": "wirbrauchensie.settings",
    "PRODUCTION": "1",
    "DEMO": "0",
    "SECRET_KEY": "sample-k3Zt9Qw7Lx2Vb8Nf4Rg6Hj1Mp5Sd0Yc-Ae3Ui7Oq2Wz9Tx4Bv6Kn8",
    "ALLOWED_HOSTS": "helfen.example.org",
    "PUBLIC_BASE_URL": "https://helfen.example.org",
    "DATABASE_URL": "postgresql://app:sample@database.example.org/app?sslmode=verify-full",
    "REDIS_URL": "rediss://broker.example.org:6379/0",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_USE_TLS": "on",
    "DEFAULT_FROM_EMAIL": "WIR BRAUCHEN SIE <post@helfen.example.org>",
    "TRUSTED_PROXY_COUNT": "1",
}


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        return LOCAL if self.host in EVERYWHERE else self.host

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_on(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def read_address(given: Mapping[str, str]) -> Address:
    """HOST and PORT. Raises Refusal when PORT is no port."""
    text = given.get("PORT", "").strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Refusal(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return Address(given.get("HOST", "").strip() or LOCAL, int(text))


def refuse_taken(address: Address) -> None:
    """Raises Refusal when somebody already listens there, or nobody may."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("" if address.host == "*" else address.host, address.port))
        except OSError as error:
            other = address.port + 1 if address.port < 65535 else 8000
            raise Refusal(
                f"Port {address.port} on {address.host} cannot be used ({error.strerror}); "
                f"choose another one: PORT={other} ./dev run"
            ) from None


def product_environment(given: Mapping[str, str], address: Address, run: Path) -> dict[str, str]:
    """Everything the operator set, plus the demo when nothing says that this is a real installation."""
    made = {"PYTHONUNBUFFERED": "1", "PUBLIC_BASE_URL": address.url}
    if address.reachable_host != LOCAL:
        made["ALLOWED_HOSTS"] = f"{address.reachable_host},{LOCAL},localhost"
    if not is_on(given, "PRODUCTION"):
        made |= {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "workshop.settings"}
    environment = made | {name: value for name, value in given.items() if value.strip() or name not in made}
    if is_on(environment, "DEMO") and not (
        environment.get("EMAIL_HOST") or environment.get("EMAIL_FILE_PATH")
    ):
        environment["EMAIL_FILE_PATH"] = str(run / "mails")
    return environment


def needed_servers(environment: Mapping[str, str]) -> set[str]:
    """The embedded servers that stand in for those that are not configured.

    Raises Refusal in production, which needs servers that somebody looks after.
    """
    settings = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    missing = {server: name for server, name in settings.items() if not environment.get(name)}
    if missing and is_on(environment, "PRODUCTION"):
        raise Refusal(f"In production {' and '.join(missing.values())} must be set.")
    return set(missing)


def needs_stripe_double(environment: Mapping[str, str]) -> bool:
    return is_on(environment, "DEMO") and not environment.get("STRIPE_SECRET_KEY")


def test_environment(servers: Mapping[str, str]) -> dict[str, str]:
    """What a test run needs besides the addresses of its servers."""
    return {**servers, "PYTHONPATH": "platform:base"}
