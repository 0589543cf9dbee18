"""`./dev manage`: Django's commands, on the same database as `./dev run`."""

import os
import subprocess

from wirbrauchensie.runner import product
from wirbrauchensie.runner.configuration import needs_stripe_double, product_environment, read_address
from wirbrauchensie.runner.instance import holder, only_instance
from wirbrauchensie.runner.place import ROOT, RUN
from wirbrauchensie.runner.servers import ensure_servers


def main(arguments: list[str]) -> int:
    """Use the running instance's servers, or start them for as long as the command takes."""
    environment = product_environment(os.environ, read_address(os.environ), RUN)
    given = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL") if environment.get(name)}
    if len(given) == 2:
        return call(arguments, environment)
    if holder(RUN):
        payment = product.payment_environment(RUN) if has_double(environment) else {}
        return call(arguments, environment | payment | ensure_servers(RUN).environment() | given)
    with only_instance(RUN, "manage"):
        servers = ensure_servers(RUN)
        try:
            return call(arguments, environment | servers.environment() | given)
        finally:
            servers.stop()


def has_double(environment: dict[str, str]) -> bool:
    return needs_stripe_double(environment) and product.port_file(RUN).exists()


def call(arguments: list[str], environment: dict[str, str]) -> int:
    command = [*product.MANAGE, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
