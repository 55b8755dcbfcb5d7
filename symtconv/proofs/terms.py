"""The language of statements: tables of polynomials, what is done with them, and whole numbers with floor and mod.

Every term is a frozen record. Trusted: the proof kernel gives these records their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

from symtconv.errors import ProofError
from symtconv.proofs.polynomials import Polynomial

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


@dataclass(frozen=True)
class Derivative(Term):
    """The derivatives by the named indeterminates: a vector's Jacobian matrix, a scalar's gradient."""

    of: Term
    by: tuple[str, ...]


@dataclass(frozen=True)
class Transposed(Term):
    """A matrix with rows and columns exchanged."""

    of: Term


@dataclass(frozen=True)
class Product(Term):
    """The product with a vector: of a matrix, A x, or of a vector, <x, y>."""

    left: Term
    right: Term


@dataclass(frozen=True)
class Number(Term):
    """A whole number."""

    value: int


@dataclass(frozen=True)
class Compound(Term):
    """A sum, product, floor of a quotient or remainder of two whole numbers; divisors are positive."""

    operation: Literal["+", "*", "//", "mod"]
    left: Term
    right: Term


TERMS = (Table, Defined, Derivative, Transposed, Product, Number, Compound)
PLAIN = (*TERMS, str, int, tuple, dict)


@dataclass(frozen=True)
class Equation:
    """A claim: two terms are equal. `indices` names the places of a table entry, for whoever reports one.

    Each index is (name, shape): flat place p along that side of the table is numpy.unravel_index(p, shape).
    """

    left: Term
    right: Term
    says: str
    indices: tuple[tuple[str, Place], ...] = ()


def children(term: Term) -> list[tuple[str, Term]]:
    """List the fields of a term that are terms themselves."""
    found = ((field.name, getattr(term, field.name)) for field in fields(term))
    return [(name, value) for name, value in found if isinstance(value, Term)]


def part(term: Term, path: tuple[str, ...]) -> Term:
    """Give the part of a term at a path of field names."""
    for name in path:
        inside = dict(children(term))
        if name not in inside:
            raise ProofError("a step", arrived=f"the path {path}", rule=f"{type(term).__name__} has no part {name!r}")
        term = inside[name]
    return term


def with_part(term: Term, path: tuple[str, ...], new: Term) -> Term:
    """Give the term with the part at a path exchanged."""
    if not path:
        return new
    inner = with_part(part(term, path[:1]), path[1:], new)
    return replace(term, **{path[0]: inner})


def table(shape: Place, entries: Mapping[Place, Polynomial]) -> Table:
    """Make a table in normal form: entries that are zero are left out."""
    return Table(shape, {place: value for place, value in entries.items() if value.terms})
