"""The smallest counterexample, however far out: boxes of values, the one that may hold the smallest first. Untrusted.

A box is narrowed to where the claim may fail, bounded from below by its point nearest to 0 and by what linear
inequalities and products need at least, and taken apart. The first point that comes up is the smallest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from heapq import heappop, heappush
from itertools import count, islice
from math import ceil, isqrt
from time import monotonic
from typing import TypeVar

from sympy import divisors

from symtconv.proofs import ranges
from symtconv.proofs.formula import Formula, denied, number
from symtconv.proofs.linearbounds import Row, least_sum, rows_of
from symtconv.proofs.network import TRUE, Given, Network, Values
from symtconv.proofs.ranges import NothingLeft, Range

FARTHEST, MOST_FACTORED, MOST_WAYS = 10**200, 10**20, 64
Found = TypeVar("Found")
Rank = tuple[int, ...]


class Boxes:
    """The boxes in which formulas, those of one of several ways, may all be true; each name is any whole number."""

    def __init__(self, ways: Sequence[Sequence[Formula]], names: Sequence[str], given: Given) -> None:
        self.names, self.number = tuple(names), count()
        self.heap: list[tuple[Rank, int, Network, list[Row], list[Values], list[bool]]] = []
        given = tuple(given)
        for way in ways:
            network = Network(way, names, given, FARTHEST)
            self.push(network, rows_of(network), network.start)

    def push(self, network: Network, rows: list[Row], state: list[Values]) -> None:
        """Narrow a box and keep what is left of it."""
        try:
            state, needed = network.narrowed(state)
            rank = self.rank(network, rows, state, needed)
        except NothingLeft:
            return
        heappush(self.heap, (rank, next(self.number), network, rows, state, needed))

    def rank(self, network: Network, rows: list[Row], state: list[Values], needed: list[bool]) -> Rank:
        """Bound the place that any point of a box has in the order of counterexamples, from below."""
        box = {place: _range(state[place]) for place in network.names.values()}
        nearest = [int(box[place].nearest) for place in network.names.values()]
        most = sum(map(abs, nearest))
        most = max([most, *(least_sum(row, box, state) for row in rows), *_products(network, box, state, needed)])
        return (most, *(part for value in nearest for part in (abs(value), int(value < 0))))

    def first(self, test: Callable[[Mapping[str, int]], Found | None], until: float) -> Found | None:
        """Find the first point in the order that passes a test, of those in the boxes; None if there was no time."""
        while self.heap and monotonic() < until:
            rank, _, network, rows, state, needed = heappop(self.heap)
            box = [_range(state[place]) for place in network.names.values()]
            nearest = [int(one.nearest) for one in box]
            if sum(map(abs, nearest)) == rank[0]:
                found = test(dict(zip(self.names, nearest, strict=True)))
                if found is not None:
                    return found
            if all(one.is_one for one in box):
                continue
            for place, part in _parts(network, state, needed):
                smaller = list(state)
                smaller[place] = part
                self.push(network, rows, smaller)
        return None

    @property
    def below(self) -> int:
        """No point with a smaller sum of absolute values passes the test, as far as is known."""
        return self.heap[0][0][0] if self.heap else FARTHEST


def ways_of(formulas: Sequence[Formula]) -> list[list[Formula]]:
    """Take apart what is to be true: `a or b` is a, or b where a is false; the ways are not more than a few."""
    found: list[list[Formula]] = [[]]
    for formula in formulas:
        parts = list(islice(_alternatives(formula), MOST_WAYS + 1))
        if len(parts) * len(found) > MOST_WAYS:
            parts = [[formula]]
        found = [[*way, *part] for way in found for part in parts]
    return found


def _alternatives(formula: Formula) -> Iterator[list[Formula]]:
    inner = formula.operands[0] if formula.operation == "not" else formula
    wanted = formula.operation != "not"
    parts: tuple[Formula, ...] = inner.operands
    match inner.operation, wanted:
        case "not", False:
            yield from _alternatives(parts[0])
        case ("or", True) | ("and", False):
            for place, part in enumerate(parts):
                before = [denied(other) if wanted else other for other in parts[:place]]
                yield from ways_of([*before, part if wanted else denied(part)])
        case "implies", True:
            yield from ways_of([denied(parts[0])])
            yield from ways_of(parts)
        case "implies", False:
            yield from ways_of([parts[0], denied(parts[1])])
        case ("and", True) | ("or", False):
            yield from ways_of([part if wanted else denied(part) for part in parts])
        case "iff", _:
            for one in (True, False):
                yield from ways_of(
                    [
                        part if is_true else denied(part)
                        for part, is_true in zip(parts, (one, one == wanted), strict=True)
                    ]
                )
        case "=", False:
            a, b = parts
            yield from ways_of([denied(Formula("<=", (a, b)))])
            yield from ways_of([denied(Formula("<=", (b, a)))])
        case _:
            yield from _opened(formula)


def _opened(formula: Formula) -> Iterator[list[Formula]]:
    """Take abs, max and min apart by cases."""
    for one in formula.walk():
        if one.operation in {"abs", "max", "min"}:
            a, *others = one.operands
            b = others[0] if others else Formula("*", (number(-1), a))
            at_least = Formula("<=", (a, b) if one.operation == "min" else (b, a))
            for case, value in ((at_least, a), (denied(at_least), b)):
                yield from ways_of([case, _exchanged(formula, one, value)])
            return
    yield [formula]


def _exchanged(formula: Formula, old: Formula, new: Formula) -> Formula:
    if formula == old:
        return new
    parts = (_exchanged(part, old, new) if isinstance(part, Formula) else part for part in formula.parts)
    return Formula(formula.operation, tuple(parts))


def _range(values: Values) -> Range:
    assert isinstance(values, Range)
    return values


def _products(network: Network, box: Mapping[int, Range], state: list[Values], needed: list[bool]) -> Iterator[int]:
    """Bound the sum where x y = z of two names: |x| + |z| / |x| is least where |x| is nearest to the root of |z|."""
    for place, part in enumerate(network.parts):
        z = state[place]
        if part.operation != "*" or not needed[place] or not isinstance(z, Range) or z.low <= 0 <= z.high:
            continue
        if part.of[0] not in box or part.of[1] not in box or part.of[0] == part.of[1]:
            continue
        least = ceil(min(map(ranges.magnitude, (z.low, z.high))))
        x, y = (ranges.size(box[one]) for one in part.of)
        middle = isqrt(least)
        low, high = max(x.low, -(-least // max(y.high, 1))), min(x.high, -(-least // y.low) if y.low else x.high)
        others = sum(ranges.magnitude(one.nearest) for at, one in box.items() if at not in part.of)
        if low <= middle < high:
            both: int = isqrt(4 * least - 1) + 1
        else:
            nearer = max(low if middle < low else high, 1)
            both = int(nearer) + -(-least // int(nearer))
        if low <= high:
            yield both + int(others)


def _parts(network: Network, state: list[Values], needed: list[bool]) -> Iterator[tuple[int, Range]]:
    """Take a box apart: by the divisors of a number, or in two."""
    for place, part in enumerate(network.parts):
        value = state[place]
        if part.operation == "gcd" and isinstance(value, Range) and not value.is_one:
            for known in (state[one] for one in part.of):
                if isinstance(known, Range) and known.is_one and 1 < ranges.magnitude(known.low) < MOST_FACTORED:
                    yield from ((place, ranges.one(d)) for d in _divisors(abs(int(known.low))) if value.holds(d))
                    return
        if part.operation in {"*", "divides"} and needed[place]:
            whole = all(isinstance(state[one], Range) and state[one].whole for one in part.of)  # type: ignore[union-attr]
            if not (whole if part.operation == "*" else state[place] == TRUE):
                continue  # a fraction has no divisors, and what does not divide is none
            known = state[place] if part.operation == "*" else state[part.of[1]]
            if not isinstance(known, Range) or not known.is_one or not 1 < ranges.magnitude(known.low) < MOST_FACTORED:
                continue
            for one in part.of[: 2 if part.operation == "*" else 1]:
                values = state[one]
                if isinstance(values, Range) and values.whole and not values.is_one:
                    yield from ((one, ranges.one(d)) for d in _divisors(abs(int(known.low))) if values.holds(d))
                    return
    names = list(network.names.values())
    place = max(names, key=lambda one: _width(_range(state[one])))
    values = _range(state[place])
    low, high = int(values.low), int(values.high)
    for start, end in _halves(low, high):
        try:
            yield place, ranges.whole(start, end, values.step, values.rest)
        except NothingLeft:
            continue


def _width(values: Range) -> int:
    return int((values.high - values.low) // (values.step or 1)).bit_length()


def _halves(low: int, high: int) -> tuple[tuple[int, int], tuple[int, int]]:
    if low < 0 <= high:
        return (0, high), (low, -1)
    if high < 0:
        (a, b), (c, d) = _halves(-high, -low)
        return (-b, -a), (-d, -c)
    middle = isqrt((low + 1) * (high + 1)) if high > 16 * (low + 1) else (low + high) // 2
    middle = min(max(middle, low), high - 1)
    return (low, middle), (middle + 1, high)


@cache
def _divisors(number: int) -> list[int]:
    found = divisors(number)
    return [sign * one for one in found for sign in (1, -1)]
