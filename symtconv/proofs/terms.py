"""The language of statements (trusted): tables of polynomials, numbers among them, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

from symtconv.failure import ProofError
from symtconv.proofs.polynomials import Coefficient, Polynomial

Place: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """Anything that an equation may say is equal to something."""


@dataclass(frozen=True)
class Table(Term):
    """A vector or matrix of polynomials, zero where no entry is; shape () is a scalar."""

    shape: Place
    entries: Mapping[Place, Polynomial]


@dataclass(frozen=True)
class Defined(Term):
    """A symbol with its definition: `value` is what it stands for, `meaning` says it in words."""

    symbol: str
    meaning: str
    value: Term


class Assumed(Defined):
    """A symbol none of whose entries is negative: an assumption, which every proof with it lists."""


@dataclass(frozen=True)
class Of(Term):
    """What is made of one table."""

    of: Term


class Transposed(Of):
    """A matrix with rows and columns exchanged."""


class Determinant(Of):
    """The determinant of a square matrix."""


@dataclass(frozen=True)
class Derivative(Of):
    """The derivatives by the named indeterminates: a vector's Jacobian matrix, a scalar's gradient."""

    by: tuple[str, ...]


@dataclass(frozen=True)
class Compound(Term):
    """Two terms and what is done with them.

    "+" and "o" add and multiply entry by entry, "*" is the product of matrices, vectors and scalars, "(x)" Kronecker's.
    Of two whole numbers "//" is the floor of the quotient, "mod" the remainder and "gcd" the greatest common divisor.
    "=" and "<=" are Iverson's brackets: 1 if that holds for every entry and all values of the indeterminates, else 0.
    """

    operation: Literal["+", "o", "*", "(x)", "//", "mod", "gcd", "=", "<="]
    left: Term
    right: Term


TERMS = (Table, Defined, Derivative, Transposed, Determinant, Assumed, Compound)
PLAIN = (*TERMS, str, int, tuple, dict)


@dataclass(frozen=True)
class Equation:
    """A claim: two terms are equal. `indices` names the sides of their tables: (name, shape of what is flat)."""

    left: Term
    right: Term
    says: str
    indices: tuple[tuple[str, Place], ...] = ()


def children(term: Term) -> list[tuple[str, Term]]:
    """List the fields of a term that are terms themselves."""
    found = ((field.name, getattr(term, field.name)) for field in fields(term))
    return [(name, value) for name, value in found if isinstance(value, Term)]


def exchanged(term: Term, path: tuple[str, ...], change: Callable[[Term], Term | None]) -> Term:
    """Give the term with the part at a path of field names exchanged for what a change makes of it."""
    inside = dict(children(term))
    new = exchanged(inside[path[0]], path[1:], change) if path and path[0] in inside else None if path else change(term)
    if new is None:
        raise ProofError("a step", arrived=type(term).__name__, rule=f"nothing applies at {path} of it")
    return replace(term, **{path[0]: new}) if path else new


def table(shape: Place, entries: Mapping[Place, Polynomial]) -> Table:
    """Make a table in normal form: entries that are zero are left out."""
    return Table(shape, {place: value for place, value in entries.items() if value.terms})


def number(value: Coefficient) -> Table:
    """Make the scalar table that is one number."""
    return table((), {(): Polynomial.constant(value)})


def product(left: Term, right: Term) -> Compound:
    """Multiply: a matrix by a vector or matrix, or two vectors to a scalar."""
    return Compound("*", left, right)


def constant(term: Term) -> Coefficient | None:
    """Give the number that a term is, or None."""
    if not isinstance(term, Table) or term.shape or any(value.terms.keys() - {()} for value in term.entries.values()):
        return None
    return term.entries[()].terms.get((), 0) if term.entries else 0
