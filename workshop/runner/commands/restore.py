"""`./dev restore FILE`: what a backup holds takes the place of the database; the old one is kept aside."""

import os
from contextlib import nullcontext
from datetime import datetime

from workshop.runner.commands.backup import own_server, the_file
from workshop.runner.configuration import needed_servers, product_environment, read_address
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.dumps import restore
from workshop.runner.instance import only_instance
from workshop.runner.place import RUN


def main(arguments: list[str]) -> int:
    """Raises Refusal, with the database as it was, when the product runs or the file is no backup of it."""
    file, watch = the_file(arguments, "restore"), Stopwatch()
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    given = product_environment(os.environ, read_address(os.environ), RUN)
    embedded = "postgres" in needed_servers(given)
    with (
        only_instance(RUN, "restore"),
        own_server() if embedded else nullcontext(given["DATABASE_URL"]) as url,
    ):
        kept = restore(url, file, datetime.now().astimezone())
    say(f"Restored from {file} in {watch}.")
    if kept:
        say(f"The database as it was is kept as {kept}; once all is well: DROP DATABASE {kept};")
    return 0
