"""What the person at the terminal reads: progress on standard error, refusals as one sentence."""

import sys
import time
from pathlib import Path


class Refusal(Exception):
    """Something cannot be done; the message is one clear sentence for the person at the terminal."""


def say(text: str) -> None:
    """Write one line of progress at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def tail(path: Path, lines: int = 20) -> str:
    """The last `lines` lines of a log file, indented; empty when there is none."""
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s"
