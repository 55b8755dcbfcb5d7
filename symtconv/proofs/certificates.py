"""Finding certificates: linear programming proposes the multipliers, exact arithmetic decides. Untrusted.

A polynomial is >= 0 where brackets hold if it is a sum of numbers >= 0 times products of a few of them, and of
any multiples of what the brackets say to be 0 (Handelman's and Positivstellensatz certificates).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement
from math import prod

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from symtconv.proofs.multiples import monomials, reduced, rewriting, rules_of
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial
from symtconv.proofs.summation import Bracket, Certificate, names_in

MOST_COLUMNS, MOST_MULTIPLIED, MOST_PRODUCTS = 3_000, 8, 20_000
SMALL = 1e-7

Terms = tuple[tuple[Monomial, Coefficient], ...]
Column = tuple[Polynomial, tuple[int, ...], bool, Polynomial]


def find_certificate(where: Sequence[Bracket], goal: Polynomial, *, degree: int = 2) -> Certificate | None:
    """Show that a polynomial is >= 0 where brackets hold: at sight, by sums of them, then with products of a few.

    >>> x = Polynomial.variable("x")
    >>> find_certificate([Bracket(">=", x - 2)], 3 * x - 5)
    ((1, ()), (3, (0,)))
    """
    found = _at_sight(where, goal)
    if found is not None:
        return found
    for places in _together(where, goal):
        found = _found([where[place] for place in places], goal, degree)
        if found is not None:
            return tuple((factor, tuple(places[place] for place in row)) for factor, row in found)
    return None


def _together(where: Sequence[Bracket], goal: Polynomial) -> list[list[int]]:
    """Part the brackets into those that share names, however far, and keep what touches the goal, if it has names."""
    parts: list[tuple[set[str], list[int]]] = [(names_in(goal), [])] if _varying(goal) else []
    for place, bracket in enumerate(where):
        names = names_in(bracket.of)
        touched = [part for part in parts if part[0] & names]
        parts = [part for part in parts if not part[0] & names]
        places = sorted([place, *(other for part in touched for other in part[1])])
        parts.insert(0, (names.union(*(part[0] for part in touched)), places))
    if _varying(goal):
        return [places for names, places in parts if names_in(goal) <= names]
    return [places for _, places in parts] or [[]]


def _found(where: list[Bracket], goal: Polynomial, degree: int) -> Certificate | None:
    found = _search(where, goal, 1)
    if found is not None or degree == 1:
        return found
    rules = rules_of(where)
    if not rules:
        return _of_products(where, goal, degree)
    places = {rule.place for rule in rules}
    kept = [place for place in range(len(where)) if place not in places]
    put_in = [Bracket(where[place].relation, reduced(where[place].of, rules)) for place in kept]
    found = _of_products(put_in, reduced(goal, rules), degree)
    if found is None:
        return None
    rows = [(factor, tuple(kept[place] for place in factors)) for factor, factors in found]
    left = goal
    for factor, factors in rows:
        left = left - _times([factor, *(where[place].of for place in factors)])
    return (*rows, *((factor, (place,)) for factor, place in rewriting(left, rules)))


def _at_sight(where: Sequence[Bracket], goal: Polynomial) -> Certificate | None:
    """See that one bracket is the goal but for a number, or that two are opposite, so that anything follows."""
    least: dict[tuple[tuple[Monomial, Coefficient], ...], tuple[Coefficient, int]] = {}
    wanted = _varying(goal)
    if not wanted and goal.terms.get((), 0) >= 0:
        return ((goal, ()),) if goal.terms else ()
    for place, bracket in enumerate(where):
        if bracket.relation == ">=":
            key, number = _varying(bracket.of), bracket.of.terms.get((), 0)
            if key == wanted and number <= goal.terms.get((), 0):
                more = goal.terms.get((), 0) - number
                return (*(((Polynomial.constant(more), ()),) if more else ()), (Polynomial.constant(1), (place,)))
            if key and number <= least.get(key, (number,))[0]:
                least[key] = (number, place)
    if not wanted:
        for key, (number, place) in least.items():
            other = least.get(tuple((m, -c) for m, c in key))
            if other is not None and number + other[0] < 0:
                share = Polynomial.constant(Fraction(goal.terms.get((), 0)) / (number + other[0]))
                return ((share, (place,)), (share, (other[1],)))
    return None


def _varying(p: Polynomial) -> tuple[tuple[Monomial, Coefficient], ...]:
    return tuple(sorted((m, c) for m, c in p.terms.items() if m))


def _of_products(where: Sequence[Bracket], goal: Polynomial, degree: int) -> Certificate | None:
    """Look for a certificate with products of two, then of as many as asked for, or of four if brackets are few."""
    found = _search(where, goal, 2)
    highest = max((len(monomial) for p in (goal, *(one.of for one in where)) for monomial in p.terms), default=0)
    few = len(where) <= MOST_MULTIPLIED and len(names_in(goal)) <= 3
    most = max(degree, min(highest, 4) if few else 0)
    return _search(where, goal, most) if found is None and most > 2 else found


def multiple(x: Polynomial, d: Polynomial, where: Sequence[Bracket]) -> tuple[Polynomial, Certificate] | None:
    """Find a polynomial w with x = d w by the equations among brackets, and a certificate for x - d w >= 0.

    >>> g, f, a = map(Polynomial.variable, "gfa")
    >>> multiple(2 * a, g, [Bracket("=", g * f - a)])
    (2*f, ((-2, (0,)),))
    """
    equations = [place for place, bracket in enumerate(where) if bracket.relation == "="]
    related = names_in(x, d)
    for _ in equations:
        for place in equations:
            inside = names_in(where[place].of)
            related |= inside if inside & related else set()
    names = sorted(related)
    equations = [place for place in equations if names_in(where[place].of) & related]
    for degree in (1, 2):
        factors = list(monomials(names, degree))
        rows = [(factor, -1) for factor in factors] + [(factor, place) for factor in factors for place in equations]
        if len(rows) > MOST_COLUMNS // 2:
            return None
        values = [factor * (d if place < 0 else where[place].of) for factor, place in rows]
        try:
            amounts = _solve([*values, *(-one for one in values)], [False] * (2 * len(rows)), x)
        except OverflowError:
            return None
        if amounts is None:
            continue
        both = [(a - b) * factor for a, b, (factor, _) in zip(amounts, amounts[len(rows) :], rows, strict=False)]
        w = _sum([one for one, (_, place) in zip(both, rows, strict=True) if place < 0])
        if all(type(amount) is int for amount in w.terms.values()):
            shown = ((one, (place,)) for one, (_, place) in zip(both, rows, strict=True) if place >= 0 and one.terms)
            return w, tuple(shown)
    return None


def _sum(polynomials: list[Polynomial]) -> Polynomial:
    return sum(polynomials, start=Polynomial({}))


def _search(where: Sequence[Bracket], goal: Polynomial, degree: int) -> Certificate | None:
    """Look for a certificate with products of so many brackets; what was looked for lately is known."""
    return _searched(tuple((one.relation, _terms(one.of)) for one in where), _terms(goal), degree)


def _terms(p: Polynomial) -> Terms:
    return tuple(sorted(p.terms.items()))


@lru_cache(maxsize=512)
def _searched(where: tuple[tuple[str, Terms], ...], goal: Terms, degree: int) -> Certificate | None:
    columns = _columns(where, tuple(sorted({name for monomial, _ in goal for name in monomial})), degree)
    if columns is None:
        return None
    try:
        amounts = _solve(
            [value for _, _, _, value in columns], [free for _, _, free, _ in columns], Polynomial(dict(goal))
        )
    except OverflowError:  # a coefficient beyond all floats
        return None
    if amounts is None:
        return None
    pairs = zip(amounts, columns, strict=True)
    return tuple((amount * factor, places) for amount, (factor, places, _, _) in pairs if amount != 0)


@lru_cache(maxsize=64)
def _columns(where: tuple[tuple[str, Terms], ...], names: tuple[str, ...], degree: int) -> list[Column] | None:
    """List what may be added up: factor, places of brackets, whether any multiple of it will do, and its value."""
    one = Polynomial.constant(1)
    found: list[Column] = [(one, (), False, one)]
    of = [Polynomial(dict(terms)) for _, terms in where]
    at_least = [place for place, (relation, _) in enumerate(where) if relation == ">="]
    for length in range(1, degree + 1):
        for places in combinations_with_replacement(at_least, length):
            if prod(len(of[place].terms) for place in places) > MOST_PRODUCTS:
                return None
            found.append((one, places, False, _times([of[place] for place in places])))
            if len(found) > MOST_COLUMNS:
                return None
    factors = [one, *map(Polynomial.variable, sorted({*names, *names_in(*of)}) if degree > 1 else ())]
    equations = [place for place, (relation, _) in enumerate(where) if relation == "="]
    found += [(factor, (place,), True, factor * of[place]) for place in equations for factor in factors]
    return found if len(found) <= MOST_COLUMNS else None


def _times(factors: list[Polynomial]) -> Polynomial:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _solve(values: list[Polynomial], free: list[bool], goal: Polynomial) -> list[Coefficient] | None:
    """Find amounts, >= 0 but where free, with which the values add up to the goal."""
    monomials: dict[Monomial, int] = {}
    for polynomial in (goal, *values):
        for monomial in polynomial.terms:
            monomials.setdefault(monomial, len(monomials))
    data, at, column = [], [], []
    for place, value in enumerate(values):
        most = max((abs(float(number)) for number in value.terms.values()), default=1.0)
        for monomial, coefficient in value.terms.items():
            data.append(float(coefficient) / most)
            at.append(monomials[monomial])
            column.append(place)
    matrix = csc_array((data, (at, column)), shape=(len(monomials), len(values)))
    target = np.zeros(len(monomials))
    for monomial, coefficient in goal.terms.items():
        target[monomials[monomial]] = float(coefficient)
    bounds = [(None, None) if one else (0, None) for one in free]
    cost = np.array([0.0 if one else 1.0 for one in free])
    result = linprog(cost, A_eq=matrix, b_eq=target, bounds=bounds, method="highs")  # type: ignore[call-overload]
    if result.status != 0:
        return None
    support = [place for place, amount in enumerate(result.x) if abs(amount) > SMALL]
    exact = _exact([values[place] for place in support], goal)
    if exact is None or any(amount < 0 and not free[place] for amount, place in zip(exact, support, strict=True)):
        return None
    amounts: list[Coefficient] = [0] * len(values)
    for place, amount in zip(support, exact, strict=True):
        amounts[place] = amount
    return amounts


def _exact(columns: list[Polynomial], goal: Polynomial) -> list[Coefficient] | None:
    """Solve exactly for the amounts with which the columns add up to the goal, by elimination."""
    monomials = sorted({monomial for p in (goal, *columns) for monomial in p.terms})
    lines = [
        [Fraction(p.terms.get(monomial, 0)) for p in columns] + [Fraction(goal.terms.get(monomial, 0))]
        for monomial in monomials
    ]
    pivots: list[int] = []
    for place in range(len(columns)):
        row = next((r for r in range(len(pivots), len(lines)) if lines[r][place] != 0), None)
        if row is None:
            continue
        top = len(pivots)
        lines[top], lines[row] = lines[row], lines[top]
        lead = lines[top][place]
        lines[top] = [value / lead for value in lines[top]]
        for other, line in enumerate(lines):
            if other != top and line[place] != 0:
                factor = line[place]
                lines[other] = [a - factor * b for a, b in zip(line, lines[top], strict=True)]
        pivots.append(place)
    if any(line[-1] != 0 for line in lines[len(pivots) :]):
        return None
    found: list[Coefficient] = [0] * len(columns)
    for row, place in enumerate(pivots):
        value = lines[row][-1]
        found[place] = int(value) if value.denominator == 1 else value
    return found
