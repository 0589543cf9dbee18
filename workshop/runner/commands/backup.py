"""`./dev backup FILE`: the whole database in one file, also while the product runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.runner.configuration import needed_servers, product_environment, read_address
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.dumps import dump
from workshop.runner.instance import holder, only_instance
from workshop.runner.place import RUN
from workshop.runner.servers import ensure_servers

USAGE = "Usage: ./dev {} FILE"


def main(arguments: list[str]) -> int:
    """Raises Refusal when the file exists or the database cannot be read."""
    file, watch = the_file(arguments, "backup"), Stopwatch()
    if not file.parent.is_dir():
        raise Refusal(f"There is no folder {file.parent}.")
    with database() as url:
        dump(url, file)
    say(f"{file}: {file.stat().st_size:,} bytes in {watch}. It holds personal data; keep it closed.")
    return 0


def the_file(arguments: list[str], command: str) -> Path:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        raise Refusal(USAGE.format(command))
    return Path(arguments[0]).expanduser().absolute()


@contextmanager
def database() -> Iterator[str]:
    """The configured database, that of the running product, or the embedded one for as long as it takes."""
    given = product_environment(os.environ, read_address(os.environ), RUN)
    if "postgres" not in needed_servers(given):
        yield given["DATABASE_URL"]
    elif holder(RUN):
        yield ensure_servers(RUN, needed={"postgres"}).environment(needed={"postgres"})["DATABASE_URL"]
    else:
        with only_instance(RUN, "backup"), own_server() as url:
            yield url


@contextmanager
def own_server() -> Iterator[str]:
    """Start the embedded server and stop it again."""
    servers = ensure_servers(RUN, needed={"postgres"})
    try:
        yield servers.environment(needed={"postgres"})["DATABASE_URL"]
    finally:
        servers.stop()
