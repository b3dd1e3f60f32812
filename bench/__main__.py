"""`make bench`, or `python -m bench G3 G5` for some goals only.

Everything is measured on this machine alone. A run of all goals takes about half an hour and
writes docs/benchmarks.md; a run of some only prints. `BENCH_JEKYLL_POSTS=<folder>` adds real
posts of a Jekyll blog to G8.
"""

import os
import sys
from collections.abc import Callable, Iterator

from bench import count, find, grow, hostile, rating, render, start, talk, visit
from bench.report import Finding, table, tell, write_page
from tests.provision import NEEDS, UNPROVIDED, Need, Unprovided, provide

GOALS: dict[str, Callable[[], Iterator[Finding]]] = {
    "G3": render.measure,
    "G4": talk.measure,
    "G5": visit.measure,
    "G6": grow.measure,
    "G8": start.measure,
    "G9": find.measure,
    "G12": rating.measure,
    "P9": hostile.measure,
    "T1": count.measure,
}
WRK = Need("wrk", "wrk", ("wrk",))
UNMET, UNKNOWN = 1, 2


def main(wanted: list[str]) -> int:
    """Measure the wanted goals, or all; answer 1 when a limit is not kept."""
    if unknown := set(wanted) - set(GOALS):
        tell(f"{', '.join(sorted(unknown))}: no such goal; there are {', '.join(GOALS)}.")
        return UNKNOWN
    try:
        provide((*NEEDS, WRK))
    except Unprovided as problem:
        tell(str(problem))
        return UNPROVIDED

    load = os.getloadavg()[0]
    findings: list[Finding] = []
    for goal in wanted or GOALS:
        tell(f"Measuring {goal} …")
        for finding in GOALS[goal]():
            tell("  " + " | ".join(finding.cells()))
            findings.append(finding)
    print(table(findings))
    if not wanted:
        write_page(findings, "make bench", load)
    return 0 if all(finding.is_met for finding in findings) else UNMET


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
