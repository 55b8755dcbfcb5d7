"""How statements for all sizes are written as sums: numbers, ranges, entries, sums."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from symtconv.proofs.polynomials import Polynomial
from symtconv.proofs.summation import Bracket, Definition, Entry, NonNegative, Summand, Total, at_least_1, total

Number: TypeAlias = Polynomial | int | str


def number(value: Number) -> Polynomial:
    """Make a polynomial of a name or a number."""
    if isinstance(value, str):
        return Polynomial.variable(value)
    return value if isinstance(value, Polynomial) else Polynomial.constant(value)


def numbers(names: str) -> tuple[Polynomial, ...]:
    """Make polynomials of names parted by spaces."""
    return tuple(map(Polynomial.variable, names.split()))


def at_least(value: Number, *of: Number) -> tuple[Bracket, ...]:
    """Write that numbers are at least a value."""
    return tuple(Bracket(">=", number(one) - number(value)) for one in of)


def equal(a: Number, b: Number) -> Bracket:
    """Write [a = b]."""
    return Bracket("=", number(a) - number(b))


def within(value: Number, end: Number, start: Number = 0) -> tuple[Bracket, ...]:
    """Write start <= value < end."""
    return Bracket(">=", number(value) - number(start)), at_least_1(number(end) - number(value))


def entry(array: str | NonNegative | Definition, *at: Number) -> Entry:
    """Write an entry of an array."""
    return Entry(array, tuple(map(number, at)))


def summed(over: str, where: tuple[Bracket, ...], *entries: Entry) -> Total:
    """Write the sum over numbers, named and parted by spaces, of a product of brackets and entries."""
    return total(Summand(1, tuple(over.split()), where, entries))


def array(symbol: str, meaning: str, at: str, over: str, where: tuple[Bracket, ...], *entries: Entry) -> Definition:
    """Define an array by its entries, as such a sum."""
    return Definition(symbol, meaning, tuple(at.split()), summed(over, where, *entries))


def plus(*sums: Total) -> Total:
    """Add sums up."""
    return total(*(one for part in sums for one in part.summands))


def negated(one: Total) -> Total:
    """Write minus a sum."""
    return total(*(replace(part, coefficient=-part.coefficient) for part in one.summands))
