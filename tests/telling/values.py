"""The value of a formula at numbers, for tests of what is told."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from symtconv.document.mathematics import (
    Accent,
    Ceil,
    Floor,
    Like,
    Name,
    Negative,
    Number,
    Parenthesised,
    Power,
    Quotient,
    Sum,
    Times,
    as_math,
)
from symtconv.document.plainmath import typed


def value(node: Like, at: Mapping[str, Fraction]) -> Fraction:
    """Work a formula out at numbers."""
    match as_math(node):
        case Number(number):
            return Fraction(number)
        case Name() | Accent() as name:
            return at[typed(name)]
        case Sum(terms):
            return sum((value(term, at) for term in terms), start=Fraction(0))
        case Times(factors):
            product = Fraction(1)
            for factor in factors:
                product *= value(factor, at)
            return product
        case Power(base, exponent):
            return Fraction(value(base, at) ** int(value(exponent, at)))
        case Negative(one):
            return -value(one, at)
        case Parenthesised(one):
            return value(one, at)
        case Quotient(a, b):
            return value(a, at) / value(b, at)
        case Floor(one):
            return Fraction(floor(value(one, at)))
        case Ceil(one):
            return Fraction(ceil(value(one, at)))
    raise AssertionError(node)
