"""The terms of the proof kernel as formulas."""

from __future__ import annotations

import re

from symtconv.document.mathematics import (
    Accent,
    Derivative as Partial,
    Floor,
    Gradient,
    Infix,
    Inner,
    Iverson,
    Math,
    Name,
    Negative,
    Number as Numeral,
    Operator,
    Parenthesised,
    Power,
    Quotient,
    Relation,
    Sum,
    Transpose,
    Words,
)
from symtconv.errors import ProofError
from symtconv.proofs.terms import (
    Compound,
    Defined,
    Derivative,
    Determinant,
    Table,
    Term,
    Transposed,
    constant,
)


def symbol(text: str) -> Math:
    """Write a symbol: subscripts, primes, hats and powers as they are meant.

    >>> symbol("S_{0,1}").to_latex(), symbol("n1").to_latex(), symbol("p'").to_latex(), symbol("z^4 - 1").to_latex()
    ('S_{0,1}', 'n_{1}', 'p^{\\\\prime}', '(z^{4}-1)')
    """
    if match := re.fullmatch(r"(.+) ([+-]) (.+)", text):
        last = symbol(match[3])
        return Parenthesised(Sum(symbol(match[1]), last if match[2] == "+" else Negative(last)))
    if match := re.fullmatch(r"(.+)\^(\d+|T)", text):
        return Transpose(symbol(match[1])) if match[2] == "T" else Power(symbol(match[1]), int(match[2]))
    if match := re.fullmatch(r"(.+)(\^|')", text):
        return Accent(symbol(match[1]), "hat" if match[2] == "^" else "prime")
    if match := re.fullmatch(r"([A-Za-z]+)(?:_\{([\w,]+)\}|_(\w+)|\[([\d,]+)\]|(\d+))", text):
        places = next(group for group in match.groups()[1:] if group).split(",")
        return Name(match[1], *(int(place) if place.isdigit() else place for place in places))
    if text.isalpha():
        return Name(text)
    return Numeral(int(text)) if text.isdigit() else Words(text)


def formula(term: Term) -> Math:
    """Write a term of the kernel as a formula."""
    if isinstance(term, Defined):
        return symbol(term.symbol)
    if (value := constant(term)) is not None:
        return Numeral(value)
    if isinstance(term, Transposed):
        return Transpose(formula(term.of))
    if isinstance(term, Determinant):
        return Operator("det", formula(term.of))
    if isinstance(term, Derivative):
        letter = Name(term.by[0].split("_")[0]) if term.by else Name("x")
        return Gradient(letter, formula(term.of)) if rank(term.of) == 0 else Partial(formula(term.of), letter)
    if isinstance(term, Compound):
        return _compound(term)
    if isinstance(term, Table):
        return Words(f"({' x '.join(map(str, term.shape))} table)")
    raise ProofError("a formula of a proof", arrived=type(term).__name__, rule="it has no symbol")


def _compound(term: Compound) -> Math:
    left, right = formula(term.left), formula(term.right)
    if term.operation == "+":
        return left + right
    if term.operation == "*":
        if constant(term.left) == -1:
            return Negative(right)
        vectors = rank(term.left) == rank(term.right) == 1
        return Inner(left, right) if vectors else left * right
    if term.operation in ("=", "<="):
        return Iverson(Relation(left, {"=": "=", "<=": "<="}[term.operation], right))
    if term.operation == "//":
        return Floor(Quotient(left, right))
    if term.operation == "gcd":
        return Operator("gcd", left, right)
    return Infix({"mod": "mod", "o": "circ", "(x)": "otimes"}[term.operation], left, right)


def rank(term: Term) -> int:
    """Count the dimensions of what a term stands for."""
    if isinstance(term, Table):
        return len(term.shape)
    if isinstance(term, Defined):
        return rank(term.value)
    if isinstance(term, Derivative):
        return rank(term.of) + 1
    if isinstance(term, Transposed):
        return 2
    if isinstance(term, Compound) and term.operation in ("+", "o", "(x)"):
        return rank(term.left)
    if isinstance(term, Compound) and term.operation == "*":
        left, right = rank(term.left), rank(term.right)
        return left + right - 2 if left and right else left + right
    return 0
