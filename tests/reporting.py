"""What a run says at its end: how to run what failed alone, and which tests are slow without a reason."""

import shlex

import pytest

from workshop.runner.slow_tests import LIST, SECONDS, listed, unlisted


class Reporting:
    """Collects what the tests took; time is no assertion, so that nothing here fails a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.failed:
            terminalreporter.section("each of them alone")
            for case in self.failed:
                terminalreporter.write_line(f"./dev test {shlex.quote(case)}")
        slow = unlisted(self.seconds, listed(LIST.read_text(encoding="utf-8")))
        if slow:
            terminalreporter.section(f"over {SECONDS:g} s and not in tests/slow.txt", red=True, bold=True)
            for name, took in slow:
                terminalreporter.write_line(f"{took:6.1f} s  {name}")
