"""Finding certificates: linear programming proposes the multipliers, exact arithmetic decides. Untrusted.

A polynomial is >= 0 where brackets hold if it is a sum of numbers >= 0 times products of a few of them, and of
any multiples of what the brackets say to be 0 (Handelman's and Positivstellensatz certificates).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial
from symtconv.proofs.summation import Bracket, Certificate, names_in

MOST_COLUMNS = 3_000
SMALL = 1e-7

Row = tuple[Polynomial, tuple[int, ...]]


def find_certificate(where: Sequence[Bracket], goal: Polynomial, *, degree: int = 2) -> Certificate | None:
    """Show that a polynomial is >= 0 where brackets hold: first by sums of them, then with products, as few as will do.

    >>> x = Polynomial.variable("x")
    >>> find_certificate([Bracket(">=", x - 2)], 3 * x - 5)
    ((1, ()), (3, (0,)))
    """
    for length in range(1, degree + 1):
        for places in _together(where, goal):
            found = _search([where[place] for place in places], goal, length)
            if found is not None:
                return tuple((factor, tuple(places[place] for place in row)) for factor, row in found)
    return None


def _together(where: Sequence[Bracket], goal: Polynomial) -> list[list[int]]:
    """Part the brackets into those that share names, however far, and keep what touches the goal, if it has names."""
    parts: list[tuple[set[str], list[int]]] = [(names_in(goal), [])] if goal.terms.keys() - {()} else []
    for place, bracket in enumerate(where):
        names, places = names_in(bracket.of), [place]
        touched = [part for part in parts if part[0] & names]
        parts = [part for part in parts if not part[0] & names]
        parts.insert(
            0, (names.union(*(part[0] for part in touched)), sorted(places + [p for part in touched for p in part[1]]))
        )
    if goal.terms.keys() - {()}:
        return [places for names, places in parts if names_in(goal) <= names]
    return [places for _, places in parts] or [[]]


def _search(where: list[Bracket], goal: Polynomial, degree: int) -> Certificate | None:
    rows: list[tuple[Polynomial, tuple[int, ...], bool]] = [(Polynomial.constant(1), (), False)]
    values = [Polynomial.constant(1)]
    at_least = [place for place, bracket in enumerate(where) if bracket.relation == ">="]
    for length in range(1, degree + 1):
        for places in combinations_with_replacement(at_least, length):
            rows.append((Polynomial.constant(1), places, False))
            values.append(_times([where[place].of for place in places]))
    variables = sorted(names_in(goal, *(bracket.of for bracket in where)))
    multipliers = [Polynomial.constant(1)] + [Polynomial.variable(name) for name in variables] * (degree > 1)
    for place, bracket in enumerate(where):
        if bracket.relation == "=":
            for multiplier in multipliers:
                rows.append((multiplier, (place,), True))
                values.append(multiplier * bracket.of)
    if len(rows) > MOST_COLUMNS:
        return None
    try:
        amounts = _solve(values, [free for _, _, free in rows], goal)
    except OverflowError:  # a coefficient beyond all floats
        return None
    if amounts is None:
        return None
    return tuple(
        (amount * multiplier, places)
        for amount, (multiplier, places, _) in zip(amounts, rows, strict=True)
        if amount != 0
    )


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
        for monomial, coefficient in value.terms.items():
            data.append(float(coefficient))
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
