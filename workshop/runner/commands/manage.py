"""`./dev manage`: Django's commands, on the same database as `./dev run`."""

import os
import subprocess

from workshop.runner import product
from workshop.runner.configuration import (
    needed_servers,
    needs_stripe_double,
    product_environment,
    read_address,
)
from workshop.runner.instance import holder, only_instance
from workshop.runner.place import ROOT, RUN
from workshop.runner.servers import ensure_servers


def main(arguments: list[str]) -> int:
    """Use the running instance's servers, or start them for as long as the command takes."""
    given = running_address() | dict(os.environ)
    environment = product_environment(given, read_address(os.environ), RUN)
    needed = needed_servers(environment)
    if not needed:
        return call(arguments, environment)
    if holder(RUN):
        payment = product.payment_environment(RUN) if has_double(environment) else {}
        servers = ensure_servers(RUN, needed=needed)
        return call(arguments, environment | payment | servers.environment(needed=needed))
    with only_instance(RUN, "manage"):
        servers = ensure_servers(RUN, needed=needed)
        try:
            return call(arguments, environment | servers.environment(needed=needed))
        finally:
            servers.stop()


def running_address() -> dict[str, str]:
    """The address that the running product was given, whatever its port: links in mails must lead there."""
    told = product.base_url_file(RUN)
    runs = holder(RUN, command="run") is not None
    return {"PUBLIC_BASE_URL": told.read_text(encoding="utf-8")} if runs and told.exists() else {}


def has_double(environment: dict[str, str]) -> bool:
    return needs_stripe_double(environment) and product.port_file(RUN).exists()


def call(arguments: list[str], environment: dict[str, str]) -> int:
    command = [*product.MANAGE, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
