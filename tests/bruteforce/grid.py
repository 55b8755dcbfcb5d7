"""Small sizes for every statement, spread evenly over all of them, the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from math import gcd, prod

from symtconv.bruteforce import TRUTHS
from symtconv.errors import NotApplicable

SMALL = {
    "n": range(1, 7),
    "m": range(1, 9),
    "o": range(1, 5),
    "k": range(1, 4),
    "s": range(1, 4),
    "d": range(1, 3),
    "lo": range(3),
    "hi": range(3),
    "p": range(4),
    "f": range(1, 7),
    "i": range(-2, 7),
    "op": range(-3, 7),
    "in_channels": range(1, 3),
    "out_channels": range(1, 3),
    "groups": range(1, 3),
}


def sizes(name: str) -> Iterator[dict[str, int]]:
    """Yield each combination of small sizes once, in steps of the golden section of them all."""
    names = list(signature(TRUTHS[name]).parameters)
    ranges = [SMALL[parameter.rstrip("123")] for parameter in names]
    count = prod(map(len, ranges))
    step = next(step for step in range(round(count * 0.618), 2 * count) if gcd(step, count) == 1) if count > 1 else 1
    for turn in range(count):
        rest, values = turn * step % count, []
        for choices in reversed(ranges):
            rest, place = divmod(rest, len(choices))
            values.append(choices[place])
        yield dict(zip(names, reversed(values), strict=True))


def truths(name: str, most: int) -> Iterator[tuple[dict[str, int], bool]]:
    """Evaluate a statement at up to `most` combinations that meet its hypotheses."""
    for case in sizes(name):
        try:
            truth = TRUTHS[name](**case)
        except NotApplicable:
            continue
        yield case, truth
        most -= 1
        if not most:
            return
