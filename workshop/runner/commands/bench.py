"""`./dev bench`: run one benchmark; it prints one line of JSON last."""

import os
import signal
import subprocess
import sys
from functools import partial

from workshop.runner.console import Refusal
from workshop.runner.place import ROOT
from workshop.runner.processes import die_with

FOLDER = ROOT / "benchmarks"


def main(arguments: list[str]) -> int:
    """Raises Refusal when no such benchmark is written."""
    name, *rest = [*arguments, ""]
    script = FOLDER / f"{name}.py"
    if not name.isidentifier() or not script.exists():
        names = ", ".join(sorted(path.stem for path in FOLDER.glob("*.py")))
        raise Refusal(f"There is no benchmark {name!r}; there are: {names}.")
    # As a module: the folder of a script would stand before the apps, and one benchmark is named like one.
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *rest[:-1]],
        cwd=ROOT,
        check=False,
        preexec_fn=partial(die_with, os.getpid(), signal.SIGTERM),
    ).returncode
