"""`./dev mutate`: put small faults into a folder and tell which ones its tests do not notice."""

import argparse
import json
import os
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from workshop.runner.commands.test import servers
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.importers import importers
from workshop.runner.instance import only_instance
from workshop.runner.live_code import statement
from workshop.runner.measuring import AT_IMPORT, Measured
from workshop.runner.mutants import Mutant, mutant_at, places
from workshop.runner.mutation_run import Bench
from workshop.runner.place import ROOT, RUN, TESTS
from workshop.runner.trials import ELSEWHERE, SURVIVED, Trial

PLACE = RUN / "mutate"
MOST = 60
SECONDS = 30.0  # of tests for one fault
LEAST_PATIENCE, PATIENCE = 30.0, 5.0


class Arguments(argparse.ArgumentParser):
    """Says what is wrong as the rest of ./dev does."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"./dev mutate PATH … [--max N] [--seed S] [--seconds T]: {message}.")


def main(arguments: list[str]) -> int:
    """Prints a line for every fault that survives and one line of JSON per path last. Raises Refusal."""
    given = read(arguments)
    folders = dict(chosen(path, tests_by_folder()) for path in given.path)
    faults = {path: sample(path, given.max, given.seed) for path in folders}
    tests = sorted({*declarations(), *(test for each in folders.values() for test in each)})
    with only_instance(TESTS, "mutate"), servers() as addresses:
        used = bench(tests, {**os.environ, **addresses})
        survived = survivors([each for mutants in faults.values() for each in mutants], used, given.seconds)
    for path, mutants in faults.items():
        print(json.dumps(result(path, mutants, survived)), flush=True)  # noqa: T201
    return 0


def result(path: Path, mutants: Sequence[Mutant], survived: Sequence[Mutant]) -> dict[str, object]:
    alive = sum(mutant in survived for mutant in mutants)
    killed = len(mutants) - alive
    percent = round(100 * killed / len(mutants), 1)
    return {
        "path": str(path),
        "mutants": len(mutants),
        "killed": killed,
        "survived": alive,
        "percent": percent,
    }


def read(arguments: list[str]) -> argparse.Namespace:
    parser = Arguments(add_help=False)
    parser.add_argument("path", nargs="+")
    parser.add_argument("--max", type=int, default=MOST)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args(arguments)
    if given.max < 1:
        parser.error("--max must be at least 1")
    return given


def tests_by_folder() -> dict[str, list[str]]:
    """Return which tests cover what, as pyproject.toml declares it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared: dict[str, list[str]] = tomllib.load(file)["tool"]["mutate"]["tests"]
    return declared


def declarations() -> list[str]:
    """Return the files of the tests that look at what modules declare: tables, choices, kinds."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared: list[str] = tomllib.load(file)["tool"]["mutate"]["declarations"]
    return declared


def chosen(path: str, declared: Mapping[str, list[str]]) -> tuple[Path, list[str]]:
    """Return the path below the checkout and its tests: those of the narrowest folder that is declared.

    Raises Refusal when there is nothing to mutate or no test is declared for it.
    """
    whole = (ROOT / path).resolve()
    if not whole.is_relative_to(ROOT) or not whole.exists():
        raise Refusal(f"There is no {path} in this checkout.")
    below = whole.relative_to(ROOT)
    covering = [name for name in declared if below.is_relative_to(name)]
    if not covering:
        raise Refusal(f"No tests are declared for {below}; pyproject.toml knows: {', '.join(declared)}.")
    return below, declared[max(covering, key=len)]


def sample(path: Path, most: int, seed: int) -> list[Mutant]:
    """Return at most `most` mutants of the files below, the same ones for the same seed, in their order."""
    whole = ROOT / path
    files = [whole] if whole.is_file() else [*whole.rglob("*.py")]
    found = places([each.relative_to(ROOT) for each in files if "migrations" not in each.parts], ROOT)
    order = random.Random(seed).sample(range(len(found)), len(found))  # noqa: S311
    mutants: dict[int, Mutant] = {}
    for index in order:
        if len(mutants) == most:
            break
        if mutant := mutant_at(found[index]):
            mutants[index] = mutant
    if not mutants:
        raise Refusal(f"There is nothing to mutate in {path}.")
    return [mutants[index] for index in sorted(mutants)]


def bench(tests: list[str], environment: Mapping[str, str]) -> Bench:
    """The copy below .run/, with a database beside that of the tests."""
    server, _slash, database = environment["DATABASE_URL"].rpartition("/")
    own = {"DATABASE_URL": f"{server}/{database}_mutate", "HYPOTHESIS_PROFILE": "few"}
    PLACE.mkdir(parents=True, exist_ok=True)
    return Bench(PLACE / "tree", tests, {**environment, **own}, PLACE / "log")


def survivors(mutants: Sequence[Mutant], bench: Bench, seconds: float) -> list[Mutant]:
    """Say of every fault that the tests do not notice where it is and what was changed."""
    watch = Stopwatch()
    paths = {mutant.path for mutant in mutants}
    imported_by = importers(paths, ROOT)
    measured = bench.prepare({*paths, *(path for each in imported_by.values() for path in each)})
    say(f"{len(measured.seconds)} tests pass; measured in {watch}. Trying {len(mutants)} faults …")
    trials = [trial(mutant, measured, imported_by[mutant.path], seconds) for mutant in mutants]
    found = []
    for each, verdict in zip(trials, verdicts(trials, bench), strict=True):
        if verdict == SURVIVED:
            found.append(each.mutant)
            print(told(each), flush=True)  # noqa: T201
    say(f"Done in {watch}.")
    return found


def trial(mutant: Mutant, measured: Measured, imported_by: Sequence[Path], seconds: float) -> Trial:
    """Choose the tests of a fault: those that run its statement; where an import decides, those that run or
    import anything of the file, then those of what imports it. Of these the quickest that fit into `seconds`.
    What an import declares is also looked at by tests that run none of it.
    """
    lines = statement((ROOT / mutant.path).read_text(encoding="utf-8"), mutant.line)
    contexts = measured.contexts(mutant.path, lines)
    at_import = AT_IMPORT in contexts
    looking = [path for path in imported_by if path.parts[0] == "tests"]
    own = measured.tests_of([mutant.path, *looking]) if at_import else measured.tests(contexts)
    near = measured.tests_of([mutant.path, *imported_by]) if at_import else own
    chosen = measured.affordable(near, seconds, first=own)
    if at_import:
        chosen += [test for test in measured.tests_in(declarations()) if test not in chosen]
    patience = LEAST_PATIENCE + PATIENCE * sum(measured.cost(test) for test in chosen)
    return Trial(mutant, tuple(chosen), patience, at_import)


def verdicts(trials: Sequence[Trial], bench: Bench) -> Iterator[str]:
    """What lies in functions is tried in one warm process, the rest by importing everything anew."""
    quick = [each for each in trials if each.tests and not each.at_import]
    known = dict(zip(quick, bench.quick_verdicts(quick) if quick else [], strict=True))
    for each in trials:
        verdict = known.get(each, ELSEWHERE if each.tests else SURVIVED)
        yield bench.verdict(each) if verdict == ELSEWHERE else verdict


def told(trial: Trial) -> str:
    mutant = trial.mutant
    untested = "" if trial.tests else "  (no test runs this)"
    return f"{mutant.path}:{mutant.line}: {mutant.change}{untested}"
