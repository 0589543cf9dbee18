"""Measure how long the screening of a text takes, against one reading of its letters.

    ./dev bench screening --length 4000 --repeat 9

The baseline is one pass of a plain regular expression over the words. Runs are interleaved; the last line is
JSON with the median of the ratios and the milliseconds of one text of `--length` characters.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from statistics import median
from time import perf_counter

from programs.domain.screening import screen

TEXT = (
    "Einmal in der Woche lesen Sie mit einer kleinen Gruppe im Familienzentrum. Die Hausaufgabenbetreuung "
    "braucht montags bis donnerstags von 14 bis 16 Uhr Unterstützung, zwei Fachkräfte sind immer dabei. "
    "Bewegungsspiele, Vorlesenachmittage und ein Fahrradwerkstattcafé gehören dazu. Tarek hilft am "
    "Kuchenstand. "
)
WORD = re.compile(r"\w+")


def main() -> None:
    options = _options()
    text = (TEXT * (options.length // len(TEXT) + 1))[: options.length]
    _screening(text)
    ratios, times = [], []
    for _round in range(options.repeat):
        before, screening, after = _baseline(text), _screening(text), _baseline(text)
        times.append(screening)
        ratios.append(2 * screening / (before + after))
    twice = median(_screening(text + text) for _round in range(options.repeat))
    print(
        json.dumps(
            {
                "bench": "screening",
                "length": len(text),
                "milliseconds": round(1000 * median(times), 2),
                "ratio": round(median(ratios), 1),
                "twice_as_long": round(twice / median(times), 2),
            }
        )
    )


def _baseline(text: str) -> float:
    started = perf_counter()
    for _match in WORD.finditer(text):
        pass
    return perf_counter() - started


def _screening(text: str) -> float:
    started = perf_counter()
    screen({"text": text}, today=date(2026, 3, 2))
    return perf_counter() - started


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--length", type=int, default=4000)
    parser.add_argument("--repeat", type=int, default=9)
    return parser.parse_args()


if __name__ == "__main__":
    main()
