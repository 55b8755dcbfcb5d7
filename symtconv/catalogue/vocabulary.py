"""The words in which the catalogue writes its statements, as terms of the proof kernel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from math import prod

import numpy as np

from symtconv.arrays import Array
from symtconv.proofs.polynomials import Coefficient, Polynomial
from symtconv.proofs.terms import Compound, Defined, Equation, Place, Table, Term, number, product, table

TRUE = number(1)


# Numbers


def named(symbol: str, meaning: str, value: Coefficient) -> Defined:
    """Name a number."""
    return Defined(symbol, meaning, number(value))


def plus(*terms: Term) -> Term:
    """Add numbers, or tables of one shape."""
    return reduce(lambda left, right: Compound("+", left, right), terms)


def minus(term: Term) -> Term:
    """Negate."""
    return product(number(-1), term)


def times(*terms: Term) -> Term:
    """Multiply numbers, matrices or vectors, from the left."""
    return reduce(product, terms)


def floor_of(a: Term, b: Term) -> Term:
    """The floor of a/b, for whole a and b >= 1."""
    return Compound("//", a, b)


def ceil_of(a: Term, b: Term) -> Term:
    """The ceiling of a/b: minus the floor of -a/b."""
    return minus(Compound("//", minus(a), b))


def remainder(a: Term, b: Term) -> Term:
    """The remainder a mod b, for whole a and b >= 1."""
    return Compound("mod", a, b)


def gcd(a: Term, b: Term) -> Term:
    """The greatest common divisor of two whole numbers that are not negative."""
    return Compound("gcd", a, b)


def maximum(a: Term, b: Term) -> Term:
    """The larger number: a + (b - a) [a <= b]."""
    return plus(a, product(plus(b, minus(a)), at_most(a, b)))


def minimum(a: Term, b: Term) -> Term:
    """The smaller number: b + (a - b) [a <= b]."""
    return plus(b, product(plus(a, minus(b)), at_most(a, b)))


# Truth: 1 and 0


def equal(a: Term, b: Term) -> Term:
    """[a = b], of numbers or of whole tables; "if and only if" when a and b are truth values."""
    return Compound("=", a, b)


def at_most(a: Term, b: Term) -> Term:
    """[a <= b]."""
    return Compound("<=", a, b)


def below(a: Term, b: Term) -> Term:
    """[a < b] for whole numbers: [a + 1 <= b]."""
    return at_most(plus(a, TRUE), b)


def both(*claims: Term) -> Term:
    """All claims hold."""
    return times(*claims)


def negation(claim: Term) -> Term:
    """The claim does not hold."""
    return plus(TRUE, minus(claim))


def either(a: Term, b: Term) -> Term:
    """At least one of two claims holds."""
    return negation(both(negation(a), negation(b)))


# Tables


def total(terms: Sequence[Term]) -> Term:
    """Add up many terms, halves first, so that no term is nested deeply."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return Compound("+", total(terms[:middle]), total(terms[middle:]))


def vector(values: Array) -> Table:
    """Make a vector term of an array of polynomials and numbers, read row-major."""
    return table((prod(values.shape),), {(place,): _polynomial(value) for place, value in enumerate(values.flat)})


def matrix(rows: int, columns: int, entries: Mapping[tuple[int, int], object]) -> Table:
    """Make a matrix term of its entries, polynomials or numbers, zero where there is none."""
    return table((rows, columns), {place: _polynomial(value) for place, value in entries.items()})


def identity(size: int) -> Defined:
    """The unit matrix I."""
    return Defined("I", f"the unit matrix of size {size}", matrix(size, size, {(i, i): 1 for i in range(size)}))


def picking(symbol: str, meaning: str, places: Iterable[int], size: int) -> Defined:
    """The matrix of 0 and 1 that picks the listed places of a vector of that size, in that order."""
    picked = tuple(places)
    entries = dict.fromkeys(enumerate(picked), 1)
    return Defined(symbol, meaning, matrix(len(picked), size, entries))


def flat(places: Iterable[Place], shape: Place) -> tuple[int, ...]:
    """Flatten places of an array, row-major."""
    return tuple(int(np.ravel_multi_index(place, shape)) for place in places)


def variable(prefix: str, place: Place) -> str:
    """Name an indeterminate by its place: prefix_{i} or prefix_{i,j}, as kernel_symbols and input_symbols do."""
    return f"{prefix}_{{{','.join(map(str, place))}}}"


def unused(prefix: str, values: Array) -> str:
    """Give a prefix for new names, with primes until no name in an array of polynomials begins with it."""
    taken = {name for value in values.flat for monomial in value.terms for name in monomial}
    while any(name.startswith(prefix) for name in taken):
        prefix += "'"
    return prefix


def variables(prefix: str, shape: Place) -> Array:
    """An array of indeterminates, each named by its place."""
    values = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        values[place] = Polynomial.variable(variable(prefix, place))
    return values


def inequality(
    smaller: Term, rest: Term, larger: Term, says: str, indices: tuple[tuple[str, Place], ...] = ()
) -> tuple[Equation, Equation]:
    """State smaller <= larger: larger = smaller + rest, and rest is not negative, as its form shows."""
    sum_ = Compound("+", smaller, rest)
    return (
        Equation(larger, sum_, f"{says}: the two sides differ by the rest", indices),
        Equation(Compound("<=", smaller, sum_), TRUE, f"{says}: the rest is not negative"),
    )


def _polynomial(value: object) -> Polynomial:
    return value if isinstance(value, Polynomial) else Polynomial.constant(value)  # type: ignore[arg-type]
