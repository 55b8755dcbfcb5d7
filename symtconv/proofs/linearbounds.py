"""What a linear inequality needs at least: a bound from below for the sum of absolute values. Untrusted.

For c1 x1 + ... + cn xn + d >= 0 the cheapest way is to use the greatest |c| first, as far as the values of x go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from symtconv.proofs.network import Network, Values
from symtconv.proofs.ranges import NothingLeft, Number, Range, magnitude, size


@dataclass(frozen=True)
class Row:
    """The sum of numbers times parts, and `more`, is >= 0."""

    numbers: Mapping[int, Number]
    more: Number


def rows_of(network: Network) -> list[Row]:
    """List the linear inequalities that have to hold."""
    found: list[Row] = []
    for place in network.roots:
        part, wanted = network.parts[place], True
        while part.operation == "not":
            part, wanted = network.parts[part.of[0]], not wanted
        if part.operation not in {"<=", "="} or (part.operation == "=" and not wanted):
            continue
        a, b = (_linear(network, one) for one in part.of)
        difference = {one: b.get(one, 0) - a.get(one, 0) for one in (*a, *b)}
        for sign in (1, -1) if part.operation == "=" else (1,) if wanted else (-1,):
            numbers = {one: sign * number for one, number in difference.items() if one != -1 and number}
            scale = lcm(*(Fraction(number).denominator for number in difference.values()))
            strict = not wanted and all(_is_whole(network, one) for one in numbers)
            more = sign * difference.get(-1, 0) * scale - int(strict)
            found.append(Row({one: number * scale for one, number in numbers.items()}, more))
    return [row for row in found if row.numbers]


def _linear(network: Network, place: int) -> dict[int, Number]:
    """Write a part as a sum of numbers times other parts; a number alone stands at -1."""
    part, known = network.parts[place], network.start[place]
    if isinstance(known, Range) and known.is_one:
        return {-1: known.low}
    if part.operation == "+":
        a, b = (_linear(network, one) for one in part.of)
        return {one: a.get(one, 0) + b.get(one, 0) for one in (*a, *b)}
    if part.operation == "*":
        a, b = (_linear(network, one) for one in part.of)
        for constant, other in ((a, b), (b, a)):
            if constant.keys() == {-1}:
                return {one: constant[-1] * number for one, number in other.items()}
    if part.operation == "/":
        a, b = (_linear(network, one) for one in part.of)
        if b.keys() == {-1} and b[-1]:
            return {one: Fraction(number) / b[-1] for one, number in a.items()}
    return {place: 1}


def _is_whole(network: Network, place: int) -> bool:
    part, known = network.parts[place], network.start[place]
    if part.operation in {"+", "*", "**", "max", "min", "abs"}:
        return all(_is_whole(network, one) for one in part.of)
    return part.operation != "/" and not (isinstance(known, Range) and not known.whole)


def least_sum(row: Row, box: Mapping[int, Range], state: list[Values]) -> int:
    """Bound the sum of absolute values of names from below; NothingLeft where the row cannot hold in a box."""
    value, cost = row.more, sum(size(one).low for one in box.values())
    ways: list[tuple[Number, Number]] = []
    for place, number in row.numbers.items():
        values = box.get(place, state[place])
        if not isinstance(values, Range):
            return int(cost)
        if place not in box:
            value += number * (values.high if number > 0 else values.low)
            continue
        start = values.low if values.low > 0 else values.high if values.high < 0 else 0
        value += number * start
        end = values.high if number > 0 else values.low
        if (end - start) * number > 0:  # how much it may add for each unit of its size, and for how many units
            ways.append((magnitude(number), magnitude(end - start)))
    for number, most in sorted(ways, reverse=True):
        if value >= 0:
            break
        used = min(most, Fraction(-value) / number)
        value, cost = value + used * number, cost + used
    if value < 0:
        raise NothingLeft
    return ceil(cost)
