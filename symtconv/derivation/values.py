"""Exact values and SymPy expressions as formulas of a document."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy

from symtconv.document.mathematics import Math, Name, Negative, Number, Operator, Power, Quotient, Sum, Times
from symtconv.errors import GeometryError

INDEXED = re.compile(r"([A-Za-z]+)_\{([0-9]+(?:,[0-9]+)*)\}")


def formula_of(value: Any) -> Math:
    """Write an exact number or a SymPy expression as a formula; names stay literal, whatever they hold.

    >>> from sympy import Symbol, Rational
    >>> formula_of(Symbol("w_{0,1}") * Rational(1, 2) - 1).to_latex()
    '\\\\frac{w_{0,1}}{2}-1'
    """
    if isinstance(value, int | float | Fraction):
        return Number(value)
    if not isinstance(value, sympy.Expr):
        raise _unwritable(value)
    if value.is_Rational:
        return Number(Fraction(int(value.p), int(value.q)))
    if value.is_Float:
        return Number(float(value))
    if value.is_Symbol:
        indexed = INDEXED.fullmatch(value.name)
        if indexed:
            return Name(indexed[1], *(int(index) for index in indexed[2].split(",")))
        return Name(value.name)
    if value.is_Add:
        terms = [_signed(term) for term in value.as_ordered_terms()]
        return Sum(*terms)
    if value.is_Mul:
        return _product(value)
    if value.is_Pow:
        if value.exp.is_Rational and value.exp.is_negative:
            return Quotient(1, formula_of(1 / value))
        return Power(formula_of(value.base), formula_of(value.exp))
    if value.is_Function:
        return Operator(str(value.func), *(formula_of(argument) for argument in value.args))
    if value.is_NumberSymbol or value == sympy.I:
        return Name(str(value))
    raise _unwritable(value)


def _unwritable(value: object) -> GeometryError:
    return GeometryError(
        "an entry of a formula",
        arrived=f"{str(value)[:60]} of type {type(value).__name__}",
        rule="it is a number, a name, or sums, products, powers and functions of them",
        remedy="Give the expression a name of its own.",
    )


def _signed(term: Any) -> Math:
    return Negative(formula_of(-term)) if term.could_extract_minus_sign() else formula_of(term)


def _product(value: Any) -> Math:
    if value.could_extract_minus_sign():
        return Negative(formula_of(-value))
    top, bottom = value.as_numer_denom()
    if bottom != 1:
        return Quotient(formula_of(top), formula_of(bottom))
    return Times(*(formula_of(factor) for factor in value.as_ordered_factors()))
