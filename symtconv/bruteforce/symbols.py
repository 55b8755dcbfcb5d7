"""Indeterminates, and what one asks of polynomials in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from symtconv.bruteforce.rows import Matrix, Number, Row
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial

Form: TypeAlias = frozenset[tuple[Monomial, Coefficient]]


def symbols(letter: str, count: int) -> Row:
    """Give the indeterminates letter0, letter1, and so on."""
    return [Polynomial.variable(f"{letter}{number}") for number in range(count)]


def _terms(number: Number) -> dict[Monomial, Coefficient]:
    return (number if isinstance(number, Polynomial) else Polynomial.constant(number)).terms


def derivative(number: Number, name: str) -> Polynomial:
    """Differentiate by one indeterminate: each monomial loses it once and is multiplied by its power."""
    found: dict[Monomial, Coefficient] = {}
    for monomial, coefficient in _terms(number).items():
        if power := monomial.count(name):
            place = monomial.index(name)
            found[monomial[:place] + monomial[place + 1 :]] = power * coefficient
    return Polynomial(found)


def gradient(number: Number, letter: str, count: int) -> Row:
    """Differentiate by letter0, letter1, and so on."""
    return [derivative(number, f"{letter}{place}") for place in range(count)]


def jacobian(numbers: Row, letter: str, count: int) -> Matrix:
    """Differentiate each of several numbers by letter0, letter1, and so on."""
    return [gradient(number, letter, count) for number in numbers]


def equations(numbers: Iterable[Number]) -> set[Form]:
    """Give the conditions "number = 0" as a set: each once, without those that always hold."""
    return {frozenset(terms.items()) for number in numbers if (terms := _terms(number))}


def differences(numbers: Row) -> set[Form]:
    """Give the conditions that all these numbers are equal, as a set: the difference of every pair is 0."""
    return equations(a - b for a in numbers for b in numbers)
