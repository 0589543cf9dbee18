"""`./dev servers`: database and broker in the background, for tests and experiments by hand."""

import argparse
import shlex
import sys
from pathlib import Path

from workshop.runner.configuration import test_environment
from workshop.runner.console import say
from workshop.runner.place import DEVELOPMENT
from workshop.runner.servers import DATABASE, ensure_servers, find_servers, starting


def main(arguments: list[str]) -> int:
    """Print the lines that a shell evaluates: `eval "$(./dev servers)"`."""
    parser = argparse.ArgumentParser(prog="./dev servers", description=__doc__)
    parser.add_argument("--dir", type=Path, default=DEVELOPMENT, help="where the data lie (.run/dev)")
    parser.add_argument("--database", default=DATABASE, help="a database of your own, such as app_anna")
    parser.add_argument("--stop", action="store_true", help="stop them")
    options = parser.parse_args(arguments)
    folder = options.dir.resolve()
    if options.stop:
        with starting(folder):
            find_servers(folder).stop()
        say("Stopped.")
        return 0
    servers = ensure_servers(folder, database=options.database, durable=False, dies_with_us=False)
    with starting(folder):
        addresses = servers.environment(options.database)
    for name, value in test_environment(addresses).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    return 0
