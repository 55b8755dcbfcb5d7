"""The rules for sums over whole numbers, against sums worked out by brute force, and what they must not accept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil, floor, gcd
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from symtconv import ProofError
from symtconv.proofs.kernel import RULES, Step, verify_steps
from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import (
    SUMMAND_RULES,
    Bracket,
    Certificate,
    Definition,
    Entry,
    Summand,
    Total,
    at_least_1,
    bezout,
    follows,
    is_finite,
    is_sound,
    names_in,
    total,
)
from symtconv.proofs.terms import Derivative, Equation, Term, number

V, C = Polynomial.variable, Polynomial.constant
ONE, NIL = C(1), Polynomial({})
n, m, i, j, k, q = map(V, "nmijkq")
BOX = [dict(zip("nm", values, strict=True)) for values in product((-2, 0, 1, 3), repeat=2)]
ALWAYS: Certificate = ((ONE, ()),)

# --- sums by brute force: nothing of summation.py but its records

Array = Callable[[str, tuple[int, ...]], Fraction]


def at_point(p: Polynomial, at: Mapping[str, int]) -> int:
    value = Fraction(0)
    for monomial, coefficient in p.terms.items():
        term = Fraction(coefficient)
        for name in monomial:
            term *= at[name]
        value += term
    assert value.denominator == 1
    return int(value)


def interval(z: str, where: tuple[Bracket, ...], at: Mapping[str, int]) -> range | None:
    """Read the interval of z off the brackets in which all else is known and z is linear."""
    low: int | None = None
    high: int | None = None
    for bracket in where:
        others = names_in(bracket.of) - {z}
        if z not in names_in(bracket.of) or not others <= at.keys():
            continue
        if any(monomial.count(z) > 1 for monomial in bracket.of.terms):
            continue
        rest = at_point(bracket.of, {**at, z: 0})
        slope = at_point(bracket.of, {**at, z: 1}) - rest
        if slope == 0:
            if rest < 0 or (bracket.relation == "=" and rest != 0):
                return range(0)
            continue
        end = Fraction(-rest, slope)
        if slope > 0 or bracket.relation == "=":
            low = ceil(end) if low is None else max(low, ceil(end))
        if slope < 0 or bracket.relation == "=":
            high = floor(end) if high is None else min(high, floor(end))
    return None if low is None or high is None else range(low, high + 1)


def points(unknown: frozenset[str], where: tuple[Bracket, ...], at: dict[str, int]) -> Iterator[dict[str, int]]:
    """List the values of bound numbers at which all brackets are 1."""
    known = [bracket for bracket in where if names_in(bracket.of) <= at.keys()]
    for bracket in known:
        value = at_point(bracket.of, at)
        if value < 0 or (bracket.relation == "=" and value != 0):
            return
    if not unknown:
        yield at
        return
    ranges = {z: found for z in sorted(unknown) if (found := interval(z, where, at)) is not None}
    assert ranges, "the sum is not finite"
    z = min(ranges, key=lambda name: len(ranges[name]))
    for value in ranges[z]:
        yield from points(unknown - {z}, where, {**at, z: value})


def worth(sum_: Total, at: dict[str, int], array: Array) -> Fraction:
    """Work a sum out."""
    result = Fraction(0)
    for one in sum_.summands:
        for point in points(frozenset(one.over), one.where, {x: y for x, y in at.items() if x not in one.over}):
            term = Fraction(one.coefficient)
            for entry in one.entries:
                index = tuple(at_point(p, point) for p in entry.at)
                if isinstance(entry.array, str):
                    term *= array(entry.array, index)
                else:
                    inner = at | dict(zip(entry.array.at, index, strict=True))
                    term *= worth(entry.array.value, inner, array)
            result += term
    return result


def random_array(name: str, index: tuple[int, ...]) -> Fraction:
    """Give entries that are random, and the same ones each time."""
    return Fraction(Random(f"{name}{index}").randint(-4, 4))


def same(before: Total, after: Total, array: Array = random_array) -> bool:
    names = {name for sum_ in (before, after) for one in sum_.summands for name in free_names(one)}
    extra = sorted(names - {"n", "m"})
    rest = [dict(zip(extra, values, strict=True)) for values in product((-1, 2), repeat=len(extra))]
    return all(worth(before, at | more, array) == worth(after, at | more, array) for at in BOX for more in rest)


def free_names(one: Summand) -> set[str]:
    of = [bracket.of for bracket in one.where] + [p for entry in one.entries for p in entry.at]
    found = names_in(*of) - set(one.over)
    for entry in one.entries:
        if isinstance(entry.array, Definition):
            found |= {x for part in entry.array.value.summands for x in free_names(part)} - set(entry.array.at)
    return found


def test_the_evaluator_is_right_where_sums_are_known() -> None:
    below_n = (Bracket(">=", i), Bracket(">=", n - 1 - i))
    count = total(Summand(1, ("i",), below_n, ()))
    assert [worth(count, {"n": value}, random_array) for value in (-2, 0, 3)] == [0, 0, 3]
    squares = total(Summand(2, ("i",), below_n, (Entry("x", (i,)),) * 2))
    assert worth(squares, {"n": 5}, lambda _, index: Fraction(index[0])) == 2 * (1 + 4 + 9 + 16)
    twice = Definition("d", "twice", ("j",), total(Summand(2, (), (), (Entry("x", (j + n,)),))))
    defined = total(Summand(1, ("i",), below_n, (Entry(twice, (i,)),)))
    assert worth(defined, {"n": 3}, lambda _, index: Fraction(index[0])) == 2 * (3 + 4 + 5)
    with pytest.raises(AssertionError, match="not finite"):
        worth(total(Summand(1, ("i",), (Bracket(">=", i),), ())), {}, random_array)


# --- random sums, and random applications of the rules

small = st.integers(-2, 2)


def linear(names: tuple[str, ...], free: bool = True) -> st.SearchStrategy[Polynomial]:
    """Make a polynomial of the first degree, now and then with a product."""
    known = (*names, "n", "m") if free else names
    terms = st.lists(st.tuples(small, st.lists(st.sampled_from(known), max_size=1)), max_size=3)
    products = st.one_of(st.just(NIL), st.tuples(small, st.sampled_from(known)).map(lambda t: t[0] * n * V(t[1])))

    def made(parts: Any) -> Polynomial:
        found, more = NIL, parts[1]
        for coefficient, factors in parts[0]:
            found = found + (coefficient * V(factors[0]) if factors else C(coefficient))
        return found + more

    return st.tuples(terms, products).map(made)


@st.composite
def entries(draw: st.DrawFn, names: tuple[str, ...], definitions: bool = True) -> Entry:
    choice = draw(st.sampled_from(["x", "y", "d"] if definitions else ["x", "y"]))
    if choice == "d":
        return Entry(draw(made_definitions()), (draw(linear(names)),))
    return Entry(choice, tuple(draw(linear(names)) for _ in range(1 if choice == "x" else 2)))


@st.composite
def summands(draw: st.DrawFn, bound: tuple[str, ...] = ("i", "j"), definitions: bool = True) -> Summand:
    """Make a summand of zero to two bound numbers, in boxes that may depend on what is free or bound before."""
    over = bound[: draw(st.integers(0, len(bound)))]
    where: list[Bracket] = []
    for place, name in enumerate(over):
        top = draw(st.sampled_from([C(1), C(2), n, m + 1, *map(V, over[:place])]))
        where += [Bracket(">=", V(name) - draw(st.integers(-1, 0))), Bracket(">=", top - V(name))]
    for relation in draw(st.lists(st.sampled_from([">=", ">=", "="]), max_size=2)):
        where.append(Bracket(relation, draw(linear(over))))  # type: ignore[arg-type]
    of = tuple(draw(st.lists(entries(over, definitions), max_size=2)))
    return Summand(draw(st.sampled_from([1, -2, Fraction(1, 2)])), over, tuple(where), of)


@st.composite
def made_definitions(draw: st.DrawFn) -> Definition:
    """Make an array of one index, its values sums that bind i or b and speak of n."""
    parts = []
    for name in draw(st.lists(st.sampled_from("ib"), min_size=1, max_size=2)):
        where = [Bracket(">=", V(name)), Bracket(">=", draw(st.sampled_from([C(1), n])) - V(name))]
        where += [Bracket(">=", draw(st.sampled_from([V("a") - V(name), V("a") + n])))]
        parts.append(Summand(draw(st.sampled_from([1, 3])), (name,), tuple(where), (Entry("x", (V("a") + V(name),)),)))
    return Definition("d", "made", ("a",), total(*parts))


def normal(one: Summand) -> Summand | None:
    """Put a summand in normal form; None where nothing is left of it, or its names clash."""
    found = total(one)
    return found.summands[0] if found.summands and is_sound(found) and is_finite(found.summands[0]) else None


@st.composite
def certificates(draw: st.DrawFn, where: tuple[Bracket, ...], names: tuple[str, ...]) -> tuple[Certificate, Polynomial]:
    """Make a certificate and what it shows to be >= 0."""
    rows: list[tuple[Polynomial, tuple[int, ...]]] = []
    found = NIL
    for _ in range(draw(st.integers(1, 2))):
        places = tuple(draw(st.lists(st.integers(0, len(where) - 1), max_size=2))) if where else ()
        zero = any(where[place].relation == "=" for place in places)
        factor = draw(linear(names)) if zero else C(draw(st.integers(0, 2)))
        rows.append((factor, places))
        for place in places:
            factor = factor * where[place].of
        found = found + factor
    return tuple(rows), found


def follows_from(draw: st.DrawFn, one: Summand) -> tuple[Bracket, tuple[Certificate, ...]]:
    """Choose a bracket that follows from those of a summand, and what shows it."""
    equations = [place for place, bracket in enumerate(one.where) if bracket.relation == "="]
    if equations and draw(st.booleans()):
        place, factor = draw(st.sampled_from(equations)), draw(linear(one.over))
        return Bracket("=", factor * one.where[place].of), (((factor, (place,)),), ((-factor, (place,)),))
    certificate, found = draw(certificates(one.where, one.over))
    return Bracket(">=", found), (certificate,)


def imply(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    bracket, shown = follows_from(draw, one)
    return one, (bracket, *shown)


def forget(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    bracket, shown = follows_from(draw, one)
    if bracket in one.where:
        return one, (bracket, *shown)  # it may follow from itself alone, which shows nothing
    more = normal(replace(one, where=(*one.where, bracket)))
    assert more is not None
    rest = tuple(other for other in more.where if other != bracket)
    moved = tuple(tuple((f, tuple(rest.index(one.where[p]) for p in ps)) for f, ps in rows) for rows in shown)
    return more, (bracket, *moved)


def void(draw: st.DrawFn, one: Summand) -> tuple[Summand, tuple[Any, ...]]:
    p = draw(linear(one.over)) + n
    more = normal(replace(one, where=(*one.where, Bracket(">=", p), Bracket(">=", -p - 1))))
    if more is None or not {Bracket(">=", p), Bracket(">=", -p - 1)} <= {*_Hashed(more.where)}:
        return one, (((ONE, (0,)),),)
    places = [more.where.index(Bracket(">=", r)) for r in (p, -p - 1)]
    return more, (((ONE, (places[0],)), (ONE, (places[1],))),)


class _Hashed(list[Any]):
    def __le__(self, other: object) -> bool:  # pragma: no cover
        return NotImplemented


RANDOM_RULES: dict[str, Callable[[st.DrawFn, Summand], tuple[Summand, tuple[Any, ...]]]] = {}
