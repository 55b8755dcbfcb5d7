"""Sums worked out by brute force: nothing of proofs/summation.py but its records.

`worth` is the value of a sum at given whole numbers, `value` that of any side of an equation between sums: a sum, a
derivative of one, a comparison of two, a number. `sizes` lists all numbers up to a bound that an equation is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from random import Random
from typing import Any

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, NonNegative, Summand, TapMap, Total, names_in
from symtconv.proofs.terms import Compound, Derivative, Equation, Table, Term

Number = Any  # a Fraction, or a Polynomial where a derivative is taken
Array = Callable[[str, tuple[int, ...]], Number]


class InfiniteError(AssertionError):
    """Brackets leave a bound number infinitely many values."""


# --- arrays of numbers


def random_array(name: str, index: tuple[int, ...]) -> Fraction:
    """Give entries that are random and not 0, and the same ones each time."""
    return Fraction(Random(f"{name}{index}").choice((-3, -2, -1, 1, 2, 3, 5)))


def tap_map(name: str, index: tuple[int, ...]) -> Fraction:
    """Give the entries of a random partial function: for all indices but the last, 1 at one last index or at none."""
    *tap, pixel = index
    return Fraction(Random(f"{name}{tap}").randint(-1, 3) == pixel)


def natural(name: str, index: tuple[int, ...]) -> Fraction:
    """Give random entries that are positive."""
    return Fraction(Random(f"{name}{index}").randint(1, 5))


GIVEN: dict[type, Array] = {TapMap: tap_map, NonNegative: natural}  # what is assumed of arrays


# --- sums


def at_point(p: Polynomial, at: Mapping[str, int]) -> int:
    """Evaluate a polynomial whose values are whole."""
    value: int | Fraction = 0
    for monomial, coefficient in p.terms.items():
        term = coefficient
        for name in monomial:
            term *= at[name]
        value += term
    assert value == int(value)
    return int(value)


Known = tuple[str, frozenset[str], Polynomial]  # a bracket's relation, its names, its polynomial


def interval(z: str, where: Sequence[Known], at: Mapping[str, int]) -> range | None:
    """Read the interval of z off the brackets in which all else is known and z is linear."""
    low: int | None = None
    high: int | None = None
    for relation, names, p in where:
        if z not in names or not all(name == z or name in at for name in names):
            continue
        if any(monomial.count(z) > 1 for monomial in p.terms):
            continue
        rest = at_point(p, {**at, z: 0})
        slope = at_point(p, {**at, z: 1}) - rest
        if slope == 0:
            if rest < 0 or (relation == "=" and rest != 0):
                return range(0)
            continue
        if slope > 0 or relation == "=":
            low = max(low, -(rest // slope)) if low is not None else -(rest // slope)
        if slope < 0 or relation == "=":
            high = min(high, -rest // slope) if high is not None else -rest // slope
    return None if low is None or high is None else range(low, high + 1)


def points(unknown: frozenset[str], where: Sequence[Bracket], at: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """List the values of bound numbers at which all brackets are 1."""
    return _points(unknown, [(b.relation, frozenset(names_in(b.of)), b.of) for b in where], dict(at))


def _points(unknown: frozenset[str], where: Sequence[Known], at: dict[str, int]) -> Iterator[dict[str, int]]:
    open_ = []
    for one in where:
        relation, names, p = one
        if not names <= at.keys():
            open_.append(one)
        elif (value := at_point(p, at)) < 0 or (relation == "=" and value):
            return
    if not unknown:
        yield at
        return
    ranges = {z: found for z in sorted(unknown) if (found := interval(z, open_, at)) is not None}
    if not ranges:
        raise InfiniteError("the sum is not finite")
    z = min(ranges, key=lambda name: len(ranges[name]))
    for number in ranges[z]:
        yield from _points(unknown - {z}, open_, {**at, z: number})


def worth(sum_: Total, at: Mapping[str, int], array: Array) -> Number:
    """Work a sum out."""
    result: Number = Fraction(0)
    for one in sum_.summands:
        for point in points(frozenset(one.over), one.where, {x: y for x, y in at.items() if x not in one.over}):
            term: Number = Fraction(one.coefficient)
            for entry in one.entries:
                term *= _entry(entry.array, tuple(at_point(p, point) for p in entry.at), at, array)
            result += term
    return result


def _entry(of: Any, index: tuple[int, ...], at: Mapping[str, int], array: Array) -> Number:
    """Give an entry of a named array, of one of which something is assumed, or of a definition."""
    if isinstance(of, str):
        return array(of, index)
    if isinstance(of, Definition):
        return worth(of.value, {**at, **dict(zip(of.at, index, strict=True))}, array)
    return GIVEN[type(of)](of.symbol, index)


def value(term: Term, at: Mapping[str, int], array: Array) -> Number:
    """Work a side of an equation out."""
    match term:
        case Total():
            return worth(term, at, array)
        case Derivative(of, (name, *indices)):
            return _slope(of, name, tuple(at[index] for index in indices), at, array)
        case Compound("<=" | "=", left, right):
            a, b = value(left, at, array), value(right, at, array)
            return Fraction(a <= b if term.operation == "<=" else a == b)
        case Table((), entries):
            return Fraction(entries[()].terms.get((), 0)) if entries else Fraction(0)
    raise NotImplementedError(f"the value of {term!r}"[:200])


def _slope(of: Term, name: str, place: tuple[int, ...], at: Mapping[str, int], array: Array) -> Number:
    """Differentiate by one entry: it moves by an indeterminate, and its first power is collected."""
    by = next(letter for number in count() if (letter := f"moved {number}") not in _moving(array))

    def moved(symbol: str, index: tuple[int, ...]) -> Number:
        entry = array(symbol, index)
        return entry + Polynomial.variable(by) if (symbol, index) == (name, place) else entry

    moved.moving = {*_moving(array), by}  # type: ignore[attr-defined]
    found = value(of, at, moved)
    if not isinstance(found, Polynomial):
        return Fraction(0)
    rest = {tuple(x for x in m if x != by): c for m, c in found.terms.items() if m.count(by) == 1}
    return Polynomial(rest) if any(rest) else Fraction(rest.get((), 0))


def _moving(array: Array) -> set[str]:
    return getattr(array, "moving", set())


# --- which numbers an equation is about


def totals(term: Term) -> Iterator[Total]:
    """List the sums of a side of an equation."""
    match term:
        case Total():
            yield term
        case Derivative(of):
            yield from totals(of)
        case Compound(_, left, right):
            yield from totals(left)
            yield from totals(right)


def free_names(one: Summand) -> set[str]:
    """Name the whole numbers that a summand speaks of and does not bind."""
    of = [bracket.of for bracket in one.where] + [p for entry in one.entries for p in entry.at]
    found = names_in(*of) - set(one.over)
    for entry in one.entries:
        if isinstance(entry.array, Definition):
            found |= {x for part in entry.array.value.summands for x in free_names(part)} - set(entry.array.at)
    return found


def names_of_equation(equation: Equation) -> set[str]:
    """Name the whole numbers that an equation is about."""
    return {name for side in (equation.left, equation.right) for name in _free(side)}


def _free(side: Term) -> set[str]:
    if isinstance(side, Derivative):
        return _free(side.of) | set(side.by[1:])
    if isinstance(side, Compound):
        return _free(side.left) | _free(side.right)
    return {name for sum_ in totals(side) for one in sum_.summands for name in free_names(one)}


def common_brackets(equation: Equation) -> list[Bracket]:
    """List the brackets of free numbers that stand in every summand: where one is 0, all sums are 0."""
    parts = [one for side in (equation.left, equation.right) for sum_ in totals(side) for one in sum_.summands]
    bound = {name for one in parts for name in one.over}
    shared = [bracket for bracket in parts[0].where if not names_in(bracket.of) & bound] if parts else []
    return [bracket for bracket in shared if all(bracket in one.where for one in parts)]


FAR = 60  # no number is looked for beyond it


def sizes(equation: Equation, most: int) -> Iterator[dict[str, int]]:
    """List all numbers that an equation is about, up to a bound, where its sums may differ from 0.

    Numbers that the common brackets bound by others (n = s*(o - 1) + K, 0 <= i < o) are not held to the bound.
    """
    names, common = names_of_equation(equation), common_brackets(equation)
    ends = dict.fromkeys(names, FAR) | dict.fromkeys(_unbounded(names, common), most)
    box = [Bracket(">=", end + sign * Polynomial.variable(name)) for name, end in ends.items() for sign in (1, -1)]
    return points(frozenset(names), [*common, *box], {})


def _unbounded(names: set[str], common: Sequence[Bracket]) -> list[str]:
    """Choose names that leave the others bounded by brackets: those first that are at least a number."""
    unknown, found = set(names), list[str]()
    low = {name for bracket in common if len(only := names_in(bracket.of)) == 1 for name in only}
    while unknown:
        bounded = {z for z in unknown if _is_bounded(z, common, unknown - {z})}
        if not bounded:
            found.append(min(unknown, key=lambda name: (name not in low, name)))
        unknown -= bounded or {found[-1]}
    return found


def _is_bounded(z: str, common: Sequence[Bracket], unknown: set[str]) -> bool:
    """Tell whether z lies between numbers, where names are taken to be positive."""
    signs = set[int]()
    for bracket in common:
        slopes = {m: c for m, c in bracket.of.terms.items() if z in m}
        if slopes and not names_in(bracket.of) & unknown and all(m.count(z) == 1 for m in slopes):
            signs |= (
                {1, -1}
                if bracket.relation == "="
                else {sign for sign in (1, -1) if all(c * sign > 0 for c in slopes.values())}
            )
    return signs == {1, -1}
