"""``python -m workshop.stripe_double``: start the double and serve until SIGTERM or SIGINT."""

import argparse
import logging
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from workshop.stripe_double.config import Config
from workshop.stripe_double.double import DataDirInUseError, Double
from workshop.stripe_double.params import is_web_address
from workshop.stripe_double.server import HOST, Server


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0 after a signal, 1 when it could not start or a background round failed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s stripe-double %(message)s")
    options = _options(arguments)
    try:
        server = Server(options.port)
    except OSError as error:
        return _give_up(f"Port {options.port} kann nicht geöffnet werden: {error.strerror}.")
    address = f"http://{HOST}:{server.port}"
    try:
        server.doubles = [Double(config) for config in _configs(options, address)]
    except DataDirInUseError:
        return _give_up(f"In {options.data_dir} arbeitet schon ein Stripe-Testdoppel.")
    except OSError as error:
        return _give_up(f"{options.data_dir} kann nicht benutzt werden: {error.strerror}.")
    return _serve(server, address, options.port_file)


def _configs(options: argparse.Namespace, address: str) -> list[Config]:
    """The first account, then those that STRIPE_ACCOUNTS names, each with folder and webhook of its own."""
    first = Config(
        data_dir=options.data_dir,
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
        secret_key=options.secret_key,
        public_url=(options.public_url or address).rstrip("/"),
        sepa_delay_seconds=options.sepa_delay,
    )
    return [first, *(_further(first, name) for name in options.accounts)]


def _further(first: Config, name: str) -> Config:
    said = f"STRIPE_{name.upper()}_"
    return replace(
        first,
        data_dir=first.data_dir / name,
        webhook_url=f"{first.webhook_url.rstrip('/')}/{name}/",
        webhook_secret=os.environ[f"{said}WEBHOOK_SECRET"],
        secret_key=os.environ.get(f"{said}SECRET_KEY") or first.secret_key,
        connected=os.environ.get(f"{said}CONNECT", ""),
    )


def _serve(server: Server, address: str, port_file: Path | None) -> int:
    stop = threading.Event()
    failed = threading.Event()

    def fail(details: threading.ExceptHookArgs) -> None:
        sys.excepthook(details.exc_type, details.exc_value or details.exc_type(), details.exc_traceback)
        failed.set()
        stop.set()

    threading.excepthook = fail
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for double in server.doubles:
        double.start()
    threading.Thread(target=server.serve_forever, args=(0.05,), name="http", daemon=True).start()
    if port_file:
        _write_port(port_file, server.port)
    sys.stdout.write(f"Stripe-Testdoppel: {address}\n")
    sys.stdout.flush()
    stop.wait()
    server.shutdown()
    server.server_close()
    for double in server.doubles:
        double.stop()
    return 1 if failed.is_set() else 0


def _write_port(port_file: Path, port: int) -> None:
    """Readers see the whole number or no file."""
    draft = port_file.with_name(f"{port_file.name}.{os.getpid()}")
    draft.write_text(f"{port}\n")
    draft.replace(port_file)


def _give_up(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="stripe_double", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="the port is written here once it is open")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--webhook-url", required=True)
    parser.add_argument("--webhook-secret", default=os.environ.get("STRIPE_WEBHOOK_SECRET", ""))
    parser.add_argument("--secret-key", default=os.environ.get("STRIPE_SECRET_KEY", ""))
    parser.add_argument(
        "--accounts", type=_names, default=os.environ.get("STRIPE_ACCOUNTS", ""), metavar="NAMES"
    )
    parser.add_argument("--public-url", help="where browsers reach the payment page, if elsewhere")
    parser.add_argument("--sepa-delay", type=float, default=5.0, metavar="SECONDS")
    options = parser.parse_args(arguments)
    further = [os.environ.get(f"STRIPE_{name.upper()}_SECRET_KEY", "") for name in options.accounts]
    if not all(key.startswith("sk_test_") for key in (options.secret_key, *filter(None, further))):
        parser.error("--secret-key must begin with sk_test_ (a live key has no business here)")
    if not options.webhook_secret:
        parser.error("--webhook-secret (or STRIPE_WEBHOOK_SECRET) is missing")
    for name in options.accounts:
        if not os.environ.get(f"STRIPE_{name.upper()}_WEBHOOK_SECRET"):
            parser.error(f"STRIPE_{name.upper()}_WEBHOOK_SECRET is missing")
    for address in filter(None, (options.webhook_url, options.public_url)):
        if not is_web_address(address):
            parser.error(f"{address} is not an http(s) address")
    if options.public_url and urlsplit(options.public_url).path not in ("", "/"):
        parser.error("--public-url must not have a path")
    if not 0 <= options.sepa_delay <= 86_400:
        parser.error("--sepa-delay must be between 0 and 86400 seconds")
    return options


def _names(said: str) -> list[str]:
    return [name.strip() for name in said.split(",") if name.strip()]


if __name__ == "__main__":
    sys.exit(main())
