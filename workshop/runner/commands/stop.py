"""`./dev stop`: end what runs in this folder, servers in the background included."""

import signal

from workshop.runner.console import Refusal, say
from workshop.runner.instance import holder
from workshop.runner.place import DEVELOPMENT, RUN, TESTS
from workshop.runner.processes import Identity, is_running, send, wait_until
from workshop.runner.servers import SOCKETS, find_servers, starting
from workshop.runner.supervisor import stop_leftovers

SECONDS = 90.0


def main(arguments: list[str]) -> int:
    """Raises Refusal when the running instance does not end."""
    if arguments:
        raise Refusal("./dev stop takes no arguments.")
    for folder in (RUN, TESTS):
        instance = holder(folder)
        if instance:
            stop_instance(instance)
    stop_leftovers(RUN / "processes.json")
    for folder in (RUN, DEVELOPMENT, TESTS):
        if (folder / SOCKETS).exists():
            with starting(folder):
                find_servers(folder).stop()
    say("Nothing runs in this folder any more.")
    return 0


def stop_instance(instance: Identity) -> None:
    say(f"Stopping process {instance.pid} …")
    send(instance, signal.SIGTERM)
    if not wait_until(lambda: not is_running(instance), SECONDS):
        raise Refusal(f"Process {instance.pid} does not end; its logs are in {RUN / 'log'}.")
