"""How long the catalogue takes to prove for all sizes, and to check.

    python -m tests.benchmarks.catalogue

proves and checks every theorem that is known for all sizes in one process, three times in a fresh one, prints the
median seconds of each, and fails where the goal is missed: 10 seconds in all, none above one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from time import perf_counter

from symtconv import prove, theorems

REPETITIONS = 3
IN_ALL, EACH = 10.0, 1.0  # seconds
Times = dict[str, tuple[float, float, int]]  # of a theorem: seconds to find and to check its proof, and its steps


def measured() -> Times:
    """Prove and check every theorem that is known for all sizes."""
    found: Times = {}
    for theorem in theorems():
        if theorem.universal is not None:
            start = perf_counter()
            proof = prove(theorem)
            proved = perf_counter()
            proof.check()
            found[theorem.name] = (proved - start, perf_counter() - proved, len(proof.steps))
    return found


def repeated() -> Times:
    """Measure in fresh processes, one after another; give the medians."""
    command = [
        sys.executable,
        "-c",
        "import json; from tests.benchmarks.catalogue import *; print(json.dumps(measured()))",
    ]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(REPETITIONS)]
    return {
        name: (median(run[name][0] for run in runs), median(run[name][1] for run in runs), steps)
        for name, (_, _, steps) in runs[0].items()
    }


def table(times: Times) -> str:
    """Write a line for each theorem, and one for all."""
    rows = [("all", *map(sum, zip(*times.values(), strict=True))), *((name, *one) for name, one in times.items())]
    lines = [f"{'theorem':32} {'find':>8} {'check':>8} {'steps':>6}"]
    lines += [f"{name:32} {find:8.3f} {check:8.3f} {steps:6}" for name, find, check, steps in [*rows[1:], rows[0]]]
    return "\n".join(lines)


def missed(times: Times) -> list[str]:
    """Say what takes longer than it should."""
    found = [f"{name} takes {find + check:.2f} s" for name, (find, check, _) in times.items() if find + check > EACH]
    in_all = sum(find + check for find, check, _ in times.values())
    return [*found, *([f"all take {in_all:.2f} s"] if in_all > IN_ALL else [])]


def main() -> None:
    """Print the table, and what misses the goal."""
    times = repeated()
    print(table(times))
    over = missed(times)
    print(f"goal: {IN_ALL:g} s in all, none above {EACH:g} s:", "; ".join(over) or "met")
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
