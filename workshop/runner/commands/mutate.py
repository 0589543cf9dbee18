"""`./dev mutate`: put small faults into a folder and tell which ones its tests do not notice."""

import argparse
import json
import os
import random
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from workshop.runner.commands.test import servers
from workshop.runner.console import Refusal, Stopwatch, say
from workshop.runner.instance import only_instance
from workshop.runner.mutants import Mutant, mutant_at, places
from workshop.runner.mutation_run import Bench
from workshop.runner.place import ROOT, RUN, TESTS

PLACE = RUN / "mutate"
MOST = 60


class Arguments(argparse.ArgumentParser):
    """Says what is wrong as the rest of ./dev does."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"./dev mutate PATH [--max N] [--seed S]: {message}.")


def main(arguments: list[str]) -> int:
    """Prints a line for every fault that survives and one line of JSON last. Raises Refusal."""
    given = read(arguments)
    path, tests = chosen(given.path, tests_by_folder())
    mutants = sample(path, given.max, given.seed)
    with only_instance(TESTS, "mutate"), servers() as addresses:
        survived = survivors(mutants, bench(tests, {**os.environ, **addresses}))
    killed = len(mutants) - len(survived)
    percent = round(100 * killed / len(mutants), 1)
    result = {"path": str(path), "mutants": len(mutants), "killed": killed, "survived": len(survived)}
    print(json.dumps({**result, "percent": percent}), flush=True)  # noqa: T201
    return 0


def read(arguments: list[str]) -> argparse.Namespace:
    parser = Arguments(add_help=False)
    parser.add_argument("path")
    parser.add_argument("--max", type=int, default=MOST)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    if given.max < 1:
        parser.error("--max must be at least 1")
    return given


def tests_by_folder() -> dict[str, list[str]]:
    """Return which tests cover what, as pyproject.toml declares it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared: dict[str, list[str]] = tomllib.load(file)["tool"]["mutate"]["tests"]
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
    own = {"DATABASE_URL": f"{server}/{database}_mutate", "HYPOTHESIS_PROFILE": "ci"}
    PLACE.mkdir(parents=True, exist_ok=True)
    return Bench(PLACE / "tree", tests, {**environment, **own}, PLACE / "log")


def survivors(mutants: list[Mutant], bench: Bench) -> list[Mutant]:
    """Say of every fault that the tests do not notice where it is and what was changed."""
    watch = Stopwatch()
    sound = bench.prepare()
    say(f"The tests pass in {sound:.1f} s; trying {len(mutants)} faults …")
    found = []
    for mutant in mutants:
        if not bench.kills(mutant, patience=60 + 10 * sound):
            found.append(mutant)
            print(f"{mutant.path}:{mutant.line}: {mutant.change}", flush=True)  # noqa: T201
    say(f"Done in {watch}.")
    return found
