"""Where numba has no wheel everything works without it, and demanding it is refused."""

from __future__ import annotations

import subprocess
import sys

from tests.matching.building import Need, Person, at, chosen, problem_of
from volunteers.matching import solve

WITHOUT_NUMBA = "import sys; sys.modules['numba'] = None; "
SMALL = """
from tests.matching.building import Need, Person, at, chosen, problem_of
from volunteers.matching import solve
from volunteers.matching.compiled import engine
problem = problem_of([Person(max_placements=2), Person()], [Need(slots=(at(d, 15, 2),)) for d in range(3)])
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_without_numba_the_plain_kernel_finds_the_same() -> None:
    problem = problem_of(
        [Person(max_placements=2), Person()], [Need(slots=(at(d, 15, 2),)) for d in range(3)]
    )
    done = run(WITHOUT_NUMBA + SMALL + "print(engine(None).compiled, chosen(solve(problem)))")
    assert done.stderr == ""
    assert done.stdout == f"False {chosen(solve(problem))}\n"


def test_demanding_numba_where_there_is_none_is_refused() -> None:
    done = run(WITHOUT_NUMBA + SMALL + "solve(problem, compiled=True)")
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr
