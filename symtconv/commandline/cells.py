"""An entry of a matrix as plain text, as JSON data and as LaTeX: a number, or a polynomial in the weights' names."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from symtconv.document.latexmath import mathematics
from symtconv.document.mathematics import Like, Math, Name, Negative, Number, Power, Sum, Times
from symtconv.proofs.polynomials import Coefficient, Monomial, Polynomial

_INDEXED = re.compile(r"([A-Za-z]+)_\{([0-9,]+)\}")


def plain(value: Any) -> str:
    """Write an entry on one line; names as SymPy has them.

    >>> from fractions import Fraction
    >>> plain(Polynomial({("a", "a"): -1, ("w_{0,1}",): Fraction(1, 2), (): 3}))
    '-a**2 + 1/2*w_{0,1} + 3'
    """
    if not isinstance(value, Polynomial):
        return str(value)
    text = ""
    for monomial, coefficient in _ordered(value):
        factors = [name if power == 1 else f"{name}**{power}" for name, power in Counter(monomial).items()]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, str(abs(coefficient)))
        sign = (" - " if text else "-") if coefficient < 0 else (" + " if text else "")
        text += sign + "*".join(factors)
    return text or "0"


def jsonable(value: Any) -> int | float | str:
    """Give an entry as JSON data: a number where JSON has it, else the text of `plain`."""
    if isinstance(value, Polynomial) and value.terms.keys() <= {()}:
        value = value.terms.get((), 0)
    return value if isinstance(value, int | float) else plain(value)


def latex(value: Any) -> str:
    r"""Write an entry as LaTeX that needs no package; every name is escaped.

    >>> from fractions import Fraction
    >>> latex(Polynomial({("w_{0,1}",): Fraction(-1, 2), (r"\input{x}",): 1}))
    '\\textnormal{\\textbackslash{}input\\{x\\}}-\\frac{1}{2}w_{0,1}'
    """
    node: Like = _formula(value) if isinstance(value, Polynomial) else value
    return mathematics(node).text


def _formula(value: Polynomial) -> Math:
    terms = [_term(monomial, coefficient) for monomial, coefficient in _ordered(value)]
    return Sum(*terms) if len(terms) > 1 else terms[0] if terms else Number(0)


def _term(monomial: Monomial, coefficient: Coefficient) -> Math:
    if not monomial:
        return Number(coefficient)
    factors: list[Math] = [
        _name(name) if power == 1 else Power(_name(name), power) for name, power in Counter(monomial).items()
    ]
    size = -coefficient if coefficient < 0 else coefficient
    if size != 1:
        factors.insert(0, Number(size))
    product = Times(*factors) if len(factors) > 1 else factors[0]
    return Negative(product) if coefficient < 0 else product


def _name(name: str) -> Math:
    """Set w_{0,1} and a_1 with their subscripts, and any other name as it stands."""
    if indexed := _INDEXED.fullmatch(name):
        return Name(indexed[1], *(int(index) for index in indexed[2].split(",")))
    letter, *indices = name.split("_")
    if letter.isalpha() and indices and all(re.fullmatch("0|[1-9][0-9]{0,8}", index) for index in indices):
        return Name(letter, *(int(index) for index in indices))
    return Name(name)


def _ordered(value: Polynomial) -> list[tuple[Monomial, Coefficient]]:
    """Order terms by falling degree, then by name."""
    return sorted(value.terms.items(), key=lambda term: (-len(term[0]), term[0]))
