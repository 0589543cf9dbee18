"""Logs of processes that run for weeks: one file a day, seven days, readable by their owner alone."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from workshop.runner.processes import readable_by_us_alone

KEPT = timedelta(days=7)


class DailyLogs:
    """The logs of one folder; who writes to them keeps the file open and goes on at its beginning."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder = folder
        self.day = today
        self._forget(today)

    def turn(self, today: date) -> None:
        """Once a day: put what was written aside under its day, and forget what is older than seven days."""
        if today == self.day:
            return
        for log in self.folder.glob("*.log"):
            self._put_aside(log)
        self.day = today
        self._forget(today)

    def _put_aside(self, log: Path) -> None:
        """Copy, then empty: the writers append, so their next line is the first."""
        aside = log.with_name(f"{log.name}.{self.day}")
        with log.open("rb") as written, open(aside, "ab", opener=readable_by_us_alone) as kept:
            shutil.copyfileobj(written, kept)
        with log.open("r+b") as emptied:
            emptied.truncate()

    def _forget(self, today: date) -> None:
        for aside in self.folder.glob("*.log.????-??-??"):
            if today - date.fromisoformat(aside.name[-10:]) > KEPT:
                aside.unlink()
