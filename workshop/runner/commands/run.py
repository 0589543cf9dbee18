"""`./dev run`: everything up, from the database to the page, until Ctrl-C."""

import os
from collections.abc import Mapping
from pathlib import Path

from wirbrauchensie.probe import ask
from workshop.runner import product, static_files
from workshop.runner.configuration import (
    DEMO_STRIPE,
    Address,
    is_on,
    needed_servers,
    needs_stripe_double,
    product_environment,
    read_address,
    refuse_taken,
)
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.instance import only_instance
from workshop.runner.place import ROOT, RUN
from workshop.runner.processes import wait_until
from workshop.runner.servers import clear_sockets, ensure_servers
from workshop.runner.supervisor import Stopped, Supervisor, stop_leftovers

READY_SECONDS = 120.0


def main(arguments: list[str]) -> int:
    """Run until asked to stop. Raises Refusal when something does not come up or ends."""
    if arguments:
        raise Refusal(
            "./dev run takes no arguments; HOST, PORT and all settings are read from the environment."
        )
    address = read_address(os.environ)
    environment = product_environment(os.environ, address, RUN)
    needed = needed_servers(environment)
    watch = Stopwatch()
    supervisor = Supervisor(RUN / "log", RUN / "processes.json")
    with only_instance(RUN, "run"), supervisor.signals():
        refuse_taken(address)
        warn_if_strangers_reach_the_demo(address, environment)
        stop_leftovers(RUN / "processes.json")
        try:
            environment |= start_servers(supervisor, needed)
            write_anew(product.base_url_file(RUN), environment["PUBLIC_BASE_URL"])
            logins = bring_up(supervisor, address, environment)
            announce(address, environment, logins, watch)
            supervisor.wait()
        except Stopped:
            pass
        finally:
            say("Stopping …")
            supervisor.stop()
            clear_sockets(RUN)
            for told in (product.port_file(RUN), product.base_url_file(RUN)):
                told.unlink(missing_ok=True)
    say("Stopped. All data are kept.")
    return 0


def warn_if_strangers_reach_the_demo(address: Address, environment: Mapping[str, str]) -> None:
    """The demo shows its passwords and every mail to whoever asks."""
    if is_on(environment, "DEMO") and not address.is_local:
        say(
            f"Warning: HOST={address.host} lets everybody in this network reach the demo, "
            "whose passwords are known and whose mails are open to all. Never on an open network."
        )


def bring_up(supervisor: Supervisor, address: Address, environment: dict[str, str]) -> str:
    """Start everything in order and wait until it is ready; return the demo's logins."""
    if needs_stripe_double(environment):
        environment |= start_stripe_double(supervisor, address, environment)
    logins = prepare(supervisor, environment)
    say("Starting web, worker and beat …")
    supervisor.start("web", product.web(address), environment, ROOT)
    supervisor.start("worker", product.worker(), environment, ROOT)
    supervisor.start("beat", product.beat(RUN), environment, ROOT)
    wait_until_ready(supervisor, address, environment)
    return logins


def start_servers(supervisor: Supervisor, needed: set[str]) -> dict[str, str]:
    """Start the embedded servers that stand in for those that are not configured; return where they are."""
    if not needed:
        return {}
    servers = ensure_servers(RUN, needed=needed)
    for name, identity in servers.identities().items():
        if name not in needed:
            continue
        if name in servers.started:
            supervisor.adopt(name, servers.started[name])
        else:
            supervisor.watch(name, identity)
    return servers.environment(needed=needed)


def start_stripe_double(
    supervisor: Supervisor, address: Address, environment: dict[str, str]
) -> dict[str, str]:
    """Start the payment double of the demo and return where it listens."""
    say("Starting the payment double of the demo …")
    port_file = product.port_file(RUN)
    port_file.unlink(missing_ok=True)
    supervisor.start("stripe", product.stripe_double(address, RUN), environment | DEMO_STRIPE, ROOT)
    wait_for(supervisor, port_file)
    return product.payment_environment(RUN)


def wait_for(supervisor: Supervisor, path: Path) -> None:
    def is_there() -> bool:
        supervisor.check()
        return path.exists()

    if not wait_until(is_there, READY_SECONDS):
        raise Refusal("The payment double of the demo did not start in time.")


def prepare(supervisor: Supervisor, environment: dict[str, str]) -> str:
    """Bring schema, city, demo people and static files up to date; return the demo's logins."""
    said = supervisor.run("prepare", [*product.MANAGE, "prepare"], environment, ROOT, show=is_progress)
    record = RUN / "static-files"
    if not static_files.are_collected(record):
        say("Collecting the static files …")
        supervisor.run("collectstatic", [*product.MANAGE, "collectstatic", "--no-input"], environment, ROOT)
        write_anew(record, static_files.fingerprint())
    return "\n".join(line for line in said.splitlines() if not is_progress(line)).strip()


def write_anew(path: Path, text: str) -> None:
    """Replace the file, whoever owned it before."""
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def is_progress(line: str) -> bool:
    return line.endswith("…")


def wait_until_ready(supervisor: Supervisor, address: Address, environment: dict[str, str]) -> None:
    """Raises Refusal with what `/readyz` says when it does not say 200 in time."""
    answer = (0, "")

    def is_ready() -> bool:
        nonlocal answer
        supervisor.check()
        answer = ask(f"{address.url}/readyz", environment)
        return answer[0] == 200

    if not wait_until(is_ready, READY_SECONDS, every=0.1):
        raise Refusal(
            f"Not ready after {READY_SECONDS:.0f} s: {address.url}/readyz says {answer[0]} {answer[1]}"
        )


def announce(address: Address, environment: dict[str, str], logins: str, watch: Stopwatch) -> None:
    """Say where it runs, how to log in and where the mails are."""
    say(f"\nReady after {watch}: {environment['PUBLIC_BASE_URL']}/")
    if is_on(environment, "DEMO"):
        say(f"\n{logins}")
        say(f"\nThe demo's mails: {address.url}/demo/post/ (files in {environment.get('EMAIL_FILE_PATH')})")
    say(f"Logs: {RUN / 'log'}    End: Ctrl-C or ./dev stop")
